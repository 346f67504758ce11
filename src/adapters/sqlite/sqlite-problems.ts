import { pageBounds } from '#adapters/memory/problem-query.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { OpenCount, ProblemChange, ProblemQuery, ProblemStore } from '#ports/state-store.ts';
import type { Connection, Value } from './connection.ts';
import type { EventPlace, EventWriter } from './event-chunks.ts';
import { eventChunks } from './event-chunks.ts';
import type { HashIndex } from './hash-index.ts';
import { hashIndex, hashOf } from './hash-index.ts';
import type { StoredProblem } from './problem-row.ts';
import { bodyOf, columnsOf, PROBLEM_COLUMNS, problemFrom } from './problem-row.ts';
import { COLUMN_OF, conditionOf, orderOf } from './problem-sql.ts';
import type { Enqueue, OutboxWriter } from './sqlite-outbox.ts';
import { fromColumn, fromNullable, toColumn } from './text.ts';

const MAX_FACET_VALUES = 200;

/** Where the rows that belong to a problem are. */
const POINTERS = ['last_history', 'last_outbox', 'event_chunk', 'event_start', 'event_length'];

/** A problem by its key; the text is compared because hashes may meet. */
const NAMED_PROBLEM = 'problem_key_entry AS e JOIN problem AS p ON p.id = e.id';
const IS_NAMED = 'e.hash = ? AND p.key = ?';

/** Problems in `problem` and `problem_body`; `outbox` writes items inside the same transaction. */
export function sqliteProblems(connection: Connection, outbox: OutboxWriter): ProblemStore {
  const events = eventChunks(connection);
  const index = hashIndex(connection, 'problem_key');
  const writeChange = changeWriter(connection, index, outbox.enqueue);
  const stored = connection.prepare<StoredProblem>(
    `SELECT p.moving, b.problem AS body FROM ${NAMED_PROBLEM} JOIN problem_body AS b ON b.id = p.id WHERE ${IS_NAMED}`,
  );
  const history = connection.prepare<HistoryRow>(
    `WITH RECURSIVE chain (id, previous, at, what, done_by, detail) AS (
       SELECT h.* FROM ${NAMED_PROBLEM} JOIN history AS h ON h.id = p.last_history WHERE ${IS_NAMED}
       UNION ALL SELECT h.* FROM chain JOIN history AS h ON h.id = chain.previous
     ) SELECT at, what, done_by, detail FROM chain ORDER BY id`,
  );
  const eventPlace = connection.prepare<EventPlace>(
    `SELECT event_chunk AS chunk, event_start AS start, event_length AS length FROM ${NAMED_PROBLEM}
     WHERE ${IS_NAMED} AND event_chunk IS NOT NULL`,
  );

  return {
    problems: (keys) =>
      connection.read('read problems', () => {
        const found = new Map<ProblemKey, Problem>();
        for (const key of keys) {
          const row = stored.get(...named(key));
          if (row !== undefined) found.set(key, problemFrom(row));
        }
        return found;
      }),
    apply: async (changes) => {
      if (changes.length === 0) return [];
      return await connection.write('write problems', () => {
        const writer = events.begin();
        const lost = changes.filter((change) => !writeChange(change, writer));
        writer.end();
        index.settle();
        outbox.settleIndex();
        return lost.map(({ problem }) => problem.key);
      });
    },
    history: (key) => connection.read('read a history', () => history.all(...named(key)).map(historyFrom)),
    rawEvent: (key) =>
      connection.read('read an event', () => {
        const place = eventPlace.get(...named(key));
        return place === undefined ? undefined : events.read(place);
      }),
    ...problemLists(connection),
  };
}

function problemLists(connection: Connection): Pick<ProblemStore, 'problemPage' | 'problemFacet' | 'openCounts'> {
  const byId = connection.prepare<StoredProblem>(
    'SELECT p.moving, b.problem AS body FROM problem AS p JOIN problem_body AS b ON b.id = p.id WHERE p.id = ?',
  );

  const openCounts = connection.prepare<OpenCountRow>(
    `SELECT account_id, team, severity, count(*) AS count, max(last_seen_at) AS last_seen_at FROM problem
     WHERE status = 'open' GROUP BY account_id, team, severity`,
  );

  function page(query: ProblemQuery): { items: Problem[]; total: number; nextToken: string | null } {
    const { limit, offset } = pageBounds(query);
    const { sql, values } = conditionOf(query);
    const counted = connection.prepare<{ n: number }>(`SELECT count(*) AS n FROM problem WHERE ${sql}`).get(...values);
    const rows = connection
      .prepare<{ id: number }>(`SELECT id FROM problem WHERE ${sql} ORDER BY ${orderOf(query.sort)} LIMIT ? OFFSET ?`)
      .all(...values, limit, offset);
    const total = counted?.n ?? 0;
    return {
      items: rows.flatMap(({ id }) => byId.all(id).map(problemFrom)),
      total,
      nextToken: offset + limit < total ? String(offset + limit) : null,
    };
  }

  return {
    problemPage: (query) => connection.read('list problems', () => page(query)),
    problemFacet: (column) =>
      connection.read('count problems', () =>
        connection
          .prepare<{ value: string | number | null; count: number }>(
            `SELECT ${COLUMN_OF[column]} AS value, sum(status = 'open') AS count FROM problem
             GROUP BY value ORDER BY count DESC, value LIMIT ${MAX_FACET_VALUES}`,
          )
          .all()
          .map(({ value, count }) => ({
            value: typeof value === 'number' ? (SEVERITIES[value] ?? null) : fromNullable(value),
            count,
          })),
      ),
    openCounts: () => connection.read('count open problems', () => openCounts.all().map(openCountFrom)),
  };
}

