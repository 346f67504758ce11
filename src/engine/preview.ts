import type { Observation, ProblemKey } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { observe, type Reading } from '#core/intake/observe.ts';
import { type DecisionContext, decide, type Entry, type Verdict } from '#core/notification/decide.ts';
import type { Destination, Language } from '#core/notification/destination.ts';
import { messageInput } from '#core/notification/message-input.ts';
import type { Reason } from '#core/notification/reason.ts';
import type { AccountView } from '#core/organization/account.ts';
import { reasonText } from '#core/text/reason-text.ts';
import type { Renderer } from '#ports/renderer.ts';

/** One line of `notify preview`: one event's fate at one destination. */
export type PreviewEntry = {
  readonly event: number;
  readonly kind: Observation['kind'] | 'unknown';
  readonly problemKey: string;
  readonly account: AccountView | null;
  readonly team: string | null;
  readonly severity: Observation['severity'];
  readonly decision: 'send' | 'digest' | 'drop';
  readonly reason: string;
  readonly action: 'post' | 'update' | 'resolve' | 'none';
  readonly destination?: Destination;
  readonly message?: { readonly text: string; readonly blocks: readonly unknown[] };
};

export type PreviewOptions = {
  readonly context: DecisionContext;
  readonly renderer: Renderer;
  /** Of the reasons; English unless given. */
  readonly language?: Language;
  readonly links: { readonly consoleUrl?: string; readonly accessPortal?: { url: string; roleName: string } };
};

/** Runs events through reading and deciding, from a fresh state or `known`, and renders what would be sent. Stores and sends nothing. */
export function previewEvents(
  events: readonly unknown[],
  options: PreviewOptions,
  known: ReadonlyMap<ProblemKey, Problem> = new Map(),
): PreviewEntry[] {
  const problems = new Map(known);
  return events.flatMap((event, index) => {
    const reading = observe(event);
    const entries = reading.observations.flatMap((observation) => {
      const verdict = decide(problems.get(observation.key), observation, options.context);
      if (verdict.problem !== null) problems.set(observation.key, verdict.problem);
      return toEntries(index, observation, verdict, options);
    });
    return [...entries, ...reading.unused.map((part) => unusedEntry(index, reading, part, options))];
  });
}

function toEntries(event: number, observation: Observation, verdict: Verdict, options: PreviewOptions): PreviewEntry[] {
  const { directory } = options.context;
  const account =
    observation.accountId === null ? null : directory.view(observation.accountId, observation.accountNameHint);
  const team = observation.accountId === null ? null : (directory.find(observation.accountId)?.team ?? null);
  const base = {
    event,
    kind: observation.kind,
    problemKey: observation.key,
    account,
    team,
    // A passed check calls itself INFORMATIONAL, an archived finding says nothing: what counts is the problem's.
    severity: verdict.problem?.observation.severity ?? observation.severity,
  };
  const problem = verdict.problem;
  if (problem === null || verdict.entries.length === 0) {
    return [
      {
        ...base,
        decision: 'drop',
        reason: say(verdict.dropped ?? { code: 'no-destination' }, options),
        action: 'none',
      },
    ];
  }
  return verdict.entries.map((entry) => told(base, entry, problem, options));
}

function told(
  base: Pick<PreviewEntry, 'event' | 'kind' | 'problemKey' | 'account' | 'team' | 'severity'>,
  { routed, action }: Entry,
  problem: Problem,
  options: PreviewOptions,
): PreviewEntry {
  const { context, renderer, links } = options;
  const message = renderer.message(messageInput(problem, { ...routed, action }, context.directory, links));
  return {
    ...base,
    decision: routed.decision === 'digest' ? 'digest' : 'send',
    reason: say(routed.reason, options),
    action,
    destination: routed.destination,
    message: { text: message.text, blocks: message.blocks },
  };
}

function unusedEntry(
  event: number,
  reading: Reading,
  part: Reading['unused'][number],
  options: PreviewOptions,
): PreviewEntry {
  const { context } = options;
  const id = reading.envelope?.account ?? null;
  const eventId = reading.envelope?.id ?? '';
  const reason: Reason =
    part.kind === 'unknown-kind'
      ? { code: 'unknown-kind', detailType: part.detail }
      : { code: 'not-understood', detail: part.detail };
  return {
    event,
    kind: 'unknown',
    problemKey: `unknown:${eventId === '' ? event : eventId}`,
    account: id === null ? null : context.directory.view(id),
    team: id === null ? null : (context.directory.find(id)?.team ?? null),
    severity: 'INFORMATIONAL',
    decision: 'drop',
    reason: say(reason, options),
    action: 'none',
  };
}

function say(reason: Reason, { language = 'en' }: PreviewOptions): string {
  return reasonText(reason, language);
}
