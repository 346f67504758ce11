import { pageBounds } from '#adapters/memory/problem-query.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { OutboxStore, Settlement } from '#ports/state-store.ts';
import type { Connection, Value } from './connection.ts';
import type { HashIndex } from './hash-index.ts';
import { hashIndex, hashOf } from './hash-index.ts';
import { fromColumn, fromNullable, toColumn, toNullable } from './text.ts';

type Outbox = Omit<
  OutboxStore,
  'settle' | 'threads' | 'threadsOf' | 'saveMessages' | 'messagePage' | 'replies' | 'messageCounts'
>;
/** `owner` is the problem whose change brings the item, with the last item it had; gives the last item it has now. */
export type Enqueue = (
  item: OutboxItem,
  owner: { readonly key: ProblemKey; readonly last: number | null },
) => number | null;
/** All of it runs inside a transaction of the caller. */
export type OutboxWriter = {
  readonly enqueue: Enqueue;
  /** Called once after the last item. */
  settleIndex(): void;
};
export type SqliteOutbox = {
  readonly outbox: Outbox;
  readonly writer: OutboxWriter;
  /** Runs inside a transaction of the caller. */
  settleItems(token: string, outcomes: Settlement['outcomes']): void;
};

type Row = {
  id: string;
  destination_key: string;
  problem_key: string;
  mode: OutboxItem['mode'];
  created_at: number;
  due_at: number;
  state: OutboxItem['state'];
  attempts: number;
  last_error: string | null;
  claim_token: string | null;
  claim_at: number | null;
  message_id: string | null;
  sent_at: number | null;
  rest: string;
};
/** What never changes and is never searched; kept as JSON. */
type Rest = Pick<
  OutboxItem,
  'destination' | 'audience' | 'language' | 'action' | 'problemVersion' | 'episode' | 'severity' | 'reason'
>;

const COLUMNS =
  'id, destination_key, problem_key, mode, created_at, due_at, state, attempts, last_error, claim_token, claim_at, message_id, sent_at, rest';

/** An item by its id; the text is compared because hashes may meet. */
const IS_NAMED = 'sequence IN (SELECT id FROM outbox_id_entry WHERE hash = ?) AND id = ?';

/** The outbox in one table whose index `outbox_line` holds the queue of every destination in order. */
export function sqliteOutbox(connection: Connection): SqliteOutbox {
  const byId = connection.prepare<Row>(`SELECT ${COLUMNS} FROM outbox WHERE ${IS_NAMED}`);
  const requeue = connection.prepare(
    `UPDATE outbox SET state = 'queued', due_at = ?, attempts = 0 WHERE ${IS_NAMED} AND state IN ('queued', 'parked')`,
  );

  const index = hashIndex(connection, 'outbox_id');

  return {
    writer: { enqueue: itemWriter(connection, index), settleIndex: index.settle },
    settleItems: itemSettler(connection),
    outbox: {
      ...claims(connection),
      ...lists(connection),
      outboxItem: (id) =>
        connection.read('read the outbox', () => {
          const row = byId.get(...named(id));
          return row === undefined ? undefined : itemFrom(row);
        }),
      requeue: (id, now) => connection.write('requeue a message', () => requeue.run(now, ...named(id)).changes === 1),
    },
  };
}

function itemWriter(connection: Connection, index: HashIndex): Enqueue {
  const known = connection.prepare(`SELECT 1 FROM outbox WHERE ${IS_NAMED}`);
  const insert = connection.prepare(
    `INSERT INTO outbox (in_chain, previous, ${COLUMNS}) VALUES (?, ?, ${COLUMNS.replaceAll(/\w+/g, '?')})`,
  );
  return (item, owner) => {
    const name = named(item.id);
    if (known.get(...name) !== undefined) return owner.last;
    const { destination, audience, language, action, problemVersion, episode, severity, reason } = item;
    const rest: Rest = { destination, audience, language, action, problemVersion, episode, severity, reason };
    // A change tells of its own problem; should it ever tell of another one, that problem's chain is not at hand.
    const isInChain = item.problemKey === owner.key;
    const { lastInsertRowid } = insert.run(
      Number(isInChain),
      isInChain ? owner.last : null,
      name[1],
      toColumn(item.destinationKey),
      toColumn(item.problemKey),
      item.mode,
      item.createdAt,
      item.dueAt,
      item.state,
      item.attempts,
      toNullable(item.lastError),
      item.claim === null ? null : toColumn(item.claim.token),
      item.claim?.at ?? null,
      toNullable(item.messageId),
      item.sentAt,
      JSON.stringify(rest),
    );
    const sequence = Number(lastInsertRowid);
    index.add(name[0], sequence);
    return isInChain ? sequence : owner.last;
  };
}

