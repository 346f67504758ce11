import type { ProblemKey } from '#core/finding/observation.ts';
import type { OutboxItem, OutboxState } from '#core/notification/outbox.ts';
import type { OutboxStore, Settlement } from '#ports/state-store.ts';
import type { Entry, Lane } from './lane.ts';
import { before, placeOf, ready } from './lane.ts';
import { settledItem } from './outbox-settled.ts';
import { pageOf } from './problem-query.ts';

type Outbox = Omit<
  OutboxStore,
  'settle' | 'threads' | 'threadsOf' | 'saveMessages' | 'messagePage' | 'replies' | 'messageCounts'
>;
export type MemoryOutbox = Outbox & {
  enqueue(item: OutboxItem): void;
  settleItems(token: string, outcomes: Settlement['outcomes']): void;
  /** Removes what reached its end before `limitAt`; gives how much. */
  forgetFinished(limitAt: number): number;
  /** Removes every item of a problem, unless one of them still has to be sent; undefined then. */
  forgetOf(key: ProblemKey): number | undefined;
};

function isOver(state: OutboxState): boolean {
  return state === 'sent' || state === 'covered';
}

function forgetFinished(entries: Map<string, Entry>, limitAt: number): number {
  const old = [...entries.values()].filter(({ item }) => isOver(item.state) && (item.sentAt ?? 0) < limitAt);
  for (const { item } of old) entries.delete(item.id);
  return old.length;
}

function forgetOf(
  entries: Map<string, Entry>,
  laneOf: (destinationKey: string) => Lane,
  key: ProblemKey,
): number | undefined {
  const own = [...entries.values()].filter(({ item }) => item.problemKey === key);
  if (own.some(({ item }) => item.state === 'queued' || item.state === 'sending')) return undefined;
  for (const entry of own) {
    const lane = laneOf(entry.item.destinationKey);
    if (!isOver(entry.item.state)) lane.entries.splice(placeOf(lane.entries, entry), 1);
    entries.delete(entry.item.id);
  }
  return own.length;
}

/** The outbox in maps and one ordered list per destination. */
export function memoryOutbox(): MemoryOutbox {
  const entries = new Map<string, Entry>();
  const lanes = new Map<string, Lane>();
  let sequence = 0;

  function laneOf(destinationKey: string): Lane {
    const known = lanes.get(destinationKey);
    if (known !== undefined) return known;
    const lane: Lane = { entries: [], claimed: 0 };
    lanes.set(destinationKey, lane);
    return lane;
  }

  function replace(entry: Entry, item: OutboxItem): void {
    const lane = laneOf(item.destinationKey);
    lane.claimed += Number(item.state === 'sending') - Number(entry.item.state === 'sending');
    entry.item = item;
    if (isOver(item.state)) lane.entries.splice(placeOf(lane.entries, entry), 1);
  }

  function take(entry: Entry, token: string, at: number): OutboxItem {
    replace(entry, { ...entry.item, state: 'sending', claim: { token, at } });
    return entry.item;
  }

  return {
    enqueue: (item) => {
      if (entries.has(item.id)) return;
      sequence += 1;
      const entry: Entry = { item, sequence };
      const lane = laneOf(item.destinationKey);
      entries.set(item.id, entry);
      lane.entries.splice(placeOf(lane.entries, entry), 0, entry);
    },
    settleItems: (token, outcomes) => {
      for (const { id, outcome } of outcomes) {
        const entry = entries.get(id);
        if (entry?.item.claim?.token === token) replace(entry, settledItem(entry.item, outcome));
      }
    },
    forgetFinished: (limitAt) => forgetFinished(entries, limitAt),
    forgetOf: (key) => forgetOf(entries, laneOf, key),
    claim: async (destinationKey, now, limit, token) => {
      const lane = lanes.get(destinationKey);
      if (lane === undefined || lane.claimed > 0) return [];
      return [...ready(lane, now).take(limit)].map((entry) => take(entry, token, now));
    },
    staleClaims: async (limitAt) => claimedBefore(lanes.values(), limitAt),
    takeOver: async (items, token, now) =>
      items.flatMap(({ id, claim }) => {
        const entry = entries.get(id);
        const held = entry?.item.claim;
        if (entry === undefined || !held || held.token !== claim?.token) return [];
        return [take(entry, token, now)];
      }),
    dueDestinations: async (now) => dueIn(lanes, now),
    outboxItem: async (id) => entries.get(id)?.item,
    ...outboxLists(entries),
    requeue: async (id, now) => {
      const entry = entries.get(id);
      if (entry?.item.state !== 'parked' && entry?.item.state !== 'queued') return false;
      replace(entry, { ...entry.item, state: 'queued', dueAt: now, attempts: 0 });
      return true;
    },
  };
}

function dueIn(
  lanes: ReadonlyMap<string, Lane>,
  now: number,
): { destinationKey: string; count: number; oldestDueAt: number }[] {
  return [...lanes].flatMap(([destinationKey, lane]) => {
    const due = [...ready(lane, now)];
    const oldestDueAt = due.reduce((oldest, { item }) => Math.min(oldest, item.dueAt), Number.POSITIVE_INFINITY);
    return due.length === 0 ? [] : [{ destinationKey, count: due.length, oldestDueAt }];
  });
}

function claimedBefore(lanes: Iterable<Lane>, limitAt: number): OutboxItem[] {
  return [...lanes]
    .filter(({ claimed }) => claimed > 0)
    .flatMap((lane) => lane.entries.map(({ item }) => item))
    .filter(({ claim }) => claim !== null && claim.at < limitAt);
}

function outboxLists(entries: ReadonlyMap<string, Entry>): Pick<OutboxStore, 'outboxPage' | 'outboxCounts'> {
  return {
    outboxPage: async ({ state, destinationKey, problemKey, ...page }) => {
      const found = [...entries.values()].filter(
        ({ item }) =>
          (state?.includes(item.state) ?? true) &&
          (destinationKey === undefined || item.destinationKey === destinationKey) &&
          (problemKey === undefined || item.problemKey === problemKey),
      );
      return pageOf(
        found.sort((a, b) => (before(a, b) ? 1 : -1)).map(({ item }) => item),
        page,
      );
    },
    outboxCounts: async () => {
      const counts = new Map<string, { destinationKey: string; state: OutboxState; count: number }>();
      for (const { item } of entries.values()) {
        const { destinationKey, state } = item;
        const group = `${state} ${destinationKey}`;
        counts.set(group, { destinationKey, state, count: (counts.get(group)?.count ?? 0) + 1 });
      }
      return [...counts.values()];
    },
  };
}