type OpenCountRow = {
  account_id: string | null;
  team: string | null;
  severity: number;
  count: number;
  last_seen_at: number;
};

function openCountFrom({ account_id, team, severity, count, last_seen_at }: OpenCountRow): OpenCount {
  return {
    accountId: fromNullable(account_id),
    team: fromNullable(team),
    severity: SEVERITIES[severity] ?? 'INFORMATIONAL',
    count,
    lastSeenAt: last_seen_at,
  };
}

/** What a change of a problem needs to know of it. */
type Found = {
  readonly id: number;
  readonly version: number;
  readonly last_history: number | null;
  readonly last_outbox: number | null;
  readonly event_chunk: number | null;
  readonly event_start: number | null;
  readonly event_length: number | null;
};

/** Writes one change inside a transaction; false when the stored version is another one. */
function changeWriter(
  connection: Connection,
  index: HashIndex,
  enqueue: Enqueue,
): (change: ProblemChange, events: EventWriter) => boolean {
  const find = connection.prepare<Found>(
    `SELECT p.id, version, ${POINTERS.join(', ')} FROM ${NAMED_PROBLEM} WHERE ${IS_NAMED}`,
  );
  const columns = [...PROBLEM_COLUMNS, ...POINTERS];
  const insert = connection.prepare(
    `INSERT INTO problem (${columns.join(', ')}, key) VALUES (${columns.map(() => '?').join(', ')}, ?)`,
  );
  const update = connection.prepare(
    `UPDATE problem SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );
  const selectBody = connection.prepare<{ problem: string }>('SELECT problem FROM problem_body WHERE id = ?');
  const insertBody = connection.prepare('INSERT INTO problem_body (id, problem) VALUES (?, ?)');
  const updateBody = connection.prepare('UPDATE problem_body SET problem = ? WHERE id = ?');
  const insertHistory = connection.prepare(
    'INSERT INTO history (previous, at, what, done_by, detail) VALUES (?, ?, ?, ?, ?)',
  );

  function lastHistory(history: readonly HistoryEntry[], found: Found | undefined): number | null {
    let last = found?.last_history ?? null;
    for (const { at, what, by, detail } of history) {
      last = Number(insertHistory.run(last, at, what, toColumn(by), toColumn(detail)).lastInsertRowid);
    }
    return last;
  }

  function lastOutbox({ outbox, problem }: ProblemChange, found: Found | undefined): number | null {
    return outbox.reduce((last, item) => enqueue(item, { key: problem.key, last }), found?.last_outbox ?? null);
  }

  return (change, events) => {
    const { problem, expectedVersion, history } = change;
    const [hash, key] = named(problem.key);
    const found = find.get(hash, key);
    if ((found?.version ?? 0) !== expectedVersion) return false;
    const values = [
      ...columnsOf(problem),
      lastHistory(history, found),
      lastOutbox(change, found),
      ...placeOf(change, found, events),
    ];
    const body = bodyOf(problem);
    if (found === undefined) {
      const id = Number(insert.run(...values, key).lastInsertRowid);
      insertBody.run(id, body);
      index.add(hash, id);
    } else {
      update.run(...values, found.id);
      if (selectBody.get(found.id)?.problem !== body) updateBody.run(body, found.id);
    }
    return true;
  };
}

/** Where the latest event of the problem lies after this change. */
function placeOf({ rawEvent }: ProblemChange, found: Found | undefined, events: EventWriter): Value[] {
  if (rawEvent === undefined) {
    return [found?.event_chunk ?? null, found?.event_start ?? null, found?.event_length ?? null];
  }
  const { chunk, start, length } = events.add(rawEvent);
  const old = found?.event_chunk ?? null;
  if (old !== null) events.release(old);
  return [chunk, start, length];
}

/** The values of `IS_NAMED`. */
function named(key: ProblemKey): [hash: number, key: string] {
  const column = toColumn(key);
  return [hashOf(column), column];
}

type HistoryRow = { at: number; what: HistoryEntry['what']; done_by: string; detail: string };

function historyFrom({ at, what, done_by, detail }: HistoryRow): HistoryEntry {
  return { at, what, by: fromColumn(done_by), detail: fromColumn(detail) };
}