function itemSettler(connection: Connection): (token: string, outcomes: Settlement['outcomes']) => void {
  const mine = `claim_token = NULL, claim_at = NULL WHERE ${IS_NAMED} AND claim_token = ? AND state = 'sending'`;
  const delivered = connection.prepare(
    `UPDATE outbox SET state = ?, message_id = ?, sent_at = ?, last_error = NULL, ${mine}`,
  );
  const retried = connection.prepare(
    `UPDATE outbox SET state = 'queued', due_at = ?, last_error = ?, attempts = attempts + ?, ${mine}`,
  );
  const parked = connection.prepare(
    `UPDATE outbox SET state = 'parked', last_error = ?, attempts = attempts + 1, ${mine}`,
  );
  return (token, outcomes) => {
    for (const { id, outcome } of outcomes) {
      const which = [...named(id), toColumn(token)] as const;
      switch (outcome.kind) {
        case 'sent':
        case 'covered':
          delivered.run(outcome.kind, toNullable(outcome.messageId), outcome.at, ...which);
          break;
        case 'retry':
          retried.run(outcome.dueAt, toColumn(outcome.error), Number(outcome.countsAsAttempt), ...which);
          break;
        case 'parked':
          parked.run(toColumn(outcome.error), ...which);
      }
    }
  };
}

function claims(connection: Connection): Pick<Outbox, 'dueDestinations' | 'claim' | 'staleClaims' | 'takeOver'> {
  const readyOf = queueReader(connection);
  const due = connection.prepare<{ destination_key: string; count: number; oldest: number }>(
    `SELECT destination_key, count(*) AS count, min(due_at) AS oldest FROM outbox
     WHERE state = 'queued' AND due_at <= ? GROUP BY destination_key`,
  );
  const waiting = connection.prepare<{ destination_key: string }>(
    `SELECT DISTINCT destination_key FROM outbox WHERE state = 'queued' AND mode = 'send' AND due_at > ?`,
  );
  const open = connection.prepare(`SELECT 1 FROM outbox WHERE state = 'sending' AND destination_key = ? LIMIT 1`);
  const take = connection.prepare<Row>(
    `UPDATE outbox SET state = 'sending', claim_token = ?, claim_at = ? WHERE sequence = ? RETURNING ${COLUMNS}`,
  );
  const stale = connection.prepare<Row>(
    `SELECT ${COLUMNS} FROM outbox WHERE state = 'sending' AND claim_at < ? ORDER BY created_at, sequence`,
  );
  const takeOver = connection.prepare<Row>(
    `UPDATE outbox SET claim_token = ?, claim_at = ? WHERE ${IS_NAMED} AND claim_token = ? AND state = 'sending' RETURNING ${COLUMNS}`,
  );

  return {
    dueDestinations: (now) =>
      connection.read('read the outbox', () => {
        const blocked = new Set(waiting.all(now).map((row) => row.destination_key));
        return due.all(now).flatMap(({ destination_key, count, oldest }) => {
          const found = { destinationKey: fromColumn(destination_key), count, oldestDueAt: oldest };
          if (!blocked.has(destination_key)) return [found];
          const ready = [...readyOf(destination_key, now, Number.POSITIVE_INFINITY)];
          const oldestDueAt = ready.reduce((first, { due_at }) => Math.min(first, due_at), Number.POSITIVE_INFINITY);
          return ready.length === 0 ? [] : [{ ...found, count: ready.length, oldestDueAt }];
        });
      }),
    claim: (destinationKey, now, limit, token) =>
      connection.write('claim messages', () => {
        const column = toColumn(destinationKey);
        if (open.get(column) !== undefined) return [];
        const ready = readyOf(column, now, limit);
        return ready.flatMap(({ sequence }) => itemsFrom(take.all(toColumn(token), now, sequence)));
      }),
    staleClaims: (before) => connection.read('read the outbox', () => itemsFrom(stale.all(before))),
    takeOver: (items, token, now) =>
      connection.write('take over messages', () =>
        items.flatMap(({ id, claim }) =>
          claim === null ? [] : itemsFrom(takeOver.all(toColumn(token), now, ...named(id), toColumn(claim.token))),
        ),
      ),
  };
}

type Queued = { readonly sequence: number; readonly due_at: number };

