import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import type { ExceptionScope } from '#core/notification/exception.ts';
import type { ProblemQuery, ProblemStore } from '#ports/state-store.ts';

type Problems = Pick<ProblemStore, 'problems' | 'problemPage'>;

const PAGE = 500;

/** All open problems that match, read before the first is given, so that the caller may change them. */
export async function* openProblemsOf(
  query: Pick<ProblemQuery, 'kind' | 'accountId'>,
  store: Problems,
): AsyncGenerator<Problem, void> {
  const found = new Map<ProblemKey, Problem>();
  for (let offset = 0; ; offset += PAGE) {
    const sort = { by: 'firstSeenAt', descending: false } as const;
    const { items, total } = await store.problemPage({ ...query, status: ['open'], sort, limit: PAGE, offset });
    for (const problem of items) found.set(problem.key, problem);
    if (offset + PAGE >= total) break;
  }
  yield* found.values();
}

/**
 * Open problems that an exception of this scope may cover, and others: it asks by what never changes about a problem, its key
 * and account, because a type or a team may have been another one when the exception was applied.
 */
export async function* openProblemsIn(scope: ExceptionScope, store: Problems): AsyncGenerator<Problem, void> {
  if (scope.problemKey === undefined) {
    const { accountId } = scope;
    return yield* openProblemsOf(accountId === undefined ? {} : { accountId: [accountId] }, store);
  }
  const problem = (await store.problems([scope.problemKey])).get(scope.problemKey);
  if (problem?.status === 'open') yield problem;
}
