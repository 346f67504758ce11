import { isIP } from 'node:net';
import type { ScalarType } from './schema.ts';

/** What is wrong with a value: the rule, the same for every value that breaks it, and the value for the reader. */
export interface Fault {
  readonly rule: string;
  readonly shown?: string;
}

/** What is wrong with a scalar of that OCSF type; undefined when nothing is. */
export function scalarFault(type: ScalarType, value: unknown): Fault | undefined {
  const rule = brokenRule(type, value);
  return rule === undefined ? undefined : { rule, shown: show(value) };
}

/** A value as one short line that no terminal or log misreads. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value !== 'string') return String(value);
  // JSON leaves these as they are: C1 controls, line separators and marks that turn the reading direction.
  const plain = JSON.stringify(value.slice(0, 80)).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return value.length > 80 ? `${plain}…` : plain;
}

function brokenRule(type: ScalarType, value: unknown): string | undefined {
  switch (type.base) {
    case 'json_t':
      return undefined;
    case 'boolean_t':
      return typeof value === 'boolean' ? undefined : 'must be a boolean';
    case 'float_t':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a finite number (float_t)';
    case 'integer_t':
    case 'long_t':
      return brokenIntegerRule(type, value);
    case 'string_t':
      return typeof value === 'string' ? brokenStringRule(type, value) : `must be a string (${type.name})`;
    default:
      throw new Error(`The OCSF schema has a primitive type that this validator does not know: ${type.base}`);
  }
}

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
// What RFC 3339 can spell: the years 0000 to 9999.
const instants = { min: -62_167_219_200_000, max: 253_402_300_799_999 };

function brokenIntegerRule(type: ScalarType, value: unknown): string | undefined {
  const isInteger = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  if (!isInteger) return `must be an integer (${type.name})`;
  if (type.range !== undefined && (value < type.range[0] || value > type.range[1])) {
    return `must lie between ${type.range[0]} and ${type.range[1]} (${type.name})`;
  }
  if (type.base === 'integer_t') {
    return value >= -(2 ** 31) && value < 2 ** 31 ? undefined : `must fit into 32 bits (${type.name})`;
  }
  if (type.name === 'timestamp_t' && (value < instants.min || value > instants.max)) {
    return 'must be milliseconds since 1970, within the years 0000 to 9999 (timestamp_t)';
  }
  if (typeof value === 'bigint') {
    return value >= int64.min && value <= int64.max ? undefined : `must fit into 64 bits (${type.name})`;
  }
  return Number.isSafeInteger(value) ? undefined : `must be exact as a JSON number, within ±(2^53 - 1) (${type.name})`;
}

function brokenStringRule(type: ScalarType, value: string): string | undefined {
  if (!value.isWellFormed()) return 'must be text that UTF-8 can encode, without lone surrogates';
  const limit = type.maxLength;
  // OCSF counts characters; length counts UTF-16 units, of which there are never fewer.
  if (limit !== undefined && value.length > limit && [...value].length > limit) {
    return `must be at most ${limit} characters long (${type.name})`;
  }
  const isRefused = refusedBy[type.name]?.(value) ?? false;
  if (isRefused || (type.pattern !== undefined && !type.pattern.test(value))) return `must be a valid ${type.name}`;
  return undefined;
}

// Beyond the schema's patterns: the dots of its ip_t match any character, its datetime_t may lack the offset that RFC 3339
// asks for, and its subnet_t has no pattern.
const refusedBy: Readonly<Record<string, (value: string) => boolean>> = {
  ip_t: (value) => isIP(value) === 0,
  datetime_t: (value) => instantOf(value) === undefined,
  subnet_t: (value) => !isSubnet(value),
};

function isSubnet(value: string): boolean {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(length) <= (family === 4 ? 32 : 128);
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The milliseconds since 1970 of an RFC 3339 date and time, cut not rounded; undefined for anything else. */
export function instantOf(text: string): number | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // The 30th of February would roll over into March.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')));
  return date.getTime() - offsetMs(offset);
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}
