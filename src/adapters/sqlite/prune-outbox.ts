import type { Connection } from './connection.ts';
import { hashIndex, hashOf } from './hash-index.ts';
import { outboxChains } from './outbox-chains.ts';
import type { Step } from './prune-step.ts';

type Row = {
  readonly id: string;
  readonly problem_key: string;
  readonly in_chain: number;
  readonly created_at: number;
  readonly sequence: number;
  readonly state: string;
  readonly sent_at: number | null;
};

const AT_ONCE = 25;

/**
 * Removes outbox items that were sent or covered. They are read as they were written, up to the first one that is not old: neighbours
 * share pages, and what is on disk is written page by page.
 */
export function finishedOutbox(connection: Connection): Step<number> {
  const rowsAfter = connection.prepare<Row>(
    `SELECT id, problem_key, in_chain, created_at, sequence, state, sent_at FROM outbox
     WHERE sequence > ? ORDER BY sequence LIMIT ${AT_ONCE}`,
  );
  const remove = rowRemover(connection);
  const chains = outboxChains(connection);

  /** Whoever was sent lately waits, even when it was written long ago. */
  function removeOld(rows: readonly Row[], before: number): number {
    const old = rows.filter(
      ({ state, sent_at }) => (state === 'sent' || state === 'covered') && (sent_at === null || sent_at < before),
    );
    const chained = Map.groupBy(
      old.filter(({ in_chain }) => in_chain === 1),
      ({ problem_key }) => problem_key,
    );
    for (const [key, own] of chained) chains.unlink(key, new Set(own.map(({ sequence }) => sequence)));
    for (const { id, sequence } of old) remove(id, sequence);
    return old.length;
  }

  return (from = 0, before, budget) => {
    let at = from;
    let outboxItems = 0;
    for (;;) {
      const rows = rowsAfter.all(at);
      const young = rows.findIndex(({ created_at }) => created_at >= before);
      outboxItems += removeOld(young === -1 ? rows : rows.slice(0, young), before);
      const last = rows.at(-1);
      if (last === undefined || young !== -1) return { next: undefined, removed: { outboxItems } };
      at = last.sequence;
      if (budget.isSpent(rows.length)) return { next: at, removed: { outboxItems } };
    }
  };
}

/** Removes one row and its place in the index of ids; its place in a chain is the caller's. */
export function rowRemover(connection: Connection): (id: string, sequence: number) => void {
  const index = hashIndex(connection, 'outbox_id');
  const remove = connection.prepare('DELETE FROM outbox WHERE sequence = ?');
  return (id, sequence) => {
    remove.run(sequence);
    index.remove(hashOf(id), sequence);
  };
}
