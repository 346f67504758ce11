import type { Pruned } from '#ports/state-store.ts';

/** How much a step may look at and remove before it lets others have their turn. */
export type Budget = {
  /** Takes what was just done off the budget. */
  isSpent(parts?: number): boolean;
};

/**
 * One step inside a transaction, from where the one before ended; `next` is undefined at the end. A transaction that was rolled back
 * repeats its step, so a step keeps nothing in mind but its cursor.
 */
export type Step<Cursor> = (
  from: Cursor | undefined,
  before: number,
  budget: Budget,
) => { readonly next: Cursor | undefined; readonly removed: Partial<Pruned> };

/** Short enough for two of them, and the wait for the disk, to go unnoticed by whoever waits for an answer. */
const STEP_MS = 5;
/** Bounds what one transaction changes, however fast the machine is. */
const STEP_PARTS = 200;

/** The budget of one step. */
export function stepBudget(): Budget {
  const until = performance.now() + STEP_MS;
  let left = STEP_PARTS;
  return {
    isSpent: (parts = 1) => {
      left -= parts;
      return left < 0 || performance.now() > until;
    },
  };
}
