import { z } from 'zod';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { Directory } from '#core/organization/directory.ts';
import type { ProblemQuery, WordMeaning } from '#ports/state-store.ts';

const PROPERTIES = [
  'status',
  'kind',
  'severity',
  'account',
  'environment',
  'team',
  'region',
  'type',
  'assignee',
  'text',
] as const;
const tokens = z
  .array(
    z.object({ property: z.enum(PROPERTIES), operator: z.enum(['=', '!=', ':', '!:']), value: z.string().max(500) }),
  )
  .max(50);
type Token = z.infer<typeof tokens>[number];

const COLUMNS = {
  status: 'status',
  kind: 'kind',
  severity: 'severity',
  account: 'accountId',
  environment: 'environment',
  team: 'team',
  region: 'region',
  type: 'type',
  assignee: 'assignedTo',
} as const;
/** Columns that may have no value, which the console writes `-`. */
const NULLABLE: readonly string[] = ['account', 'environment', 'team', 'assignee'];
/** How the console writes that there is no team, no assignee, no environment. */
export const NONE = '-';
const ALLOWED: Partial<Record<Token['property'], readonly string[]>> = {
  status: ['open', 'resolved', 'suppressed'],
  kind: [...FINDING_KINDS, 'account'],
  severity: SEVERITIES,
};

/** Turns the console's filter tokens into a query; throws `input.invalid` naming what is wrong. */
export function findingFilter(json: string | undefined, directory: Directory): ProblemQuery {
  const parsed = readTokens(json);
  const positive = parsed.filter((token) => !token.operator.startsWith('!'));
  const negative = parsed.filter((token) => token.operator.startsWith('!'));
  const text = textsOf(positive).join(' ');
  const not = { ...columnsOf(negative), ...(textsOf(negative).length === 0 ? {} : { text: textsOf(negative) }) };
  return {
    ...columnsOf(positive),
    ...(text === '' ? {} : { text }),
    ...(Object.keys(not).length === 0 ? {} : { not }),
    meaning: namesIn(directory),
  };
}

/** What people call accounts and teams: the store knows their ids only. */
function namesIn(directory: Directory): (word: string) => WordMeaning {
  const accounts = directory.accounts.map(({ id, name }) => ({ id, name: name.toLowerCase() }));
  const ids = new Set(directory.accounts.flatMap(({ team }) => (team === null ? [] : [team])));
  const teams = [...ids].map((id) => ({ id, name: (directory.teamName(id) ?? id).toLowerCase() }));
  return (word) => ({
    accountIds: accounts.filter(({ name }) => name.includes(word)).map(({ id }) => id),
    teams: teams.filter(({ name }) => name.includes(word)).map(({ id }) => id),
  });
}

function readTokens(json: string | undefined): Token[] {
  if (json === undefined || json === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new YaguraError('input.invalid', 'The filter is not JSON.');
  }
  const parsed = tokens.safeParse(value);
  if (!parsed.success)
    throw new YaguraError('input.invalid', `The filter is not understood: ${z.prettifyError(parsed.error)}`);
  for (const token of parsed.data) refuseMeaningless(token);
  return parsed.data;
}

function refuseMeaningless({ property, operator, value }: Token): void {
  if (property === 'text') return;
  if (operator === ':' || operator === '!:')
    throw new YaguraError(
      'input.invalid',
      `${property} takes the operators = and !=; only text takes ${operator} (contains).`,
    );
  const allowed = ALLOWED[property];
  if (allowed !== undefined && !allowed.includes(value))
    throw new YaguraError(
      'input.invalid',
      `${property} is one of ${allowed.join(', ')}, not ${JSON.stringify(value.slice(0, 50))}.`,
    );
}

function textsOf(list: readonly Token[]): string[] {
  return list.filter(({ property }) => property === 'text').map(({ value }) => value);
}

function columnsOf(list: readonly Token[]): Omit<ProblemQuery, 'text' | 'not'> {
  const columns: Record<string, (string | null)[]> = {};
  for (const { property, value } of list) {
    if (property === 'text') continue;
    const column = COLUMNS[property];
    columns[column] = [...(columns[column] ?? []), ...valuesOf(property, value)];
  }
  // Values of closed columns were checked against their words.
  return columns;
}

function valuesOf(property: Token['property'], value: string): (string | null)[] {
  if (value !== NONE || !NULLABLE.includes(property)) return [value];
  // Accounts that the directory knows without an environment, and accounts it does not know.
  return property === 'environment' ? [null, ''] : [null];
}
