import { createHash } from 'node:crypto';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Observation, ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import { observe, type Reading } from '#core/intake/observe.ts';
import { jsonText } from '#core/intake/parse-document.ts';
import { waitsForDirectory } from '#core/notification/announcement.ts';
import { type DecisionContext, decide, type Verdict } from '#core/notification/decide.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import { outboxItem } from '#core/notification/outbox-item.ts';
import type { RoutingPolicy } from '#core/notification/policy.ts';
import type { Directory } from '#core/organization/directory.ts';
import type { Clock, Random } from '#ports/clock.ts';
import type { ProblemChange, StateStore, UnknownEvent } from '#ports/state-store.ts';

export type IntakePorts = {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly directory: () => Directory;
  readonly policy: () => RoutingPolicy;
  /** How long news of accounts waits, so that the directory can be read again before it is told; absent: not at all. */
  readonly holdAccountsMs?: number;
};

/** One event as it came; `raw` is its JSON text where the caller has it. */
export type IncomingEvent = { readonly event: unknown; readonly raw?: string };

export type QueuedItem = Pick<OutboxItem, 'id' | 'destinationKey' | 'dueAt'> & {
  /** Set on what waits for the directory to be read again. */
  readonly held?: true;
};

export type AcceptReport = {
  readonly events: number;
  /** Findings read from them; an event may carry several. */
  readonly observed: number;
  readonly unknown: number;
  readonly notUnderstood: number;
  readonly problemsChanged: number;
  readonly queued: number;
  /** What was put into the outbox, for homes whose delivery has to be told. */
  readonly queuedItems: readonly QueuedItem[];
  readonly perKind: Readonly<Record<string, number>>;
  /** An account appeared, moved or left: the directory should be read again. */
  readonly accountsChanged: boolean;
};

/** An observation and the event it came in. */
export type Sighting = { readonly observation: Observation; readonly incoming: IncomingEvent };
export type Totals = { changed: number; readonly items: QueuedItem[] };
type Work = {
  problem: Problem;
  expectedVersion: number;
  outbox: OutboxItem[];
  history: HistoryEntry[];
  incoming: IncomingEvent | null;
};

/** Retries against other writers of the same problem before giving the batch back. */
const MAX_ROUNDS = 20;

/** Accepts a batch of events: everything is durable, in state and outbox, when it resolves. Accepting twice is harmless. */
export async function acceptEvents(
  incoming: readonly IncomingEvent[],
  ports: IntakePorts,
  receivedAt?: number,
): Promise<AcceptReport> {
  const now = receivedAt ?? ports.clock.now();
  const { sightings, unknown, perKind } = readAll(incoming, ports, now);
  if (unknown.length > 0) await ports.store.keepUnknown(unknown);
  const totals = await acceptObservations(sightings, ports, now);
  const notUnderstood = unknown.filter((event) => event.reason !== 'unknown-kind').length;
  return {
    events: incoming.length,
    observed: sightings.length,
    unknown: unknown.length - notUnderstood,
    notUnderstood,
    problemsChanged: totals.changed,
    queued: totals.items.length,
    queuedItems: totals.items,
    perKind,
    accountsChanged: sightings.some((sighting) => sighting.observation.kind === 'account'),
  };
}

/** Accepts what was already read: the path of events that do not come as envelopes (the Health API). */
export async function acceptObservations(
  sightings: readonly Sighting[],
  ports: IntakePorts,
  now: number,
): Promise<Totals> {
  const totals: Totals = { changed: 0, items: [] };
  if (sightings.length === 0) return totals;
  const exceptions = await ports.store.exceptions();
  const context: DecisionContext = { directory: ports.directory(), policy: ports.policy(), exceptions, now };
  const silenced = new Map<string, number>();
  let open = sightings;
  for (let round = 0; open.length > 0; round++) {
    if (round === MAX_ROUNDS)
      throw new YaguraError(
        'store.conflict',
        `Cannot write ${open.length} events: other writers keep changing the same problems. Send the batch again.`,
        { retryable: true },
      );
    open = await writeRound(open, context, ports, totals, silenced);
  }
  if (silenced.size > 0) await ports.store.countSilenced(silenced);
  return totals;
}

