import type { QueuedItem } from '#engine/accept-events.ts';
import type { Random } from '#ports/clock.ts';
import type { ProblemChange, StateStore } from '#ports/state-store.ts';

/**
 * The same store, and what came into its outbox through it: for homes whose delivery has to be told. A write that failed may have
 * been done in part, so its rows are named too, under ids of their own: a nudge too many does no harm, one under the row's id would
 * make the queue swallow the one that follows when the row is written after all.
 */
export function watchOutbox(
  store: StateStore,
  random: Random,
): { readonly store: StateStore; readonly queued: readonly QueuedItem[] } {
  const queued: QueuedItem[] = [];
  const apply: StateStore['apply'] = async (changes) => {
    try {
      const lost = new Set(await store.apply(changes));
      queued.push(...rowsOf(changes.filter(({ problem }) => !lost.has(problem.key))));
      return [...lost];
    } catch (thrown) {
      const attempt = random.id();
      queued.push(...rowsOf(changes).map((row) => ({ ...row, id: `${row.id}#${attempt}` })));
      throw thrown;
    }
  };
  return { queued, store: { ...store, apply } };
}

function rowsOf(changes: readonly ProblemChange[]): QueuedItem[] {
  return changes.flatMap(({ outbox }) =>
    outbox.map(({ id, destinationKey, dueAt }) => ({ id, destinationKey, dueAt })),
  );
}
