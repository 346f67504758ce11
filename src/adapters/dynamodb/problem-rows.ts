import type { FacetColumn } from '#adapters/memory/problem-query.ts';
import { facetOfProblems, pageOfProblems } from '#adapters/memory/problem-query.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem, ProblemStatus } from '#core/finding/problem.ts';
import type { ProblemQuery, ProblemStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { digest, listPartition, padded, SHARDS, shardOf } from './keys.ts';
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

/** The attributes that put a problem into its list: by status, last seen. */
export function problemListAttributes(problem: Problem): Readonly<Record<string, unknown>> {
  return {
    listPk: listPartition.problems(problem.status, shardOf(problem.key)),
    listSk: `${padded(problem.lastSeenAt)}#${digest(problem.key)}`,
    ...rowAttribute(rowOf(problem)),
  };
}

/** Problems a page or a count at a time: rows are filtered here, and only the problems of the page are read in full. */
export function createProblemLists(
  table: DynamoTable,
  contents: Contents,
  problems: ProblemStore['problems'],
): Pick<ProblemStore, 'problemPage' | 'problemFacet'> {
  // Items of the problem lists hold problems.
  const reader = createListReader<ProblemRow>(table, contents, (value) => rowOf(value as Problem));

  async function rowsOf(statuses: readonly ProblemStatus[]): Promise<Problem[]> {
    const partitions = statuses.flatMap((status) => SHARDS.map((shard) => listPartition.problems(status, shard)));
    // The queries below look at nothing that a row does not have.
    return newestOfEach(await reader.all(partitions)) as Problem[];
  }

  return {
    problemPage: async (query) => {
      const { items, ...page } = pageOfProblems(await rowsOf(statusesOf(query)), query);
      const found = await problems(items.map(({ key }) => key));
      return { ...page, items: items.flatMap(({ key }) => found.get(key) ?? []) };
    },
    problemFacet: async (column: FacetColumn) => facetOfProblems(await rowsOf(STATUSES), column),
  };
}

function statusesOf({ status, not }: ProblemQuery): ProblemStatus[] {
  return STATUSES.filter((one) => (status?.includes(one) ?? true) && !(not?.status?.includes(one) ?? false));
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
