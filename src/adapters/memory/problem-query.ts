import type { Problem } from '#core/finding/problem.ts';
import { severityRank } from '#core/finding/severity.ts';
import type { OpenCount, Page, ProblemQuery, ProblemStore, WordMeaning } from '#ports/state-store.ts';

type ListFilter =
  | 'status'
  | 'kind'
  | 'severity'
  | 'accountId'
  | 'environment'
  | 'team'
  | 'region'
  | 'type'
  | 'assignedTo';
type Filters = Omit<ProblemQuery, 'text' | 'meaning' | 'not' | 'sort' | 'limit' | 'offset'>;
export type FacetColumn = Parameters<ProblemStore['problemFacet']>[0];

export const MAX_PAGE = 500;
const DEFAULT_PAGE = 50;
const MAX_FACET_VALUES = 200;

const COLUMNS: Readonly<Record<ListFilter, (problem: Problem) => string | null>> = {
  status: (problem) => problem.status,
  kind: (problem) => problem.observation.kind,
  severity: (problem) => problem.observation.severity,
  accountId: (problem) => problem.observation.accountId,
  environment: (problem) => problem.environment,
  team: (problem) => problem.team,
  region: (problem) => problem.observation.region,
  type: (problem) => problem.observation.type,
  assignedTo: (problem) => problem.assignedTo,
};
// The keys of a record typed by them.
const LIST_FILTERS = Object.keys(COLUMNS) as readonly ListFilter[];

/** Lower case, with lone surrogates replaced as every store that writes UTF-8 does. */
export function foldedText(text: string): string {
  return text.toLowerCase().toWellFormed();
}

/** One word of a text to search, folded, with what it stands for. */
export type Word = WordMeaning & { readonly text: string };

/** The words that must all be found. */
export function wordsOf(text: string, meaning: ProblemQuery['meaning']): Word[] {
  const words = foldedText(text)
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.map((word) => ({ accountIds: [], teams: [], ...meaning?.(word), text: word }));
}

/** The words of each text that excludes by itself; one without words excludes nothing. */
export function unwantedWords({ not, meaning }: ProblemQuery): Word[][] {
  return (not?.text ?? []).map((text) => wordsOf(text, meaning)).filter((words) => words.length > 0);
}

/** Everything `text` is searched in, folded; a line break keeps a match from spanning two fields. */
export function searchText(problem: Problem): string {
  const { title, type, resources, accountId } = problem.observation;
  const fields = [problem.key, title, type, accountId ?? '', problem.team ?? '', ...resources.map(({ id }) => id)];
  return foldedText(fields.join('\n'));
}

/** Tells whether a problem passes all given filters and none of those in `not`. */
function matcherOf(query: ProblemQuery): (problem: Problem) => boolean {
  const { not = {} } = query;
  const wanted = wordsOf(query.text ?? '', query.meaning);
  const unwanted = unwantedWords(query);
  return (problem) =>
    LIST_FILTERS.every((name) => holds(problem, name, query) !== false && holds(problem, name, not) !== true) &&
    hasWords(problem, wanted) &&
    !unwanted.some((words) => hasWords(problem, words));
}

/** Orders problems as asked; equal ones by key, so that pages fit together. */
export function problemOrder(sort: ProblemQuery['sort']): (a: Problem, b: Problem) => number {
  const { by, descending } = sort ?? { by: 'lastSeenAt', descending: true };
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const x = sortValue(a, by);
    const y = sortValue(b, by);
    if (x !== y) return x < y ? -sign : sign;
    return a.key < b.key ? -1 : 1;
  };
}

/** One page of what matches among `problems`. */
export function pageOfProblems(problems: Iterable<Problem>, query: ProblemQuery): Page<Problem> {
  const found = [...problems].filter(matcherOf(query)).sort(problemOrder(query.sort));
  return pageOf(found, query);
}

/** Cuts a page out of a whole list; the token of the next page is its offset. */
export function pageOf<T>(all: readonly T[], query: { readonly limit?: number; readonly offset?: number }): Page<T> {
  const { limit, offset } = pageBounds(query);
  const end = offset + limit;
  return { items: all.slice(offset, end), total: all.length, nextToken: end < all.length ? String(end) : null };
}

/** The limit and offset in force. */
export function pageBounds(query: { readonly limit?: number; readonly offset?: number }): {
  limit: number;
  offset: number;
} {
  return {
    limit: Math.min(Math.max(query.limit ?? DEFAULT_PAGE, 1), MAX_PAGE),
    offset: Math.max(query.offset ?? 0, 0),
  };
}

/** Distinct values of one column with how many open problems have them, largest first. */
export function facetOfProblems(
  problems: Iterable<Problem>,
  column: FacetColumn,
): { value: string | null; count: number }[] {
  const counts = new Map<string | null, number>();
  for (const problem of problems) {
    const value = COLUMNS[column](problem);
    counts.set(value, (counts.get(value) ?? 0) + (problem.status === 'open' ? 1 : 0));
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_FACET_VALUES);
}

/** How many problems are open, by account, team and severity. */
export function openCountsOf(problems: Iterable<Problem>): OpenCount[] {
  const counts = new Map<string, OpenCount>();
  for (const { status, team, lastSeenAt, observation } of problems) {
    if (status !== 'open') continue;
    const { accountId, severity } = observation;
    const group = JSON.stringify([accountId, team, severity]);
    const known = counts.get(group) ?? { accountId, team, severity, count: 0, lastSeenAt };
    counts.set(group, { ...known, count: known.count + 1, lastSeenAt: Math.max(known.lastSeenAt, lastSeenAt) });
  }
  return [...counts.values()];
}

function holds(problem: Problem, name: ListFilter, filters: Filters): boolean | undefined {
  const wanted: readonly (string | null)[] | undefined = filters[name];
  return wanted?.includes(COLUMNS[name](problem));
}

function hasWords(problem: Problem, words: readonly Word[]): boolean {
  if (words.length === 0) return true;
  const searched = searchText(problem);
  return words.every(
    ({ text, accountIds, teams }) =>
      searched.includes(text) ||
      accountIds.includes(problem.observation.accountId ?? '') ||
      teams.includes(problem.team ?? ''),
  );
}

function sortValue(problem: Problem, by: NonNullable<ProblemQuery['sort']>['by']): number | string {
  switch (by) {
    case 'title':
      return problem.observation.title;
    case 'severity':
      return severityRank(problem.observation.severity);
    default:
      return problem[by];
  }
}
