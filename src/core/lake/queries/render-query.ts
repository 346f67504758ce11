import { YaguraError } from '#core/errors/yagura-error.ts';
import type { BuiltInQuery, QueryParameter } from '#core/lake/queries/built-in-query.ts';
import { flatRowsSql, type RowScope } from '#core/lake/queries/flat-rows.ts';
import type { LakeCatalog } from '#core/lake/queries/lake-catalog.ts';
import { ipKey, ipRange } from '#core/lake/search/ip-range.ts';
import type { SqlValue } from '#core/lake/sql/with-literals.ts';

/** What a query is asked with. */
export interface QueryValues {
  /** Epoch ms: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
  /** The account and the Region whose logs are read; absent: all. */
  readonly account?: string;
  readonly region?: string;
  readonly principal?: string;
  /** An address or a network: `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`. */
  readonly ip?: string;
  readonly key?: string;
  readonly resource?: string;
  /** How many it takes to be told; 10 unless given. */
  readonly least?: number;
  /** At most so many rows; 1,000 unless given. */
  readonly limit?: number;
}

/** A statement with `?` for its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** The statement of a built-in query for what a catalog holds. Throws `input.invalid` where a parameter is missing or wrong. */
export function renderQuery(query: BuiltInQuery, values: QueryValues, catalog: LakeCatalog): Statement {
  const given = parametersOf(query, values);
  const scope: RowScope = {
    from: '$from',
    to: '$to',
    firstDay: '$first_day',
    lastDay: '$last_day',
    ...(values.account === undefined ? {} : { account: '$account' }),
    ...(values.region === undefined ? {} : { region: '$region' }),
  };
  const rows = Object.entries(query.rows).map(
    ([name, flat]) => `${name} AS (\n  ${flatRowsSql(flat, catalog, scope)}\n)`,
  );
  const text = `WITH ${rows.join(',\n')}\n${query.sql(catalog.dialect).trim()}\nLIMIT ${wholeNumber('limit', values.limit ?? 1000)}`;
  return numbered(text, given);
}

function parametersOf(query: BuiltInQuery, values: QueryValues): ReadonlyMap<string, SqlValue> {
  if (!(values.from < values.to))
    throw new YaguraError('input.invalid', `The time of ${query.id} ends at or before its beginning`);
  const given = new Map<string, SqlValue>([
    ['from', wholeNumber('from', values.from)],
    ['to', wholeNumber('to', values.to)],
    ['first_day', dayOf(values.from)],
    ['last_day', dayOf(values.to - 1)],
  ]);
  if (values.account !== undefined) given.set('account', values.account);
  if (values.region !== undefined) given.set('region', values.region);
  for (const name of query.parameters) for (const [key, value] of own(query, name, values)) given.set(key, value);
  return given;
}

function own(query: BuiltInQuery, name: QueryParameter, values: QueryValues): readonly (readonly [string, SqlValue])[] {
  if (name === 'least') return [['least', wholeNumber('least', values.least ?? 10)]];
  const value = values[name];
  if (value === undefined || value === '')
    throw new YaguraError('input.invalid', `The query ${query.id} needs the parameter ${name}`);
  return name === 'ip' ? addressOf(value) : [[name, value]];
}

function addressOf(text: string): readonly (readonly [string, SqlValue])[] {
  const key = ipKey(text);
  const range = key === undefined ? ipRange(text) : { first: key, last: key };
  if (range === undefined)
    throw new YaguraError(
      'input.invalid',
      `${JSON.stringify(text)} is neither an IP address nor a network such as 192.0.2.0/24`,
    );
  return [
    ['ip', text],
    ['ip_first', range.first],
    ['ip_last', range.last],
  ];
}

function numbered(text: string, given: ReadonlyMap<string, SqlValue>): Statement {
  const parameters: SqlValue[] = [];
  const sql = text.replace(/\$([a-z_]+)/g, (_, name: string) => {
    const value = given.get(name);
    if (value === undefined) throw new TypeError(`The text of the query uses $${name}, which is no parameter of it`);
    parameters.push(value);
    return '?';
  });
  return { sql, parameters };
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new YaguraError('input.invalid', `${name} must be a whole number, not ${value}`);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
