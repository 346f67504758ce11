import { isExactNumber } from './exact-json.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/**
 * Which parts of a JSON value a map.sql takes over: a test of a value (which also sees the object it is in), the used
 * keys of an object, or the used parts of each element of a list.
 */
export type Used = UsedValue | UsedObject | UsedList;
export type UsedValue = (value: unknown, parent: JsonObject) => boolean;
export interface UsedObject {
  readonly [key: string]: Used;
}
export interface UsedList {
  readonly each: Used;
  /** False for an element that is dropped as a whole. */
  readonly if?: (element: unknown) => boolean;
}

/** What of a value is not taken over, undefined where that is nothing; used elements of a list leave null in their place. */
export function remainder(value: unknown, used: Used, parent: JsonObject = {}): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof used === 'function') return used(value, parent) ? undefined : value;
  if (isUsedList(used)) return Array.isArray(value) ? listRemainder(value, used) : value;
  return isJsonObject(value) ? objectRemainder(value, used) : value;
}

function objectRemainder(value: JsonObject, used: UsedObject): JsonObject | undefined {
  const rest = Object.entries(value).flatMap(([key, inner]) => {
    const part = Object.hasOwn(used, key) ? used[key] : undefined;
    const left = part === undefined ? (inner ?? undefined) : remainder(inner, part, value);
    return left === undefined ? [] : [[key, left] as const];
  });
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

function listRemainder(value: readonly unknown[], used: UsedList): readonly unknown[] | undefined {
  const rest = value.map((element) =>
    used.if?.(element) === false ? element : (remainder(element, used.each) ?? null),
  );
  return rest.every((element) => element === null) ? undefined : rest;
}

function isUsedList(used: UsedObject | UsedList): used is UsedList {
  return typeof used.each === 'function' || (typeof used.each === 'object' && used.each !== null);
}

/** Used as it stands, whatever it is. */
export const whole: UsedValue = () => true;

/** Used where it is a text, a number or a truth value. */
export const scalar: UsedValue = (value) => typeof value !== 'object' || isExactNumber(value);

/** Used where it is a whole number of 32 bits. */
export const integer: UsedValue = (value) => typeof value === 'number' && (value | 0) === value;

/** Used where it is a finite number. */
export const double: UsedValue = (value) => typeof value === 'number';

/** Used where it is true or false. */
export const truth: UsedValue = (value) => typeof value === 'boolean';

/** Used where it is a time in ISO 8601. */
export const isoTime: UsedValue = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value));

/** Lists whose elements are scalars. */
export const scalars: UsedList = { each: scalar };

/** A time in ms since 1970, and the same time in ISO 8601 under the key with `_dt`, as OCSF writes them. */
export function times(...names: readonly string[]): UsedObject {
  return Object.fromEntries(
    names.flatMap((name): [string, Used][] => [
      [name, (value, parent) => isSameTime(value, parent[`${name}_dt`])],
      [`${name}_dt`, isoTime],
    ]),
  );
}

function isSameTime(ms: unknown, text: unknown): boolean {
  if (typeof ms !== 'number' || !Number.isSafeInteger(ms) || Math.abs(ms) > 8_640_000_000_000_000) return false;
  if (!isoTime(text, {})) return true;
  return Math.abs(Date.parse(String(text)) - ms) < 1;
}