/** One optimistic write of all sightings; returns those whose problem somebody else changed meanwhile. */
async function writeRound(
  sightings: readonly Sighting[],
  context: DecisionContext,
  { store, holdAccountsMs = 0 }: IntakePorts,
  totals: Totals,
  silenced: Map<string, number>,
): Promise<readonly Sighting[]> {
  const keys = [...new Set(sightings.map((sighting) => sighting.observation.key))];
  const known = await store.problems(keys);
  const work = new Map<ProblemKey, Work>();
  const silencedHere = new Map<ProblemKey, string[]>();
  for (const sighting of sightings) absorbInto(work, silencedHere, sighting, known, context);
  const changes = [...work.values()].map((entry) => toChange(entry, holdAccountsMs));
  const lost = new Set(await store.apply(changes));
  for (const change of changes) {
    if (lost.has(change.problem.key)) continue;
    totals.changed += 1;
    for (const { id, destinationKey, dueAt, createdAt, mode } of change.outbox) {
      const held = mode === 'send' && dueAt > createdAt ? { held: true as const } : {};
      totals.items.push({ id, destinationKey, dueAt, ...held });
    }
    for (const id of silencedHere.get(change.problem.key) ?? []) silenced.set(id, (silenced.get(id) ?? 0) + 1);
  }
  return sightings.filter((sighting) => lost.has(sighting.observation.key));
}

function absorbInto(
  work: Map<ProblemKey, Work>,
  silenced: Map<ProblemKey, string[]>,
  { observation, incoming }: Sighting,
  known: ReadonlyMap<ProblemKey, Problem>,
  context: DecisionContext,
): void {
  const before = work.get(observation.key);
  const stored = known.get(observation.key);
  const verdict: Verdict = decide(before?.problem ?? stored, observation, context);
  if (verdict.problem === null) return;
  const entry = before ?? {
    problem: verdict.problem,
    expectedVersion: stored?.version ?? 0,
    outbox: [],
    history: [],
    incoming: null,
  };
  entry.problem = verdict.problem;
  for (const told of verdict.entries) entry.outbox.push(outboxItem(verdict.problem, told, context.now));
  entry.history.push(...verdict.history);
  if (verdict.history.length > 0) entry.incoming = incoming;
  if (verdict.silencedBy !== null)
    silenced.set(observation.key, [...(silenced.get(observation.key) ?? []), verdict.silencedBy]);
  work.set(observation.key, entry);
}

function toChange({ problem, expectedVersion, outbox: items, history, incoming }: Work, holdMs: number): ProblemChange {
  const rawEvent = incoming === null ? undefined : rawOf(incoming);
  const outbox = waitsForDirectory(problem.observation)
    ? items.map((item) => (item.mode === 'send' ? { ...item, dueAt: item.dueAt + holdMs } : item))
    : items;
  return { problem, expectedVersion, outbox, history, ...(rawEvent === undefined ? {} : { rawEvent }) };
}

function readAll(
  incoming: readonly IncomingEvent[],
  ports: IntakePorts,
  now: number,
): { sightings: Sighting[]; unknown: UnknownEvent[]; perKind: Record<string, number> } {
  const sightings: Sighting[] = [];
  const unknown: UnknownEvent[] = [];
  const perKind: Record<string, number> = {};
  for (const item of incoming) {
    const reading = observe(item.event);
    for (const observation of reading.observations) {
      sightings.push({ observation, incoming: item });
      perKind[observation.kind] = (perKind[observation.kind] ?? 0) + 1;
    }
    for (const [index, part] of reading.unused.entries()) {
      const reason = part.kind === 'unknown-kind' ? 'unknown-kind' : part.detail;
      const raw = rawOf(item);
      const id = unknownId(reading, raw, index) ?? ports.random.id();
      unknown.push({ id, at: now, detailType: reading.detailType, reason, raw });
    }
  }
  return { sightings, unknown, perKind };
}

/** The same for the same event, so that a batch that comes again keeps nothing twice; an event without id of its own has none. */
function unknownId({ envelope }: Reading, raw: string, index: number): string | undefined {
  if (envelope === null || envelope.id === '') return undefined;
  return createHash('sha256')
    .update(JSON.stringify([envelope.id, index, raw]))
    .digest('base64url')
    .slice(0, 32);
}

function rawOf({ raw, event }: IncomingEvent): string {
  return raw ?? jsonText(event);
}
