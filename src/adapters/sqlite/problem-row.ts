import { searchText } from '#adapters/memory/problem-query.ts';
import type { Problem } from '#core/finding/problem.ts';
import { severityRank } from '#core/finding/severity.ts';
import type { Value } from './connection.ts';
import { toColumn, toInteger, toNullable } from './text.ts';

/** Columns of `problem` that are written with every version. */
export const PROBLEM_COLUMNS: readonly string[] = [
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
  'moving',
];

/** What a sighting without news changes, and nothing else does. */
type Moving = readonly [
  version: number,
  lastSeenAt: number,
  timesSeen: number,
  updatedAt: number,
  observedLastSeenAt: number | null,
  count: number | null,
];

export type StoredProblem = { readonly moving: string; readonly body: string };

/** The values of `PROBLEM_COLUMNS`. */
export function columnsOf(problem: Problem): Value[] {
  const { observation } = problem;
  const moving: Moving = [
    problem.version,
    problem.lastSeenAt,
    problem.timesSeen,
    observation.updatedAt,
    observation.lastSeenAt,
    observation.count,
  ];
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
    toInteger(problem.firstSeenAt),
    toInteger(problem.lastSeenAt),
    toInteger(problem.timesSeen),
    toColumn(observation.title),
    searchText(problem),
    JSON.stringify(moving),
  ];
}

/** The problem without what moves. */
export function bodyOf(problem: Problem): string {
  const observation = { ...problem.observation, updatedAt: 0, lastSeenAt: 0, count: 0 };
  return JSON.stringify({ ...problem, version: 0, lastSeenAt: 0, timesSeen: 0, observation });
}

/** The problem that `columnsOf` and `bodyOf` were given. */
export function problemFrom({ moving, body }: StoredProblem): Problem {
  // Written by columnsOf and bodyOf.
  const [version, lastSeenAt, timesSeen, updatedAt, observedLastSeenAt, count] = JSON.parse(moving) as Moving;
  const { observation, ...problem } = JSON.parse(body) as Problem;
  return {
    ...problem,
    version,
    lastSeenAt,
    timesSeen,
    observation: { ...observation, updatedAt, lastSeenAt: observedLastSeenAt, count },
  };
}
