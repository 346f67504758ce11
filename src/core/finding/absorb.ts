import { changes, isPageOf, merge, textOf } from '#core/finding/merge.ts';
import type { Observation } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';

/**
 * What an observation did to a problem. `same` and `copy` change nothing a reader would see (the copy came another way),
 * `older` lost against a newer state, `unseen` ended something nobody had opened.
 */
export type Change =
  | {
      readonly kind:
        | 'opened'
        | 'reopened'
        | 'resolved'
        | 'suppressed'
        | 'same'
        | 'copy'
        | 'older'
        | 'undetermined'
        | 'unseen';
    }
  | { readonly kind: 'updated'; readonly changed: readonly string[] };

export type Absorbed = {
  readonly change: Change /** Null when nothing is worth remembering. */;
  readonly problem: Problem | null;
};

const DAY_MS = 86_400_000;

/** Takes one observation into what is known of its problem. `now` bounds dates that lie in the future. */
export function absorb(known: Problem | undefined, incoming: Observation, now: number): Absorbed {
  const observation = dated(incoming, now);
  if (observation.state === 'undetermined') return { change: { kind: 'undetermined' }, problem: null };
  if (known === undefined) return firstSight(observation, now);
  if (isOlder(known, observation)) return outdated(known, observation);
  if (observation.state === 'active')
    return known.status === 'open' || isOnce(observation)
      ? whileOpen(known, observation)
      : reopened(known, observation);
  return ended(known, observation, now);
}

/** A date far in the future would make every later copy look old, and stay on top of every list; no date at all is now. */
function dated(incoming: Observation, now: number): Observation {
  const { updatedAt, lastSeenAt } = incoming;
  const latest = now + DAY_MS;
  if (updatedAt > 0 && updatedAt <= latest && (lastSeenAt ?? 0) <= latest) return incoming;
  return {
    ...incoming,
    updatedAt: updatedAt > 0 && updatedAt <= latest ? updatedAt : now,
    statedAt: updatedAt > latest ? updatedAt : null,
    lastSeenAt: lastSeenAt !== null && lastSeenAt > latest ? now : lastSeenAt,
  };
}

/** When it ended: as AWS tells it, so that every home says the same. A suppression leaves the finding's own time as it was. */
function endOf(observation: Observation, now: number): number {
  return Math.min(now, Math.max(observation.updatedAt, observation.passedOnAt ?? 0));
}

/** True when what is known is the later state. */
function isOlder(known: Problem, incoming: Observation): boolean {
  const current = known.observation;
  const [statedBefore, statedNow] = [current.statedAt ?? 0, incoming.statedAt ?? 0];
  if (statedBefore > 0 && statedNow > 0 && statedBefore !== statedNow) return statedNow < statedBefore;
  // A date that cannot be true orders nothing against one that can.
  if (statedBefore > 0 && statedNow === 0) return false;
  if (incoming.updatedAt !== current.updatedAt) return incoming.updatedAt < current.updatedAt;
  const isOpen = known.status === 'open';
  if (isOpen === (incoming.state === 'active')) return false;
  const [before, after] = [current.passedOnAt ?? 0, incoming.passedOnAt ?? 0];
  if (before !== after && before > 0 && after > 0) return after < before;
  // Nothing tells which came first: what was told and ended stays ended, what was never told is told.
  return !isOpen && wasAnnounced(known);
}

/** An older copy changes nothing, but may know what the newer one left out: the severity, or a page of the same communication. */
function outdated(known: Problem, incoming: Observation): Absorbed {
  const current = known.observation;
  const { origin, resources, resourceCount, pages } = incoming;
  if (known.status === 'open' && isPageOf(current, incoming) && pages?.some((page) => !current.pages?.includes(page)))
    return whileOpen(known, { ...current, origin, resources, resourceCount, pages });
  const again = seenAgain(known);
  const firstSeenAt = Math.min(known.firstSeenAt, incoming.firstSeenAt ?? known.firstSeenAt);
  const problem = { ...again, firstSeenAt };
  if (current.severityStated || !incoming.severityStated) return { change: { kind: 'older' }, problem };
  const observation = { ...current, severity: incoming.severity, severityStated: true };
  return { change: { kind: 'older' }, problem: { ...problem, observation, severityFrom: origin } };
}

function wasAnnounced(problem: Problem): boolean {
  return problem.episode > 1 || Object.keys(problem.told).length > 0;
}

