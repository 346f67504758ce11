import { absorb, type Change } from '#core/finding/absorb.ts';
import type { Observation } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem, Told } from '#core/finding/problem.ts';
import { isAnnouncement } from '#core/notification/announcement.ts';
import { destinationKey } from '#core/notification/destination.ts';
import type { Exception } from '#core/notification/exception.ts';
import { coveringException } from '#core/notification/exception-match.ts';
import type { MessageAction } from '#core/notification/outbox.ts';
import type { RoutingPolicy } from '#core/notification/policy.ts';
import type { Reason } from '#core/notification/reason.ts';
import { type Routed, type Routing, route } from '#core/notification/route.ts';
import type { Directory } from '#core/organization/directory.ts';

export type DecisionContext = {
  readonly directory: Directory;
  readonly policy: RoutingPolicy;
  readonly exceptions: readonly Exception[];
  readonly now: number;
};

/** What one destination is told, and why. */
export type Entry = { readonly routed: Routed; readonly action: MessageAction };

export type Verdict = {
  readonly change: Change;
  /** The problem after this observation; null when nothing is remembered. */
  readonly problem: Problem | null;
  readonly entries: readonly Entry[];
  /** Set when nobody is told. */
  readonly dropped: Reason | null;
  readonly history: readonly HistoryEntry[];
  readonly silencedBy: string | null;
};

/** The whole decision on one observation: what becomes of the problem, who is told what, and why. Pure. */
export function decide(known: Problem | undefined, incoming: Observation, context: DecisionContext): Verdict {
  const observation = named(incoming, context.directory);
  const { change, problem } = absorb(known, observation, context.now);
  if (problem === null)
    return {
      change,
      problem,
      entries: [],
      dropped: { code: 'undetermined', status: observation.state },
      history: [],
      silencedBy: null,
    };
  const account = observation.accountId === null ? undefined : context.directory.find(observation.accountId);
  const team = account?.team ?? null;
  const current = { ...problem, team, environment: account?.environment ?? null };
  switch (change.kind) {
    case 'opened':
    case 'reopened':
    case 'updated':
      return news(current, change, context);
    case 'resolved':
    case 'suppressed':
      return end(current, change, context);
    default:
      return {
        change,
        problem: current,
        entries: [],
        dropped: quietReason(change, observation, current),
        history: [],
        silencedBy: null,
      };
  }
}

/** An account that leaves is gone from the directory when this is told, so its name goes with the news. */
function named(observation: Observation, directory: Directory): Observation {
  const { kind, accountId, accountNameHint } = observation;
  if (kind !== 'account' || accountId === null || accountNameHint !== undefined) return observation;
  const name = directory.find(accountId)?.name;
  return name === undefined ? observation : { ...observation, accountNameHint: name };
}

/** Tells destinations of an open problem again from scratch: after an exception ended or an owner was found. */
export function announce(problem: Problem, context: DecisionContext): Verdict {
  return news({ ...problem, version: problem.version + 1, exceptionId: null }, { kind: 'opened' }, context);
}

function news(problem: Problem, change: Change, context: DecisionContext): Verdict {
  const observation = problem.observation;
  const exception = coveringException(context.exceptions, observation, problem.team, context.now);
  const history = [entryOf(change, problem, context.now)];
  if (exception !== undefined) {
    const reason: Reason = {
      code: 'exception',
      exception: exception.id,
      owner: exception.owner,
      expiresAt: exception.expiresAt,
    };
    return {
      change,
      problem: { ...problem, exceptionId: exception.id },
      entries: [],
      dropped: reason,
      history,
      silencedBy: exception.id,
    };
  }
  const account = observation.accountId === null ? undefined : context.directory.find(observation.accountId);
  const routing = route(observation, account, context.policy, context.now);
  const entries = [...updates(problem, change), ...posts(problem, routing)];
  const told = { ...problem.told };
  for (const { routed, action } of entries) {
    const key = destinationKey(routed.destination);
    const before = told[key];
    // The reason of the first message stays: it answers "why did I get this?".
    told[key] =
      action === 'update' && before !== undefined
        ? { ...before, version: problem.version }
        : toldOf(routed, problem.version);
  }
  const isAnnounced = isAnnouncement(problem) && entries.some(({ action }) => action === 'post');
  const asked = isAnnounced ? { ownerAskedAt: context.now } : {};
  const next = { ...problem, told, exceptionId: null, ...asked };
  return {
    change,
    problem: next,
    entries,
    dropped: entries.length === 0 ? routing.none : null,
    history,
    silencedBy: null,
  };
}

function posts(problem: Problem, routing: Routing): Entry[] {
  return routing.routed
    .filter((routed) => routed.decision !== 'drop' && problem.told[destinationKey(routed.destination)] === undefined)
    .map((routed) => ({ routed, action: 'post' }));
}

function updates(problem: Problem, change: Change): Entry[] {
  const changed = change.kind === 'updated' ? change.changed : [];
  return Object.values(problem.told).map((told) => ({
    routed: again(told, { code: 'told-before', changed }),
    action: 'update',
  }));
}

function end(problem: Problem, change: Change, context: DecisionContext): Verdict {
  const entries = Object.values(problem.told).map(
    (told): Entry => ({ routed: again(told, { code: 'over' }), action: 'resolve' }),
  );
  const dropped: Reason = change.kind === 'suppressed' ? { code: 'suppressed' } : { code: 'resolved-unannounced' };
  return {
    change,
    problem,
    entries,
    dropped: entries.length === 0 ? dropped : null,
    history: [entryOf(change, problem, context.now)],
    silencedBy: null,
  };
}

// What a destination got in a digest is followed up at once: its thread exists by then.
function again(told: Told, reason: Reason): Routed {
  return {
    destination: told.destination,
    audience: told.audience,
    language: told.language,
    decision: 'send',
    reason,
    dueAt: null,
  };
}

function toldOf(routed: Routed, version: number): Told {
  return {
    destination: routed.destination,
    audience: routed.audience,
    language: routed.language,
    via: routed.decision === 'digest' ? 'digest' : 'send',
    reason: routed.reason,
    version,
  };
}

function quietReason(change: Change, observation: Observation, problem: Problem): Reason {
  switch (change.kind) {
    case 'older':
      return { code: 'older-copy' };
    case 'copy':
      return { code: 'copy', origin: observation.origin };
    case 'unseen':
      return { code: 'never-seen', state: observation.state === 'suppressed' ? 'suppressed' : 'resolved' };
    default:
      return { code: 'duplicate', timesSeen: problem.timesSeen };
  }
}

function entryOf(change: Change, problem: Problem, now: number): HistoryEntry {
  const what =
    change.kind === 'opened' || change.kind === 'reopened' || change.kind === 'updated' || change.kind === 'suppressed'
      ? change.kind
      : 'resolved';
  const detail = change.kind === 'updated' ? change.changed.join(', ') : problem.observation.severity;
  return { at: now, what, by: problem.observation.origin, detail };
}
