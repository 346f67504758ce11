import { pageBounds, searchText } from '#adapters/memory/problem-query.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import { SEVERITIES, severityRank } from '#core/finding/severity.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { ProblemChange, ProblemQuery, ProblemStore } from '#ports/state-store.ts';
import type { Connection, Value } from './connection.ts';
import { COLUMN_OF, conditionOf, orderOf } from './problem-sql.ts';
import { fromColumn, fromEventColumn, fromNullable, toColumn, toEventColumn, toNullable } from './text.ts';

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

/** Problems in `problem` and `problem_body`; `enqueue` writes an outbox item inside the same transaction. */
export function sqliteProblems(connection: Connection, enqueue: (item: OutboxItem) => void): ProblemStore {
  const writeChange = changeWriter(connection, enqueue);
  const body = connection.prepare<{ problem: string }>(
    'SELECT b.problem FROM problem AS p JOIN problem_body AS b ON b.id = p.id WHERE p.key = ?',
  );
  const history = connection.prepare<HistoryRow>(
    `SELECT h.at, h.what, h.done_by, h.detail FROM problem AS p JOIN history AS h ON h.problem_id = p.id
     WHERE p.key = ? ORDER BY h.version, h.place`,
  );
  const rawEvent = connection.prepare<{ raw_event: string | Uint8Array | null }>(
    'SELECT b.raw_event FROM problem AS p JOIN problem_body AS b ON b.id = p.id WHERE p.key = ?',
  );

  return {
    problems: (keys) =>
      connection.read('read problems', () => {
        const found = new Map<ProblemKey, Problem>();
        for (const key of keys) {
          const row = body.get(toColumn(key));
          if (row !== undefined) found.set(key, problemFrom(row.problem));
        }
        return found;
      }),
    apply: async (changes) => {
      if (changes.length === 0) return [];
      return await connection.write('write problems', () =>
        changes.filter((change) => !writeChange(change)).map(({ problem }) => problem.key),
      );
    },
    history: (key) => connection.read('read a history', () => history.all(toColumn(key)).map(historyFrom)),
    rawEvent: (key) =>
      connection.read('read an event', () => {
        const column = rawEvent.get(toColumn(key))?.raw_event;
        return column === undefined || column === null ? undefined : fromEventColumn(column);
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

/** Writes one change inside a transaction; false when the stored version is another one. */
function changeWriter(connection: Connection, enqueue: (item: OutboxItem) => void): (change: ProblemChange) => boolean {
  const insert = connection.prepare<{ id: number }>(
    `INSERT INTO problem (${COLUMNS.join(', ')}, key) VALUES (${COLUMNS.map(() => '?').join(', ')}, ?)
     ON CONFLICT (key) DO NOTHING RETURNING id`,
  );
  const update = connection.prepare<{ id: number }>(
    `UPDATE problem SET ${COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE key = ? AND version = ? RETURNING id`,
  );
  const insertBody = connection.prepare('INSERT INTO problem_body (id, problem, raw_event) VALUES (?, ?, ?)');
  const replaceBody = connection.prepare('UPDATE problem_body SET problem = ?, raw_event = ? WHERE id = ?');
  const replaceProblem = connection.prepare('UPDATE problem_body SET problem = ? WHERE id = ?');
  const insertHistory = connection.prepare(
    'INSERT INTO history (problem_id, version, place, at, what, done_by, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );

  return ({ problem, expectedVersion, outbox, history, rawEvent }) => {
    const columns = columnsOf(problem);
    const row = expectedVersion === 0 ? insert.get(...columns) : update.get(...columns, expectedVersion);
    if (row === undefined) return false;
    const { id } = row;
    const body = JSON.stringify(problem);
    const raw = rawEvent === undefined ? undefined : toEventColumn(rawEvent);
    if (expectedVersion === 0) insertBody.run(id, body, raw ?? null);
    else if (raw === undefined) replaceProblem.run(body, id);
    else replaceBody.run(body, raw, id);
    for (const item of outbox) enqueue(item);
    for (const [place, { at, what, by, detail }] of history.entries()) {
      insertHistory.run(id, problem.version, place, at, what, toColumn(by), toColumn(detail));
    }
    return true;
  };
}

/** The values of `COLUMNS`, then the key. */
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
    toColumn(problem.key),
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
