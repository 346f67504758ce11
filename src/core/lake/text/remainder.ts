import { isExactNumber } from './exact-json.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

const element = Symbol('element');
const condition = Symbol('condition');

/**
 * Which parts of a JSON value a map.sql takes over: a test of a value (which also sees the object it is in), the used
 * keys of an object, the used parts of each element of a list, or any of these on a condition.
 */
export type Used = UsedValue | UsedObject | UsedList | UsedSometimes;
export type UsedValue = (value: unknown, parent: JsonObject) => boolean;
export interface UsedObject {
  readonly [key: string]: Used;
}
interface UsedList {
  readonly [element]: Used;
}
interface UsedSometimes {
  readonly [condition]: (value: unknown) => boolean;
  readonly use: Used;
}

/** What of a value is not taken over, undefined where that is nothing; used elements of a list leave null in their place. */
export function remainder(value: unknown, used: Used, parent: JsonObject = {}): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof used === 'function') return used(value, parent) ? undefined : value;
  if (isConditional(used)) return used[condition](value) ? remainder(value, used.use, parent) : value;
  if (isForLists(used)) return Array.isArray(value) ? listRemainder(value, used[element]) : value;
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

function listRemainder(value: readonly unknown[], used: Used): readonly unknown[] | undefined {
  const rest = value.map((inner) => remainder(inner, used) ?? null);
  return rest.every((inner) => inner === null) ? undefined : rest;
}

function isConditional(used: UsedObject | UsedList | UsedSometimes): used is UsedSometimes {
  return condition in used;
}

function isForLists(used: UsedObject | UsedList): used is UsedList {
  return element in used;
}

/** Used in each element of a list. */
export function eachOf(used: Used): Used {
  return { [element]: used };
}

/** Where the condition is false, the value is not used at all. */
export function usedIf(isUsed: (value: unknown) => boolean, use: Used): Used {
  return { [condition]: isUsed, use };
}

/** Used where the object has one of these keys with a value. */
export function ifAny(keys: readonly string[], use: Used): Used {
  return usedIf((value) => isJsonObject(value) && keys.some((key) => isThere(value[key])), use);
}

/** Used where the object has all of these keys with a value. */
export function ifAll(keys: readonly string[], use: Used): Used {
  return usedIf((value) => isJsonObject(value) && keys.every((key) => isThere(value[key])), use);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Used where it is one of these. */
export function oneOf(...allowed: readonly unknown[]): UsedValue {
  return (value) => allowed.includes(value);
}

/** Used as it stands, whatever it is. */
export const whole: UsedValue = () => true;

/** Used where it is a text, a number or a truth value. */
export const scalar: UsedValue = (value) => typeof value !== 'object' || isExactNumber(value);

/** Used where it is a whole number of 32 bits. */
export const integer: UsedValue = (value) => typeof value === 'number' && (value | 0) === value;

/** Used where it is a time in ISO 8601. */
export const isoTime: UsedValue = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value));

/** Lists whose elements are scalars. */
export const scalars: Used = eachOf(scalar);

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