function firstSight(observation: Observation, now: number): Absorbed {
  const status =
    observation.state === 'active' ? 'open' : observation.state === 'suppressed' ? 'suppressed' : 'resolved';
  const problem: Problem = {
    key: observation.key,
    version: 1,
    status,
    observation,
    severityFrom: observation.origin,
    texts: { [observation.origin]: textOf(observation) },
    // A scheduled change is heard of before it starts.
    firstSeenAt: Math.min(observation.firstSeenAt ?? observation.updatedAt, observation.updatedAt),
    lastSeenAt: observation.lastSeenAt ?? observation.updatedAt,
    resolvedAt: status === 'open' ? null : endOf(observation, now),
    timesSeen: 1,
    episode: 1,
    told: {},
    team: null,
    environment: null,
    acknowledgedBy: null,
    assignedTo: null,
    exceptionId: null,
  };
  const news = status === 'open' || (isNewsWhenOver(observation) && status === 'resolved');
  return { change: { kind: news ? 'opened' : 'unseen' }, problem };
}

/** A Health event that is over when it is first heard of, or an account that was moved, is still news to those it concerns. */
export function isNewsWhenOver({ kind, state }: Pick<Observation, 'kind' | 'state'>): boolean {
  return kind === 'health' || (kind === 'account' && state === 'resolved');
}

/** An account is created once: what tells of it again, after its announcement was closed, opens nothing. */
function isOnce({ kind }: Observation): boolean {
  return kind === 'account';
}

/** One standard switched off, or per-standard findings replaced by consolidated ones, end nothing that another record still says. */
function withoutRecord(known: Problem, { origin }: Observation): Absorbed | undefined {
  const others = Object.entries(known.texts).filter(([other]) => recordOf(other) !== recordOf(origin));
  const [first] = others;
  if (first === undefined) return undefined;
  const severityFrom = recordOf(known.severityFrom) === recordOf(origin) ? first[0] : known.severityFrom;
  const problem = { ...seenAgain(known), texts: Object.fromEntries(others), severityFrom };
  return { change: { kind: 'copy' }, problem };
}

/** CSPM and V2 carry the same record under the same id: `asff:<id>`, `ocsf:<id>`. */
function recordOf(origin: string): string {
  return origin.slice(origin.indexOf(':') + 1);
}

function ended(known: Problem, observation: Observation, now: number): Absorbed {
  const standing = known.status === 'open' && observation.onlyArchived ? withoutRecord(known, observation) : undefined;
  if (standing !== undefined) return standing;
  const status = observation.state === 'suppressed' ? 'suppressed' : 'resolved';
  const text = textOf(observation);
  const merged = merge(known, observation, text);
  // The severity of a passed check says nothing about the problem it ended.
  const kept = {
    ...merged,
    observation: { ...merged.observation, severity: known.observation.severity, state: observation.state },
  };
  const problem: Problem = {
    ...seenAgain(kept),
    status,
    resolvedAt: known.status === 'open' ? endOf(observation, now) : known.resolvedAt,
  };
  if (known.status === status && observation.kind === 'health') {
    const changed = changes(known, observation, text);
    if (changed.length > 0) return { change: { kind: 'updated', changed }, problem };
  }
  if (known.status !== 'open') return { change: { kind: wasAnnounced(known) ? 'same' : 'unseen' }, problem };
  return { change: { kind: status }, problem };
}

function reopened(known: Problem, observation: Observation): Absorbed {
  const announced = wasAnnounced(known);
  const problem: Problem = {
    ...seenAgain(known),
    status: 'open',
    observation: {
      ...observation,
      severity: observation.severityStated ? observation.severity : known.observation.severity,
    },
    severityFrom: observation.origin,
    texts: { [observation.origin]: textOf(observation) },
    lastSeenAt: Math.max(known.lastSeenAt, observation.lastSeenAt ?? observation.updatedAt),
    resolvedAt: null,
    episode: announced ? known.episode + 1 : known.episode,
    told: {},
    acknowledgedBy: null,
  };
  return { change: { kind: announced ? 'reopened' : 'opened' }, problem };
}

function whileOpen(known: Problem, observation: Observation): Absorbed {
  const text = textOf(observation);
  const changed = changes(known, observation, text);
  const problem = seenAgain(merge(known, observation, text));
  if (changed.length > 0) return { change: { kind: 'updated', changed }, problem };
  return { change: { kind: known.texts[observation.origin] === undefined ? 'copy' : 'same' }, problem };
}

function seenAgain(problem: Problem): Problem {
  return { ...problem, version: problem.version + 1, timesSeen: problem.timesSeen + 1 };
}
