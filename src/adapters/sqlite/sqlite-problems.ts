import { pageBounds, searchText } from '#adapters/memory/problem-query.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import { SEVERITIES, severityRank } from '#core/finding/severity.ts';
import type { ProblemChange, ProblemQuery, ProblemStore } from '#ports/state-store.ts';
import type { Connection, Value } from './connection.ts';
import type { EventPlace, EventWriter } from './event-chunks.ts';
import { eventChunks } from './event-chunks.ts';
import { COLUMN_OF, conditionOf, orderOf } from './problem-sql.ts';
import type { Enqueue } from './sqlite-outbox.ts';
import { fromColumn, fromNullable, hashOf, toColumn, toNullable } from './text.ts';

const MAX_FACET_VALUES = 200;

const COLUMNS = [
  'version',
  'status',
  'kind',
  'severity',
  'account_id',
  'environment',
  'team',
  'region',
  'type',
  'assigned_to',
  'first_seen_at',
  'last_seen_at',
  'times_seen',
  'title',
  'search',
];

/** Where the rows that belong to a problem are. */
const POINTERS = ['last_history', 'last_outbox', 'event_chunk', 'event_start', 'event_length'];

/** Problems in `problem` and `problem_body`; `enqueue` writes an outbox item inside the same transaction. */
export function sqliteProblems(connection: Connection, enqueue: Enqueue): ProblemStore {
  const events = eventChunks(connection);
  const writeChange = changeWriter(connection, enqueue);
  const body = connection.prepare<{ problem: string }>(
    'SELECT b.problem FROM problem AS p JOIN problem_body AS b ON b.id = p.id WHERE p.key_hash = ? AND p.key = ?',
  );
  const history = connection.prepare<HistoryRow>(
    `WITH RECURSIVE chain (id, previous, at, what, done_by, detail) AS (
       SELECT h.* FROM problem AS p JOIN history AS h ON h.id = p.last_history WHERE p.key_hash = ? AND p.key = ?
       UNION ALL SELECT h.* FROM chain JOIN history AS h ON h.id = chain.previous
     ) SELECT at, what, done_by, detail FROM chain ORDER BY id`,
  );
  const eventPlace = connection.prepare<EventPlace>(
    `SELECT event_chunk AS chunk, event_start AS start, event_length AS length FROM problem
     WHERE key_hash = ? AND key = ? AND event_chunk IS NOT NULL`,
  );

  return {
    problems: (keys) =>
      connection.read('read problems', () => {
        const found = new Map<ProblemKey, Problem>();
        for (const key of keys) {
          const row = body.get(...named(key));
          if (row !== undefined) found.set(key, problemFrom(row.problem));
        }
        return found;
      }),
    apply: async (changes) => {
      if (changes.length === 0) return [];
      return await connection.write('write problems', () => {
        const writer = events.begin();
        const lost = changes.filter((change) => !writeChange(change, writer));
        writer.end();
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

function problemLists(connection: Connection): Pick<ProblemStore, 'problemPage' | 'problemFacet'> {
  const bodyById = connection.prepare<{ problem: string }>('SELECT problem FROM problem_body WHERE id = ?');

  function page(query: ProblemQuery): { items: Problem[]; total: number; nextToken: string | null } {
    const { limit, offset } = pageBounds(query);
    const { sql, values } = conditionOf(query);
    const counted = connection.prepare<{ n: number }>(`SELECT count(*) AS n FROM problem WHERE ${sql}`).get(...values);
    const rows = connection
      .prepare<{ id: number }>(`SELECT id FROM problem WHERE ${sql} ORDER BY ${orderOf(query.sort)} LIMIT ? OFFSET ?`)
      .all(...values, limit, offset);
    const total = counted?.n ?? 0;
    return {
      items: rows.flatMap(({ id }) => bodyById.all(id).map(({ problem }) => problemFrom(problem))),
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
  enqueue: Enqueue,
): (change: ProblemChange, events: EventWriter) => boolean {
  const find = connection.prepare<Found>(
    `SELECT id, version, ${POINTERS.join(', ')} FROM problem WHERE key_hash = ? AND key = ?`,
  );
  const columns = [...COLUMNS, ...POINTERS];
  const insert = connection.prepare(
    `INSERT INTO problem (${columns.join(', ')}, key_hash, key) VALUES (${columns.map(() => '?').join(', ')}, ?, ?)`,
  );
  const update = connection.prepare(
    `UPDATE problem SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );
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
    const name = named(problem.key);
    const found = find.get(...name);
    if ((found?.version ?? 0) !== expectedVersion) return false;
    const values = [
      ...columnsOf(problem),
      lastHistory(history, found),
      lastOutbox(change, found),
      ...placeOf(change, found, events),
    ];
    const body = JSON.stringify(problem);
    if (found === undefined) {
      insertBody.run(insert.run(...values, ...name).lastInsertRowid, body);
    } else {
      update.run(...values, found.id);
      updateBody.run(body, found.id);
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

/** What `key_hash` and `key` must be. */
function named(key: ProblemKey): [hash: number, key: string] {
  const column = toColumn(key);
  return [hashOf(column), column];
}

/** The values of `COLUMNS`. */
function columnsOf(problem: Problem): Value[] {
  const { observation } = problem;
  return [
    problem.version,
    problem.status,
    observation.kind,
    severityRank(observation.severity),
    toNullable(observation.accountId),
    toNullable(problem.environment),
    toNullable(problem.team),
    toColumn(observation.region),
    toColumn(observation.type),
    toNullable(problem.assignedTo),
    problem.firstSeenAt,
    problem.lastSeenAt,
    problem.timesSeen,
    toColumn(observation.title),
    searchText(problem),
  ];
}

type HistoryRow = { at: number; what: HistoryEntry['what']; done_by: string; detail: string };

function historyFrom({ at, what, done_by, detail }: HistoryRow): HistoryEntry {
  return { at, what, by: fromColumn(done_by), detail: fromColumn(detail) };
}

function problemFrom(body: string): Problem {
  // Written by changeWriter from a Problem.
  return JSON.parse(body) as Problem;
}
