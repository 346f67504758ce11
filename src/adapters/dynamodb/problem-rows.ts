import type { FacetColumn } from '#adapters/memory/problem-query.ts';
import { facetOfProblems, openCountsOf, pageOfProblems } from '#adapters/memory/problem-query.ts';
import type { ProblemKey, ProblemKind } from '#core/finding/observation.ts';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import type { Problem, ProblemStatus } from '#core/finding/problem.ts';
import type { ProblemQuery, ProblemStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { digest, listPartition, SHARDS, shardOf } from './keys.ts';
import type { Listed } from './list-rows.ts';
import { createListReader, rowAttribute } from './list-rows.ts';

/** What lists look at in a problem. */
type ProblemRow = Pick<
  Problem,
  'key' | 'version' | 'status' | 'team' | 'environment' | 'assignedTo' | 'firstSeenAt' | 'lastSeenAt' | 'timesSeen'
> & {
  readonly observation: Pick<
    Problem['observation'],
    'kind' | 'severity' | 'accountId' | 'region' | 'type' | 'title'
  > & { readonly resources: readonly { readonly id: string }[] };
};

const STATUSES: readonly ProblemStatus[] = ['open', 'resolved', 'suppressed'];
const KINDS: readonly ProblemKind[] = [...FINDING_KINDS, 'account'];

/**
 * The attributes that put a problem into the list of its status and kind. When it was last seen is in the row, not in the key: an honest
 * total needs every row of a page's query anyway, a key that moves would cost a second write unit with every repeat of a finding,
 * and a row that stays where it is cannot be missed while the list is read.
 */
export function problemListAttributes(problem: Problem): Readonly<Record<string, unknown>> {
  return {
    listPk: listPartition.problems(problem.status, problem.observation.kind, shardOf(problem.key)),
    listSk: digest(problem.key),
    ...rowAttribute(rowOf(problem)),
  };
}

/** Problems a page or a count at a time: rows are filtered here, and only the problems of the page are read in full. */
export function createProblemLists(
  table: DynamoTable,
  contents: Contents,
  problems: ProblemStore['problems'],
): Pick<ProblemStore, 'problemPage' | 'problemFacet' | 'openCounts'> {
  // Items of the problem lists hold problems.
  const reader = createListReader<ProblemRow>(table, contents, (value) => rowOf(value as Problem));

  async function rowsOf(query: ProblemQuery): Promise<Problem[]> {
    const partitions = wanted(STATUSES, query.status, query.not?.status).flatMap((status) =>
      wanted(KINDS, query.kind, query.not?.kind).flatMap((kind) =>
        SHARDS.map((shard) => listPartition.problems(status, kind, shard)),
      ),
    );
    // The queries below look at nothing that a row does not have.
    return newestOfEach(await reader.all(partitions)) as Problem[];
  }

  return {
    problemPage: async (query) => {
      const { items, ...page } = pageOfProblems(await rowsOf(query), query);
      const found = await problems(items.map(({ key }) => key));
      return { ...page, items: items.flatMap(({ key }) => found.get(key) ?? []) };
    },
    problemFacet: async (column: FacetColumn) => facetOfProblems(await rowsOf({}), column),
    openCounts: async () => openCountsOf(await rowsOf({ status: ['open'] })),
  };
}

function wanted<T>(all: readonly T[], only: readonly T[] = all, not: readonly T[] = []): T[] {
  return all.filter((one) => only.includes(one) && !not.includes(one));
}

function rowOf(problem: Problem): ProblemRow {
  const { key, version, status, team, environment, assignedTo, firstSeenAt, lastSeenAt, timesSeen } = problem;
  const { kind, severity, accountId, region, type, title, resources } = problem.observation;
  return {
    ...{ key, version, status, team, environment, assignedTo, firstSeenAt, lastSeenAt, timesSeen },
    observation: { kind, severity, accountId, region, type, title, resources: resources.map(({ id }) => ({ id })) },
  };
}

// A problem that changes its status while the lists are read may show up in both.
function newestOfEach(listed: readonly Listed<ProblemRow>[]): ProblemRow[] {
  const newest = new Map<ProblemKey, ProblemRow>();
  for (const { row } of listed) {
    const known = newest.get(row.key);
    if (known === undefined || known.version < row.version) newest.set(row.key, row);
  }
  return [...newest.values()];
}
