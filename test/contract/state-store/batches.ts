import { creation, historyOf, itemOf, keyOf } from './fixtures.ts';

/** Problems in one batch; each with an item, a line of history and an event. */
export const BATCH_SIZE = 20;

/** What batch `n` holds. */
export function batchOf(n: number): ReturnType<typeof creation>[] {
  return Array.from({ length: BATCH_SIZE }, (_, place) => {
    const name = `batch ${n} problem ${place}`;
    return creation(name, {
      outbox: [itemOf(`item of ${name}`, { problemKey: keyOf(name) })],
      history: [historyOf(name)],
      rawEvent: `event of ${name} ${'x'.repeat(1_000)}`,
    });
  });
}
