import { hash } from 'node:crypto';
import { MAX_RESOURCES, type Observation, type ObservedResource } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { severityRank } from '#core/finding/severity.ts';

const MAX_ORIGINS = 20;
const MAX_PAGES = 1_000;

/** Names what a reader would see changed; empty when nothing. */
export function changes(known: Problem, incoming: Observation, text: string): string[] {
  const current = known.observation;
  const changed: string[] = [];
  if (newSeverity(known, incoming) !== current.severity) changed.push('severity');
  if (current.count !== null && incoming.count !== null && incoming.count > current.count) changed.push('count');
  for (const [mark, value] of Object.entries(incoming.marks)) if (current.marks[mark] !== value) changed.push(mark);
  if (incoming.kind === 'health') return [...changed, ...healthChanges(current, incoming)];
  const before = known.texts[incoming.origin];
  return before !== undefined && before !== text ? [...changed, 'text'] : changed;
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
  const isNewListed = listed.size < MAX_RESOURCES && incoming.resources.some((resource) => !listed.has(resource.id));
  if (isNewListed || mergedResources(current, incoming).resourceCount > current.resourceCount)
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
export function merge(known: Problem, incoming: Observation, text: string): Problem {
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
    // A date that could not be true gives way to one that can.
    updatedAt: current.statedAt ? incoming.updatedAt : Math.max(current.updatedAt, incoming.updatedAt),
    statedAt: incoming.statedAt ?? null,
    ...passedOn(current, incoming),
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
    texts: withText(known.texts, incoming.origin, text),
    firstSeenAt: Math.min(known.firstSeenAt, observation.firstSeenAt ?? known.firstSeenAt),
    lastSeenAt: Math.max(known.lastSeenAt, observation.lastSeenAt ?? observation.updatedAt),
  };
}

/** Of the same state the first copy counts: a late copy of it must not look newer than the state that followed. */
function passedOn(current: Observation, incoming: Observation): Pick<Observation, 'passedOnAt'> {
  const isCopy = incoming.updatedAt === current.updatedAt && incoming.state === current.state;
  const at = isCopy ? (earliest(current.passedOnAt ?? null, incoming.passedOnAt ?? null) ?? 0) : incoming.passedOnAt;
  return at === undefined ? {} : { passedOnAt: at };
}

function healthMerge(current: Observation, incoming: Observation): Partial<Observation> {
  const communication = incoming.communication ?? current.communication;
  const said = new Set(incoming.facts.map((fact) => fact.label));
  return {
    ...mergedResources(current, incoming),
    facts: [...incoming.facts, ...current.facts.filter((fact) => !said.has(fact.label))],
    ...(communication === undefined ? {} : { communication }),
  };
}

type Resources = Pick<Observation, 'resources' | 'resourceCount' | 'pages'>;

/** Pages of one communication add up, each once; a new communication lists everything again. */
function mergedResources(current: Observation, incoming: Observation): Resources {
  if (!isPageOf(current, incoming) && incoming.resources.length > 0) {
    // Without pages (the Health API) the list is complete, and pages that follow repeat it.
    return { resources: incoming.resources, resourceCount: incoming.resourceCount, pages: incoming.pages ?? [] };
  }
  const resources = union(current.resources, incoming.resources);
  const [known, added] = [current.pages ?? [], incoming.pages ?? []];
  if (known.length === 0 || added.every((page) => known.includes(page)))
    return {
      resources: resources.slice(0, MAX_RESOURCES),
      resourceCount: Math.max(current.resourceCount, incoming.resourceCount, resources.length),
      pages: known,
    };
  const repeated = current.resources.length + incoming.resources.length - resources.length;
  return {
    resources: resources.slice(0, MAX_RESOURCES),
    resourceCount: current.resourceCount + incoming.resourceCount - repeated,
    pages: [...known, ...added].slice(0, MAX_PAGES),
  };
}

function union(current: readonly ObservedResource[], incoming: readonly ObservedResource[]): ObservedResource[] {
  const newer = new Map(incoming.map((resource) => [resource.id, resource]));
  const kept = current.map((resource) => newer.get(resource.id) ?? resource);
  const listed = new Set(current.map((resource) => resource.id));
  return [...kept, ...incoming.filter((resource) => !listed.has(resource.id))];
}

function withText(texts: Problem['texts'], origin: string, text: string): Problem['texts'] {
  if (texts[origin] === text) return texts;
  const next = { ...texts, [origin]: text };
  const origins = Object.keys(next);
  return origins.length <= MAX_ORIGINS
    ? next
    : Object.fromEntries(Object.entries(next).slice(origins.length - MAX_ORIGINS));
}

/** Hash of what a reader sees of an observation. */
export function textOf(observation: Observation): string {
  const facts = observation.topic === 'securityhub-vulnerability' ? observation.facts : [];
  const visible = JSON.stringify([
    observation.title,
    observation.description,
    observation.resources,
    facts,
    observation.kind === 'guardduty' ? observation.actor : null,
  ]);
  return hash('sha1', visible, 'base64url').slice(0, 16);
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

/** True for another page, or a copy, of the communication that is known. */
export function isPageOf(current: Observation, incoming: Observation): boolean {
  return incoming.communication !== undefined && incoming.communication === current.communication;
}
