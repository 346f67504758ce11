import { YaguraError } from '#core/errors/yagura-error.ts';
import { sqlText } from '#core/lake/sql/literal.ts';

/** A value that a statement is given for a `?`. */
export type SqlValue = string | number | bigint | boolean | null;

// Texts, quoted names and comments: a `?` inside them is no parameter.
const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;

/**
 * A statement with its parameters written in as literals. Both engines read them alike, and Athena's own parameters
 * are literals too, but limited to 1,024 characters each. Throws `input.invalid` where the numbers do not agree.
 */
export function withLiterals(sql: string, parameters: readonly SqlValue[]): string {
  let used = 0;
  const filled = sql.replace(pieces, (piece) => {
    if (piece !== '?') return piece;
    const value = parameters[used];
    used += 1;
    return value === undefined ? piece : sqlLiteral(value);
  });
  if (used === parameters.length) return filled;
  throw new YaguraError(
    'input.invalid',
    `The statement has ${used} parameters (?) but ${parameters.length} values were given for them`,
  );
}

/** A value as a literal of DuckDB and Trino. */
export function sqlLiteral(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return sqlText(value);
  if (typeof value !== 'number' || Number.isInteger(value))
    return String(typeof value === 'number' ? BigInt(value) : value);
  if (!Number.isFinite(value)) throw new YaguraError('input.invalid', `${value} cannot be given to a statement`);
  return `${value}`.includes('e') ? `${value}` : `${value}e0`;
}
