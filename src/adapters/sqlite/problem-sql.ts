import type { Word } from '#adapters/memory/problem-query.ts';
import { unwantedWords, wordsOf } from '#adapters/memory/problem-query.ts';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { ProblemQuery } from '#ports/state-store.ts';
import type { Value } from './connection.ts';
import { toColumn } from './text.ts';

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
type Condition = { readonly sql: string; readonly values: readonly Value[] };

/** The column of each filter. */
export const COLUMN_OF: Readonly<Record<ListFilter, string>> = {
  status: 'status',
  kind: 'kind',
  severity: 'severity',
  accountId: 'account_id',
  environment: 'environment',
  team: 'team',
  region: 'region',
  type: 'type',
  assignedTo: 'assigned_to',
};
// The keys of a record typed by them.
const LIST_FILTERS = Object.keys(COLUMN_OF) as readonly ListFilter[];

/** A severity's place is its rank. */
const RANKED: readonly string[] = SEVERITIES;

const SORT_COLUMN_OF = {
  lastSeenAt: 'last_seen_at',
  firstSeenAt: 'first_seen_at',
  severity: 'severity',
  timesSeen: 'times_seen',
  title: 'title',
} as const;

/** The WHERE clause of a query; every value is a parameter. */
export function conditionOf(query: ProblemQuery): Condition {
  const { not = {} } = query;
  const conditions = LIST_FILTERS.flatMap((name) => [
    ...listCondition(name, query[name], ''),
    ...listCondition(name, not[name], 'NOT '),
  ]);
  conditions.push(...wordsOf(query.text ?? '', query.meaning).map(wordCondition));
  for (const words of unwantedWords(query)) {
    const { sql, values } = all(words.map(wordCondition));
    conditions.push({ sql: `NOT (${sql})`, values });
  }
  return all(conditions);
}

function all(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: '1', values: [] };
  return { sql: conditions.map(({ sql }) => sql).join(' AND '), values: conditions.flatMap(({ values }) => values) };
}

function wordCondition({ text, accountIds, teams }: Word): Condition {
  const isInText = 'instr(search, ?) > 0';
  if (accountIds.length + teams.length === 0) return { sql: isInText, values: [text] };
  // One parameter for each list: a word may stand for more accounts than a statement has parameters.
  const isMeant = (column: string) => `coalesce(${column} IN (SELECT value FROM json_each(?)), 0)`;
  return {
    sql: `(${isInText} OR ${isMeant('account_id')} OR ${isMeant('team')})`,
    values: [text, JSON.stringify(accountIds.map(toColumn)), JSON.stringify(teams.map(toColumn))],
  };
}

/** The ORDER BY clause of a query; the key last, so that pages fit together. */
export function orderOf(sort: ProblemQuery['sort']): string {
  const { by, descending } = sort ?? { by: 'lastSeenAt', descending: true };
  return `${SORT_COLUMN_OF[by]} ${descending ? 'DESC' : 'ASC'}, key`;
}

function listCondition(
  name: ListFilter,
  wanted: readonly (string | null)[] | undefined,
  negation: '' | 'NOT ',
): Condition[] {
  if (wanted === undefined) return [];
  const column = COLUMN_OF[name];
  const values = wanted.filter((value) => value !== null).map((value) => filterValue(name, value));
  // Never NULL, so that its negation holds for rows without a value.
  const isOneOf = `coalesce(${column} IN (${values.map(() => '?').join(', ')}), 0)`;
  const sql = wanted.includes(null) ? `(${column} IS NULL OR ${isOneOf})` : isOneOf;
  return [{ sql: `${negation}${sql}`, values }];
}

function filterValue(name: ListFilter, value: string): Value {
  // A word that names no severity becomes a rank that no row has.
  return name === 'severity' ? RANKED.indexOf(value) : toColumn(value);
}
