import type { ProblemKey } from '#core/finding/observation.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';

/** `sequence` is the order of writing. */
export type Entry = { item: OutboxItem; readonly sequence: number };
/** Entries of one destination that are not over, in the order of delivery, and how many of them are claimed. */
export type Lane = { readonly entries: Entry[]; claimed: number };

/** Delivery order: createdAt, then the order of writing. */
export function before(a: Entry, b: Entry): boolean {
  return a.item.createdAt === b.item.createdAt ? a.sequence < b.sequence : a.item.createdAt < b.item.createdAt;
}

/** Where `entry` stands, or would stand, in an ordered list. */
export function placeOf(entries: readonly Entry[], entry: Entry): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = entries[middle];
    if (there !== undefined && before(there, entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a claim may take now: due, and not behind an earlier message of its problem that waits. */
export function* ready(lane: Lane, now: number): Generator<Entry> {
  const waiting = new Set<ProblemKey>();
  for (const entry of lane.entries) {
    const { state, dueAt, mode, problemKey } = entry.item;
    if (state !== 'queued') continue;
    if (dueAt <= now) {
      if (!waiting.has(problemKey)) yield entry;
    } else if (mode === 'send') {
      waiting.add(problemKey);
    }
  }
}
