import { pageBounds } from '#adapters/memory/problem-query.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { DeliveredMessage, Thread } from '#core/notification/outbox.ts';
import type { OutboxStore } from '#ports/state-store.ts';
import type { Connection, Value } from './connection.ts';
import { fromColumn, toColumn, toNullable } from './text.ts';

type Messages = Pick<
  OutboxStore,
  'threads' | 'threadsOf' | 'saveMessages' | 'messagePage' | 'replies' | 'messageCounts'
>;
export type SqliteMessages = Messages & {
  /** Both run inside a transaction of the caller. */
  writeThread(thread: Thread): void;
  writeMessage(message: DeliveredMessage): void;
};
type MessageQuery = Parameters<Messages['messagePage']>[0];
type MessageRow = { sequence: number; sent_at: number; message: string };

/** Threads by problem and destination, and the feed of delivered messages. */
export function sqliteMessages(connection: Connection): SqliteMessages {
  const writeMessage = messageWriter(connection);
  const counts = connection.prepare<{ destination_key: string; count: number; newest: number }>(
    `SELECT destination_key, count(*) - count(in_thread_of) AS count, max(sent_at) AS newest FROM message
     GROUP BY destination_key`,
  );
  const replies = connection.prepare<MessageRow>(
    'SELECT sequence, sent_at, message FROM message WHERE in_thread_of = ? ORDER BY sent_at, sequence',
  );
  return {
    ...threads(connection),
    writeMessage,
    saveMessages: async (messages) => {
      if (messages.length > 0) await connection.write('write messages', () => messages.forEach(writeMessage));
    },
    messagePage: (query) => connection.read('list messages', () => pageOf(connection, query)),
    replies: (messageIds) =>
      connection.read('list answers', () =>
        [...new Set(messageIds)]
          .flatMap((id) => replies.all(toColumn(id)))
          .sort((a, b) => a.sent_at - b.sent_at || a.sequence - b.sequence)
          .map(messageFrom),
      ),
    messageCounts: () =>
      connection.read('count messages', () =>
        counts.all().map(({ destination_key, count, newest }) => ({
          destinationKey: fromColumn(destination_key),
          count,
          newestAt: newest,
        })),
      ),
  };
}

function threads(connection: Connection): Pick<SqliteMessages, 'threads' | 'threadsOf' | 'writeThread'> {
  const one = connection.prepare<{ thread: string }>(
    'SELECT thread FROM thread WHERE problem_key = ? AND destination_key = ?',
  );
  const allOf = connection.prepare<{ thread: string }>('SELECT thread FROM thread WHERE problem_key = ?');
  const write = connection.prepare(
    'INSERT OR REPLACE INTO thread (problem_key, destination_key, thread) VALUES (?, ?, ?)',
  );
  return {
    writeThread: (thread) => {
      write.run(toColumn(thread.problemKey), toColumn(thread.destinationKey), JSON.stringify(thread));
    },
    threads: (keys, destinationKey) =>
      connection.read('read threads', () => {
        const destination = toColumn(destinationKey);
        const found = new Map<ProblemKey, Thread>();
        for (const key of keys) {
          const row = one.get(toColumn(key), destination);
          if (row !== undefined) found.set(key, threadFrom(row));
        }
        return found;
      }),
    threadsOf: (key) => connection.read('read threads', () => allOf.all(toColumn(key)).map(threadFrom)),
  };
}

function messageWriter(connection: Connection): (message: DeliveredMessage) => void {
  // The sequence stays when a message is written again, and with it its place in the feed.
  const write = connection.prepare<{ sequence: number }>(
    `INSERT INTO message (id, destination_key, sent_at, in_thread_of, message) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET destination_key = excluded.destination_key, sent_at = excluded.sent_at,
       in_thread_of = excluded.in_thread_of, message = excluded.message
     RETURNING sequence`,
  );
  const unlink = connection.prepare('DELETE FROM message_problem WHERE sequence = ?');
  const link = connection.prepare('INSERT OR IGNORE INTO message_problem (problem_key, sequence) VALUES (?, ?)');
  return (message) => {
    const row = write.get(
      toColumn(message.id),
      toColumn(message.destinationKey),
      message.sentAt,
      toNullable(message.inThreadOf),
      JSON.stringify(message),
    );
    if (row === undefined) throw new Error('an upsert returned no row');
    unlink.run(row.sequence);
    for (const key of message.problemKeys) link.run(toColumn(key), row.sequence);
  };
}

/** The token is the moment and the sequence of the last message shown, so that new messages move nothing. */
function pageOf(
  connection: Connection,
  query: MessageQuery,
): { items: DeliveredMessage[]; total: number; nextToken: string | null } {
  const { limit } = pageBounds(query);
  const { from, values } = sourceOf(query);
  const [sentAt, sequence] = (query.before ?? '').split('-').map(Number);
  const total = connection.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${from}`).get(...values)?.n ?? 0;
  const rows = connection
    .prepare<MessageRow>(
      `SELECT m.sequence, m.sent_at, m.message FROM ${from} AND (m.sent_at, m.sequence) < (?, ?)
       ORDER BY m.sent_at DESC, m.sequence DESC LIMIT ?`,
    )
    .all(...values, sentAt || Number.MAX_SAFE_INTEGER, sequence ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(messageFrom),
    total,
    nextToken: rows.length > limit && last !== undefined ? `${last.sent_at}-${last.sequence}` : null,
  };
}

function sourceOf({ destinationKey, problemKey, topLevelOnly }: MessageQuery): { from: string; values: Value[] } {
  const values: Value[] = [];
  let from = 'message AS m WHERE 1';
  if (problemKey !== undefined) {
    from = 'message_problem AS l JOIN message AS m ON m.sequence = l.sequence WHERE l.problem_key = ?';
    values.push(toColumn(problemKey));
  }
  if (destinationKey !== undefined) {
    from += ' AND m.destination_key = ?';
    values.push(toColumn(destinationKey));
  }
  if (topLevelOnly) from += ' AND m.in_thread_of IS NULL';
  return { from, values };
}

function threadFrom(row: { readonly thread: string }): Thread {
  // Written by writeThread.
  return JSON.parse(row.thread) as Thread;
}

function messageFrom(row: MessageRow): DeliveredMessage {
  // Written by writeMessage.
  return JSON.parse(row.message) as DeliveredMessage;
}
