import type { QueuedItem } from '#engine/accept-events.ts';
import type { StateStore } from '#ports/state-store.ts';

/** The same store, and what comes into its outbox through it: for homes whose delivery has to be told. */
export function watchOutbox(store: StateStore): { readonly store: StateStore; readonly queued: readonly QueuedItem[] } {
  const queued: QueuedItem[] = [];
  return {
    queued,
    store: {
      ...store,
      apply: async (changes) => {
        const lost = await store.apply(changes);
        for (const { problem, outbox } of changes) if (!lost.includes(problem.key)) queued.push(...outbox);
        return lost;
      },
    },
  };
}
