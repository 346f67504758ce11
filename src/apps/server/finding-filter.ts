import { z } from 'zod';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { ProblemQuery } from '#ports/state-store.ts';

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
const ALLOWED: Partial<Record<Token['property'], readonly string[]>> = {
  status: ['open', 'resolved', 'suppressed'],
  kind: [...FINDING_KINDS, 'account'],
  severity: SEVERITIES,
};

/** Turns the console's filter tokens into a query; throws `input.invalid` naming what is wrong. */
export function findingFilter(json: string | undefined): Pick<ProblemQuery, 'not' | 'text'> & ProblemQuery {
  const parsed = readTokens(json);
  const positive = build(parsed.filter((token) => !token.operator.startsWith('!')));
  const negative = build(parsed.filter((token) => token.operator.startsWith('!')));
  return Object.keys(negative).length === 0 ? positive : { ...positive, not: negative };
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
  return parsed.data;
}

function build(list: readonly Token[]): ProblemQuery {
  const columns: Record<string, (string | null)[]> = {};
  const words: string[] = [];
  for (const { property, operator, value } of list) {
    const isText = property === 'text' || operator === ':' || operator === '!:';
    if (isText || property === undefined) {
      words.push(value);
      continue;
    }
    const allowed = ALLOWED[property];
    if (allowed !== undefined && !allowed.includes(value))
      throw new YaguraError(
        'input.invalid',
        `${property} is one of ${allowed.join(', ')}, not ${JSON.stringify(value.slice(0, 50))}.`,
      );
    const column = COLUMNS[property];
    columns[column] = [...(columns[column] ?? []), value === '-' ? null : value];
  }
  // Values of closed columns were checked against their words above.
  return { ...(columns as ProblemQuery), ...(words.length === 0 ? {} : { text: words.join(' ') }) };
}
