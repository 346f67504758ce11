import { createHash } from 'node:crypto';
import { MAX_RESOURCES, type Observation, type ObservedResource } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { severityRank } from '#core/finding/severity.ts';

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
const MAX_ORIGINS = 20;

/** Takes one observation into what is known of its problem. `now` bounds dates that lie in the future. */
export function absorb(known: Problem | undefined, incoming: Observation, now: number): Absorbed {
  // A date far in the future would make every later copy look old.
  const observation = incoming.updatedAt > now + DAY_MS ? { ...incoming, updatedAt: now } : incoming;
  if (observation.state === 'undetermined') return { change: { kind: 'undetermined' }, problem: null };
  if (known === undefined) return firstSight(observation, now);
  if (observation.updatedAt < known.observation.updatedAt)
    return { change: { kind: 'older' }, problem: seenAgain(known) };
  if (observation.state === 'active')
    return known.status === 'open' ? whileOpen(known, observation) : reopened(known, observation);
  return ended(known, observation, now);
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
    firstSeenAt: observation.firstSeenAt ?? observation.updatedAt,
    lastSeenAt: observation.lastSeenAt ?? observation.updatedAt,
    resolvedAt: status === 'open' ? null : now,
    timesSeen: 1,
    episode: 1,
    told: {},
    team: null,
    environment: null,
    acknowledgedBy: null,
    assignedTo: null,
    exceptionId: null,
  };
  // A Health event that is over when it is first heard of is still news to those it concerned.
  const news = status === 'open' || (observation.kind === 'health' && status === 'resolved');
  return { change: { kind: news ? 'opened' : 'unseen' }, problem };
}

function ended(known: Problem, observation: Observation, now: number): Absorbed {
  const status = observation.state === 'suppressed' ? 'suppressed' : 'resolved';
  const merged = merge(known, observation);
  // The severity of a passed check says nothing about the problem it ended.
  const kept = {
    ...merged,
    observation: { ...merged.observation, severity: known.observation.severity, state: observation.state },
  };
  const problem: Problem = { ...seenAgain(kept), status, resolvedAt: known.status === 'open' ? now : known.resolvedAt };
  if (known.status === status && observation.kind === 'health') {
    const changed = changes(known, observation);
    if (changed.length > 0) return { change: { kind: 'updated', changed }, problem };
  }
  if (known.status !== 'open') return { change: { kind: known.status === status ? 'same' : 'unseen' }, problem };
  return { change: { kind: status }, problem };
}

function reopened(known: Problem, observation: Observation): Absorbed {
  const announced = known.episode > 1 || Object.keys(known.told).length > 0;
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
  const changed = changes(known, observation);
  const problem = seenAgain(merge(known, observation));
  if (changed.length > 0) return { change: { kind: 'updated', changed }, problem };
  return { change: { kind: known.texts[observation.origin] === undefined ? 'copy' : 'same' }, problem };
}

/** Names what a reader would see changed; empty when nothing. */
function changes(known: Problem, incoming: Observation): string[] {
  const current = known.observation;
  const changed: string[] = [];
  if (newSeverity(known, incoming) !== current.severity) changed.push('severity');
  if (current.count !== null && incoming.count !== null && incoming.count > current.count) changed.push('count');
  for (const [mark, value] of Object.entries(incoming.marks))
    if (current.marks[mark] !== undefined && current.marks[mark] !== value) changed.push(mark);
  if (incoming.kind === 'health') return [...changed, ...healthChanges(current, incoming)];
  const before = known.texts[incoming.origin];
  return before !== undefined && before !== textOf(incoming) ? [...changed, 'text'] : changed;
}

function healthChanges(current: Observation, incoming: Observation): string[] {
  const changed: string[] = [];
  if (
    current.communication !== undefined &&
    incoming.communication !== undefined &&
    current.communication !== incoming.communication
  )
    changed.push('communication');
  if (incoming.description !== '' && squeezed(incoming.description) !== squeezed(current.description))
    changed.push('description');
  const listed = new Set(current.resources.map((resource) => resource.id));
  if (incoming.resources.some((resource) => !listed.has(resource.id)) && listed.size < MAX_RESOURCES)
    changed.push('resources');
  return changed;
}

