import { readFileSync } from 'node:fs';
import { parseConfig } from '#core/config/parse-config.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { observe } from '#core/intake/observe.ts';
import { configExceptions } from '#core/notification/config-exceptions.ts';
import { type DecisionContext, decide, type Verdict } from '#core/notification/decide.ts';
import { destinationLabel } from '#core/notification/destination.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { buildDirectory } from '#core/organization/directory.ts';
import { awsEvent, type EventRecipe } from './aws-events.ts';

/** Noon of the day after the events of this folder. */
export const TEST_NOW = Date.UTC(2026, 0, 5, 12);

/** A table of cases: what the events of each come to, one line per event. */
export type FateCase = {
  readonly name: string;
  /** Name of a `.yaml` of this folder; the form of the issue when absent. */
  readonly config?: string;
  readonly now?: string;
  readonly events: readonly EventRecipe[];
  /** `post #a, post #b` in the order told, or `drop <reason>`, or `unknown-kind` / `not-understood`; findings of one event apart by ` | `. */
  readonly expected: readonly string[];
  /** Severity of the problem after each event. */
  readonly severity?: readonly (string | null)[];
  /** Status of the problem after each event. */
  readonly status?: readonly (string | null)[];
  /** How many problems there are in the end. */
  readonly problems?: number;
};

export type Fate = { readonly line: string; readonly problem: Problem | undefined };

/** Reads the cases of a file beside the test. */
export function fateCases(url: URL): FateCase[] {
  return JSON.parse(readFileSync(url, 'utf8')) as FateCase[];
}

/** Configuration, directory and exceptions of a `.yaml` of this folder. */
export function contextOf(config: string, now: number = TEST_NOW): DecisionContext {
  const parsed = parseConfig(readFileSync(new URL(`${config}.yaml`, import.meta.url), 'utf8'));
  if (parsed.config === undefined) throw new Error(JSON.stringify(parsed.problems));
  return {
    directory: buildDirectory(parsed.config),
    policy: routingPolicy(parsed.config),
    exceptions: configExceptions(parsed.config, now),
    now,
  };
}

/** What each event of a case comes to, from a fresh state. */
export function fatesOf(given: Pick<FateCase, 'config' | 'events' | 'now'>): {
  fates: Fate[];
  problems: Map<ProblemKey, Problem>;
} {
  const context = contextOf(given.config ?? 'issue', given.now === undefined ? TEST_NOW : Date.parse(given.now));
  return follow(given.events.map(awsEvent), context);
}

/** Runs events through reading and deciding. */
export function follow(
  events: readonly unknown[],
  context: DecisionContext,
  problems: Map<ProblemKey, Problem> = new Map(),
): { fates: Fate[]; problems: Map<ProblemKey, Problem> } {
  const fates = events.map((event): Fate => {
    const reading = observe(event);
    let problem: Problem | undefined;
    const lines = reading.observations.map((observation) => {
      const verdict = decide(problems.get(observation.key), observation, context);
      if (verdict.problem !== null) problems.set(observation.key, verdict.problem);
      problem = problems.get(observation.key);
      return lineOf(verdict);
    });
    return { line: [...lines, ...reading.unused.map((part) => part.kind)].join(' | '), problem };
  });
  return { fates, problems };
}

function lineOf(verdict: Verdict): string {
  if (verdict.entries.length === 0) return `drop ${verdict.dropped?.code ?? 'without reason'}`;
  return verdict.entries
    .map(
      ({ routed, action }) =>
        `${routed.decision === 'digest' ? 'digest ' : ''}${action} ${destinationLabel(routed.destination)}`,
    )
    .join(', ');
}
