/** What a column holds, in words that all engines share; `json` is everything nested, as text. */
export type EngineType = 'text' | 'whole' | 'decimal' | 'boolean' | 'time' | 'json';

/** A text, a number, a truth, nothing; times as ISO 8601 in UTC with milliseconds, whole numbers beyond 2^53 as text. */
export type EngineValue = string | number | boolean | null;

const whole = /^(?:tinyint|smallint|integer|int|bigint|hugeint|utinyint|usmallint|uinteger|ubigint|uhugeint)$/;
const decimal = /^(?:double|real|float|decimal(?:\(.*\))?)$/;
const nested = /^(?:struct|map|row|array|list|json|union)|\]$/;

/** The type of a column as an engine spells it (DuckDB, Trino, Athena), in the words of all engines. */
export function engineTypeOf(spelled: string): EngineType {
  const type = spelled.toLowerCase();
  if (whole.test(type)) return 'whole';
  if (decimal.test(type)) return 'decimal';
  if (type === 'boolean') return 'boolean';
  if (type.startsWith('timestamp')) return 'time';
  return nested.test(type) ? 'json' : 'text';
}

/** A value as an engine gives it, as the port's. */
export function engineValue(type: EngineType, value: unknown): EngineValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'whole': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case 'decimal':
      return Number(value);
    case 'boolean':
      return value === true || value === 'true';
    case 'time':
      return isoTime(String(value));
    case 'json':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'text':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

/** `2026-11-01 00:00:00[.123456][ UTC]` as ISO 8601 in UTC; anything else stays as it is. */
function isoTime(text: string): string {
  const found = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z| UTC|\+00(?::00)?)?$/.exec(text);
  return found === null ? text : `${found[1]}T${found[2]}.${(found[3] ?? '').slice(0, 3).padEnd(3, '0')}Z`;
}