function newSeverity(known: Problem, incoming: Observation): Observation['severity'] {
  const current = known.observation.severity;
  if (!incoming.severityStated) return current;
  const mayLower = known.severityFrom === incoming.origin;
  return mayLower || severityRank(incoming.severity) > severityRank(current) ? incoming.severity : current;
}

/** The newer state of a problem; a copy that came another way adds what it knows and leaves the wording alone. */
function merge(known: Problem, incoming: Observation): Problem {
  const current = known.observation;
  const severity = newSeverity(known, incoming);
  const words =
    known.texts[incoming.origin] !== undefined || incoming.origin === current.origin || incoming.kind === 'health'
      ? incoming
      : current;
  const observation: Observation = {
    ...words,
    severity,
    severityStated: current.severityStated || incoming.severityStated,
    state: incoming.state,
    updatedAt: incoming.updatedAt,
    firstSeenAt: earliest(current.firstSeenAt, incoming.firstSeenAt),
    lastSeenAt: latest(current.lastSeenAt, incoming.lastSeenAt),
    count: latest(current.count, incoming.count),
    actor: words.actor ?? current.actor,
    description: words.description === '' ? current.description : words.description,
    sample: current.sample || incoming.sample,
    marks: { ...current.marks, ...incoming.marks },
    ...(incoming.kind === 'health' ? healthMerge(current, incoming) : {}),
  };
  return {
    ...known,
    observation,
    severityFrom: severity === current.severity ? known.severityFrom : incoming.origin,
    texts: withText(known.texts, incoming),
    firstSeenAt: Math.min(known.firstSeenAt, observation.firstSeenAt ?? known.firstSeenAt),
    lastSeenAt: Math.max(known.lastSeenAt, observation.lastSeenAt ?? observation.updatedAt),
  };
}

/** Pages of one communication add up; a new communication lists everything again. */
function healthMerge(current: Observation, incoming: Observation): Partial<Observation> {
  const communication = incoming.communication ?? current.communication;
  const isPage = incoming.communication !== undefined && incoming.communication === current.communication;
  const partial = isPage || incoming.resources.length === 0;
  const resources = partial ? union(current.resources, incoming.resources) : incoming.resources;
  const count = partial
    ? Math.max(current.resourceCount, resources.length, addedCount(current, incoming))
    : incoming.resourceCount;
  return {
    resources: resources.slice(0, MAX_RESOURCES),
    resourceCount: count,
    ...(communication === undefined ? {} : { communication }),
  };
}

function addedCount(current: Observation, incoming: Observation): number {
  const listed = new Set(current.resources.map((resource) => resource.id));
  return current.resourceCount + incoming.resources.filter((resource) => !listed.has(resource.id)).length;
}

function union(current: readonly ObservedResource[], incoming: readonly ObservedResource[]): ObservedResource[] {
  const newer = new Map(incoming.map((resource) => [resource.id, resource]));
  const kept = current.map((resource) => newer.get(resource.id) ?? resource);
  const listed = new Set(current.map((resource) => resource.id));
  return [...kept, ...incoming.filter((resource) => !listed.has(resource.id))];
}

function seenAgain(problem: Problem): Problem {
  return { ...problem, version: problem.version + 1, timesSeen: problem.timesSeen + 1 };
}

function withText(texts: Problem['texts'], incoming: Observation): Problem['texts'] {
  const next = { ...texts, [incoming.origin]: textOf(incoming) };
  const origins = Object.keys(next);
  return origins.length <= MAX_ORIGINS
    ? next
    : Object.fromEntries(Object.entries(next).slice(origins.length - MAX_ORIGINS));
}

function textOf(observation: Observation): string {
  const facts = observation.topic === 'securityhub-vulnerability' ? observation.facts : [];
  const visible = JSON.stringify([
    observation.title,
    observation.description,
    observation.resources,
    facts,
    observation.kind === 'guardduty' ? observation.actor : null,
  ]);
  return createHash('sha1').update(visible).digest('base64url').slice(0, 16);
}

function squeezed(description: string): string {
  return description.replaceAll(/\s+/g, ' ').trim();
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function latest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
