import type { Connection } from './connection.ts';
import { type EventWriter, eventChunks } from './event-chunks.ts';
import { hashIndex, hashOf } from './hash-index.ts';
import { rowRemover } from './prune-outbox.ts';
import type { Budget, Step } from './prune-step.ts';

type Cursor = { readonly lastSeenAt: number; readonly id: number };
type Row = {
  readonly id: number;
  readonly key: string;
  readonly last_seen_at: number;
  readonly last_history: number | null;
  readonly event_chunk: number | null;
};
type Item = { readonly id: string; readonly sequence: number; readonly state: string };

/** A problem has rows in about as many tables. */
const TABLES = 5;

const START: Cursor = { lastSeenAt: Number.MIN_SAFE_INTEGER, id: 0 };

/** Removes problems that are over, with everything that is theirs. */
export function endedProblems(connection: Connection): Step<Cursor> {
  const writtenAt = connection.prepare<{ at: number }>('SELECT at FROM history WHERE id = ?');
  const nextOf = endedReader(connection);
  const itemsOf = itemReader(connection);
  const forget = forgetter(connection);
  const events = eventChunks(connection);

  return (from = START, before, budget) => {
    let at = from;
    const removed = { problems: 0, outboxItems: 0 };
    // Only lets go of events, so there is nothing to end.
    const writer = events.begin();
    while (!budget.isSpent(TABLES)) {
      const row = nextOf(at, before);
      if (row === undefined) return { next: undefined, removed };
      // What people were told of has a line of history, dated when it was written.
      const isOld = row.last_history === null || (writtenAt.get(row.last_history)?.at ?? 0) < before;
      const items = isOld ? itemsOf(row) : [];
      if (isOld && !items.some(({ state }) => state === 'queued' || state === 'sending')) {
        if (!forget(row, items, writer, budget)) return { next: at, removed };
        removed.problems += 1;
        removed.outboxItems += items.length;
      }
      at = { lastSeenAt: row.last_seen_at, id: row.id };
    }
    return { next: at, removed };
  };
}

/** The next problem that is over, in the order of the index `problem_ended`. */
function endedReader(connection: Connection): (from: Cursor, before: number) => Row | undefined {
  const columns = 'SELECT id, key, last_seen_at, last_history, event_chunk FROM problem';
  // Compared as a pair, time and id would use the index for the time alone.
  const sameTime = connection.prepare<Row>(
    `${columns} WHERE status <> 'open' AND last_seen_at = ? AND id > ? ORDER BY id LIMIT 1`,
  );
  const later = connection.prepare<Row>(
    `${columns} WHERE status <> 'open' AND last_seen_at > ? AND last_seen_at < ? ORDER BY last_seen_at, id LIMIT 1`,
  );
  return ({ lastSeenAt, id }, before) => sameTime.get(lastSeenAt, id) ?? later.get(lastSeenAt, before);
}

function itemReader(connection: Connection): (row: Row) => Item[] {
  const items = connection.prepare<Item>(
    `WITH RECURSIVE chain (sequence, previous) AS (
       SELECT o.sequence, o.previous FROM problem AS p JOIN outbox AS o ON o.sequence = p.last_outbox WHERE p.id = ?
       UNION ALL SELECT o.sequence, o.previous FROM chain JOIN outbox AS o ON o.sequence = chain.previous
     ) SELECT o.id, o.sequence, o.state FROM chain JOIN outbox AS o ON o.sequence = chain.sequence
     UNION ALL SELECT id, sequence, state FROM outbox WHERE in_chain = 0 AND problem_key = ?`,
  );
  return ({ id, key }) => items.all(id, key);
}

/** Removes one problem; false when its history was so long that the next step has to go on. */
function forgetter(
  connection: Connection,
): (row: Row, items: readonly Item[], events: EventWriter, budget: Budget) => boolean {
  const index = hashIndex(connection, 'problem_key');
  const removeItem = rowRemover(connection);
  const line = connection.prepare<{ previous: number | null }>('DELETE FROM history WHERE id = ? RETURNING previous');
  const setHistory = connection.prepare('UPDATE problem SET last_history = ? WHERE id = ?');
  const removals = ['DELETE FROM problem WHERE id = ?', 'DELETE FROM problem_body WHERE id = ?'].map((sql) =>
    connection.prepare(sql),
  );
  const threads = connection.prepare('DELETE FROM thread WHERE problem_key = ?');

  return ({ id, key, last_history, event_chunk }, items, events, budget) => {
    let last = last_history;
    while (last !== null) {
      last = line.get(last)?.previous ?? null;
      if (last !== null && budget.isSpent()) {
        setHistory.run(last, id);
        return false;
      }
    }
    for (const item of items) removeItem(item.id, item.sequence);
    if (event_chunk !== null) events.release(event_chunk);
    threads.run(key);
    for (const removal of removals) removal.run(id);
    index.remove(hashOf(key), id);
    return true;
  };
}
