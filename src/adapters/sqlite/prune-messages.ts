import type { Connection } from './connection.ts';
import { hashOf } from './hash-index.ts';
import type { Step } from './prune-step.ts';

type Row = {
  readonly id: string;
  readonly sequence: number;
  readonly sent_at: number;
  readonly in_thread_of: string | null;
  readonly destination_key: string;
};

type Cursor = { readonly sentAt: number; readonly sequence: number };

const START: Cursor = { sentAt: Number.MIN_SAFE_INTEGER, sequence: 0 };

/** Removes conversations: a message goes with its answers, when all of them are old and no open problem is told there. */
export function oldMessages(connection: Connection): Step<Cursor> {
  const nextOf = sentReader(connection);
  const conversationOf = conversationReader(connection);
  const unlink = connection.prepare('DELETE FROM message_problem WHERE sequence = ?');
  const remove = connection.prepare('DELETE FROM message WHERE sequence = ?');

  return (from = START, before, budget) => {
    let at = from;
    let messages = 0;
    for (;;) {
      const row = nextOf(at, before);
      if (row === undefined) return { next: undefined, removed: { messages } };
      const gone = conversationOf(row, before);
      for (const sequence of gone) {
        unlink.run(sequence);
        remove.run(sequence);
      }
      messages += gone.length;
      at = { sentAt: row.sent_at, sequence: row.sequence };
      if (budget.isSpent(1 + gone.length)) return { next: at, removed: { messages } };
    }
  };
}

/** The next message in the order of the index `message_sent`. */
function sentReader(connection: Connection): (from: Cursor, before: number) => Row | undefined {
  const columns = 'SELECT id, sequence, sent_at, in_thread_of, destination_key FROM message';
  // Compared as a pair, time and sequence would use the index for the time alone.
  const sameTime = connection.prepare<Row>(`${columns} WHERE sent_at = ? AND sequence > ? ORDER BY sequence LIMIT 1`);
  const later = connection.prepare<Row>(
    `${columns} WHERE sent_at > ? AND sent_at < ? ORDER BY sent_at, sequence LIMIT 1`,
  );
  return ({ sentAt, sequence }, before) => sameTime.get(sentAt, sequence) ?? later.get(sentAt, before);
}

/** What goes with a message: nothing while something of its conversation is wanted. */
function conversationReader(connection: Connection): (row: Row, before: number) => readonly number[] {
  const exists = connection.prepare('SELECT 1 FROM message WHERE id = ?');
  const answers = connection.prepare<{ sequence: number; sent_at: number }>(
    'SELECT sequence, sent_at FROM message WHERE in_thread_of = ?',
  );
  const edited = connection.prepare<{ at: number | null }>(
    "SELECT message ->> '$.editedAt' AS at FROM message WHERE sequence = ?",
  );
  const isInUse = threadsInUse(connection);
  return (row, before) => {
    const { id, sequence, in_thread_of } = row;
    // An answer goes with what it answers, which has its own turn.
    if (in_thread_of !== null) return exists.get(in_thread_of) === undefined ? [sequence] : [];
    if (isInUse(row)) return [];
    const own = answers.all(id);
    if (own.some(({ sent_at }) => sent_at >= before) || (edited.get(sequence)?.at ?? 0) >= before) return [];
    return [sequence, ...own.map((answer) => answer.sequence)];
  };
}

/** True for a message in whose thread news of an open problem would be told. */
function threadsInUse(connection: Connection): (message: Row) => boolean {
  const problems = connection.prepare<{ problem_key: string }>(
    'SELECT problem_key FROM message_problem WHERE sequence = ?',
  );
  const isThread = connection.prepare(
    "SELECT 1 FROM thread WHERE problem_key = ? AND destination_key = ? AND thread ->> '$.messageId' = ?",
  );
  const isOpen = connection.prepare(
    `SELECT 1 FROM problem_key_entry AS e JOIN problem AS p ON p.id = e.id
     WHERE e.hash = ? AND p.key = ? AND p.status = 'open'`,
  );
  return ({ id, sequence, destination_key }) =>
    problems
      .all(sequence)
      .some(
        ({ problem_key: key }) =>
          isThread.get(key, destination_key, id) !== undefined && isOpen.get(hashOf(key), key) !== undefined,
      );
}
