/** Total readers for documents written by others: a missing or wrong-typed part is undefined, never a throw. */
export type Fields = Readonly<Record<string, unknown>>;

const MAX_TEXT = 8_192;

/** The value as an object, or undefined. */
export function fields(value: unknown): Fields | undefined {
  // Checked just before; arrays are no objects here.
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Follows keys (or indexes) into nested objects and arrays. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (current === null || typeof current !== 'object') return undefined;
    // Own properties only: a document must not reach `constructor` or `__proto__`.
    if (!Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** A non-empty string (numbers and booleans are spelled out), well-formed and at most 8,192 characters. */
export function text(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = path.length === 0 ? value : at(value, ...path);
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  if (typeof found !== 'string' || found === '') return undefined;
  return found.length > MAX_TEXT ? `${found.slice(0, MAX_TEXT).toWellFormed()}…` : found.toWellFormed();
}

/** A finite number, also when it comes as text. */
export function number(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = path.length === 0 ? value : at(value, ...path);
  const parsed = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}

/** The elements of an array; anything else is empty. */
export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = path.length === 0 ? value : at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Beyond it there is no date. */
const MAX_TIME = 8.64e15;

/** Epoch ms from ISO 8601, RFC 1123, epoch seconds or epoch ms. */
export function time(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = path.length === 0 ? value : at(value, ...path);
  if (typeof found === 'number' && found > 0 && found <= MAX_TIME)
    return Math.round(found < 1e11 ? found * 1000 : found);
  if (typeof found !== 'string' || found === '' || found.length > 64) return undefined;
  const parsed = Date.parse(found);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The first that is there. */
export function first<T>(...values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}

/** Drops undefined entries, so that optional properties stay absent. */
export function present<T extends Record<string, unknown>>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {};
  for (const key in entries) if (entries[key] !== undefined) kept[key] = entries[key];
  // Only undefined values were left out.
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}