/** What a claim may take now: due, and not behind an earlier message of its problem that waits. */
function queueReader(connection: Connection): (destination: string, now: number, limit: number) => Queued[] {
  const queue = connection.prepare<Queued>(
    `SELECT sequence, due_at FROM outbox
     WHERE state = 'queued' AND destination_key = ? AND (due_at <= ? OR mode = 'send') ORDER BY created_at, sequence`,
  );
  // Not part of the index, and needed only while something waits.
  const problem = connection.prepare<{ key: string }>('SELECT problem_key AS key FROM outbox WHERE sequence = ?');
  return (destination, now, limit) => {
    const waiting = new Set<string | undefined>();
    const ready: Queued[] = [];
    for (const row of queue.iterate(destination, now)) {
      if (ready.length >= limit) break;
      if (row.due_at > now) waiting.add(problem.get(row.sequence)?.key);
      else if (waiting.size === 0 || !waiting.has(problem.get(row.sequence)?.key)) ready.push(row);
    }
    return ready;
  };
}

function lists(connection: Connection): Pick<Outbox, 'outboxPage' | 'outboxCounts'> {
  const counts = connection.prepare<Pick<Row, 'destination_key' | 'state'> & { count: number }>(
    'SELECT destination_key, state, count(*) AS count FROM outbox GROUP BY state, destination_key',
  );

  function page(query: Parameters<Outbox['outboxPage']>[0]): {
    items: OutboxItem[];
    total: number;
    nextToken: string | null;
  } {
    const { limit, offset } = pageBounds(query);
    const { sql, values } = conditionOf(query);
    const total =
      connection.prepare<{ n: number }>(`SELECT count(*) AS n FROM outbox WHERE ${sql}`).get(...values)?.n ?? 0;
    const rows = connection
      .prepare<Row>(`SELECT ${COLUMNS} FROM outbox WHERE ${sql} ORDER BY sequence DESC LIMIT ? OFFSET ?`)
      .all(...values, limit, offset);
    return { items: itemsFrom(rows), total, nextToken: offset + limit < total ? String(offset + limit) : null };
  }

  return {
    outboxPage: (query) => connection.read('list the outbox', () => page(query)),
    outboxCounts: () =>
      connection.read('count the outbox', () =>
        counts
          .all()
          .map(({ destination_key, state, count }) => ({ destinationKey: fromColumn(destination_key), state, count })),
      ),
  };
}

const OF_PROBLEM = `
  WITH RECURSIVE chain (sequence) AS (
    SELECT last_outbox FROM problem_key_entry AS e JOIN problem AS p ON p.id = e.id WHERE e.hash = ? AND p.key = ?
    UNION ALL SELECT o.previous FROM chain JOIN outbox AS o ON o.sequence = chain.sequence WHERE o.previous IS NOT NULL
  ) SELECT sequence FROM chain UNION ALL SELECT sequence FROM outbox WHERE in_chain = 0 AND problem_key = ?`;

const STATES: readonly OutboxItem['state'][] = ['queued', 'sending', 'sent', 'covered', 'parked'];

function conditionOf(query: Parameters<Outbox['outboxPage']>[0]): { sql: string; values: Value[] } {
  const { state, destinationKey, problemKey } = query;
  const conditions = ['1'];
  const values: Value[] = [];
  if (problemKey !== undefined) {
    conditions.push(`sequence IN (${OF_PROBLEM})`);
    values.push(...named(problemKey), toColumn(problemKey));
  }
  if (state !== undefined || destinationKey !== undefined) {
    // With a destination alone all states are named, because the index starts with the state.
    const states = state ?? STATES;
    conditions.push(`state IN (${states.map(() => '?').join(', ')})`);
    values.push(...states);
  }
  if (destinationKey !== undefined) {
    conditions.push('destination_key = ?');
    values.push(toColumn(destinationKey));
  }
  return { sql: conditions.join(' AND '), values };
}

/** The values of `IS_NAMED`. */
function named(text: string): [hash: number, text: string] {
  const column = toColumn(text);
  return [hashOf(column), column];
}

function itemsFrom(rows: readonly Row[]): OutboxItem[] {
  return rows.map(itemFrom);
}

function itemFrom(row: Row): OutboxItem {
  // Written by itemWriter from an OutboxItem.
  const rest = JSON.parse(row.rest) as Rest;
  return {
    ...rest,
    id: fromColumn(row.id),
    destinationKey: fromColumn(row.destination_key),
    // The brand is that of the key that was written.
    problemKey: fromColumn(row.problem_key) as ProblemKey,
    mode: row.mode,
    createdAt: row.created_at,
    dueAt: row.due_at,
    state: row.state,
    attempts: row.attempts,
    lastError: fromNullable(row.last_error),
    claim:
      row.claim_token === null || row.claim_at === null
        ? null
        : { token: fromColumn(row.claim_token), at: row.claim_at },
    messageId: fromNullable(row.message_id),
    sentAt: row.sent_at,
  };
}
