import type { z } from 'zod';
import { knownKeys } from '#core/config/known-keys.ts';
import { nearest } from '#core/config/nearest.ts';

type Path = readonly (string | number)[];

/** What the typist of an unknown key may have meant. */
export function suggestKey(key: string, path: Path): string {
  const known = knownKeys(path);
  const close = nearest(key, known);
  if (close !== undefined) return `did you mean "${close}"?`;
  return known.length === 0 ? 'remove it' : `known keys here: ${known.join(', ')}`;
}

/** How a value that the schema refuses might be written. */
export function suggestValue(issue: z.core.$ZodIssue, path: Path, value: unknown): string | undefined {
  const last = path.at(-1);
  if (issue.code === 'invalid_value') return suggestWord(issue.values.map(String), value);
  if (last === 'id' || path.includes('account')) return suggestAccountId(value);
  if (path.includes('slack') || (path[0] === 'routes' && last === 'to')) return suggestChannel(value);
  if (last === 'timezone') return suggestTimezone(value);
  if (typeof value === 'string' && /^\d:\d\d$/.test(value)) return `write "0${value}"`;
  return suggestForm(issue, value);
}

function suggestWord(words: readonly string[], value: unknown): string {
  const close = typeof value === 'string' ? nearest(value, words) : undefined;
  return close === undefined ? `one of ${words.join(', ')}` : `did you mean "${close}"?`;
}

function suggestAccountId(value: unknown): string {
  const unknown = 'write the 12 digits in quotes';
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value < 1e12)
    return `write "${String(value).padStart(12, '0')}" in quotes`;
  if (typeof value !== 'string') return unknown;
  const digits = value.replaceAll(/[\s-]/g, '');
  if (!/^\d{1,12}$/.test(digits)) return unknown;
  return `write "${digits.padStart(12, '0')}"${digits.length < 12 ? ' if a program cut leading zeros' : ''}`;
}

function suggestChannel(value: unknown): string {
  if (value === null) return 'put "#channel" in quotes: in YAML an open # begins a comment';
  if (typeof value !== 'string' || value.startsWith('#')) return 'write "#channel" in quotes';
  return `write "#${value.replace(/^[@#\s]+/, '').replaceAll(/[\s@#<>:,]+/g, '-')}" in quotes`;
}

function suggestTimezone(value: unknown): string {
  const close = typeof value === 'string' ? nearest(value, Intl.supportedValuesOf('timeZone')) : undefined;
  return close === undefined ? 'write it like Asia/Tokyo' : `did you mean "${close}"?`;
}

function suggestForm(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  // The one rule about an entry as a whole: an exception names at least one of some keys.
  if (issue.code === 'custom') return 'add one of them';
  if (issue.code === 'too_big') return `write at most ${issue.maximum}`;
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'write something here' : `write at least ${issue.minimum}`;
  if (issue.code === 'invalid_format') return issue.format === 'date' ? 'write it like "2026-12-31"' : undefined;
  if (issue.code !== 'invalid_type') return undefined;
  switch (issue.expected) {
    case 'string':
      if (value === null) return 'write a value, or remove the key';
      return typeof value === 'object' ? 'write one text in quotes' : `put it in quotes: "${String(value)}"`;
    case 'object':
    case 'record':
      return 'write "key: value" lines below it, indented by two spaces';
    case 'array':
      return 'write a list: one line with "- " for each entry';
    case 'boolean':
      return 'write true or false';
    case 'number':
    case 'int':
      return 'write a whole number without quotes';
    default:
      return undefined;
  }
}
