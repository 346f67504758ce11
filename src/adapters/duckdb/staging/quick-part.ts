import { writeFileSync } from 'node:fs';
import type { StagedPart } from '#adapters/duckdb/staging/staged-part.ts';
import type { NewFile } from '#adapters/duckdb/staging/staged-piece.ts';
import type { Decoder } from '#core/lake/source/log-source.ts';

const bracket = 0x5b;
const brace = 0x7b;

/**
 * The part of a whole object that DuckDB can read as it is, without looking at each record; undefined where it must be
 * taken apart. DuckDB refuses what is not well formed, and then it is taken apart all the same.
 */
export function quickPart(decoder: Decoder, content: Buffer, newFile: NewFile): StagedPart | undefined {
  if (content.length === 0) return undefined;
  if (decoder.kind === 'delimited') return quickColumns(decoder, content, newFile);
  if (decoder.kind !== 'json' || decoder.expand !== undefined) return undefined;
  const first = firstVisible(content);
  if (content[first] === bracket) return written(content, 'array', newFile);
  if (content[first] !== brace) return undefined;
  if (decoder.at === undefined) return written(content, 'unstructured', newFile);
  const array = arrayAt(decoder.at, content);
  if (array !== undefined) return written(array, 'array', newFile);
  // No such array in sight: each document is a record, unless one of them has the array after all.
  const name = decoder.at.at(-1) ?? '';
  return content.includes(JSON.stringify(name)) ? undefined : written(content, 'unstructured', newFile);
}

function written(content: Buffer, form: 'array' | 'unstructured', newFile: NewFile): StagedPart {
  const file = newFile('json');
  writeFileSync(file, content);
  return { kind: 'json', file, bytes: content.length, form, first: 0 };
}

/** The array of records of a single document, cut out by its frame: what stands before and behind must close to JSON. */
function arrayAt(at: readonly string[], content: Buffer): Buffer | undefined {
  const name = at.at(-1) ?? '';
  const head = content.subarray(0, 4096).toString('latin1');
  const opening = new RegExp(`${escaped(JSON.stringify(name))}\\s*:\\s*\\[`).exec(head);
  const end = content.lastIndexOf(']');
  if (opening === null || end < 0) return undefined;
  const start = opening.index + opening[0].length - 1;
  const closing = ']'.concat('}'.repeat(at.length));
  if (!isJson(head.slice(0, start + 1) + closing)) return undefined;
  const tail = content
    .subarray(end + 1)
    .toString('latin1')
    .trim();
  return tail === '}'.repeat(at.length) ? content.subarray(start, end + 1) : undefined;
}

function quickColumns(
  decoder: Extract<Decoder, { kind: 'delimited' }>,
  content: Buffer,
  newFile: NewFile,
): StagedPart | undefined {
  // Blank lines and NUL bytes are read differently by DuckDB.
  if (content.includes(0) || content.includes('\n\n') || content.includes('\n\r\n')) return undefined;
  const firstLine = lineAt(content, 0);
  const isHeader = decoder.isHeader?.(firstLine) ?? false;
  const columns = isHeader ? firstLine.split(decoder.separator) : decoder.columns;
  if (columns === undefined || new Set(columns).size !== columns.length) return undefined;
  const file = newFile('txt');
  writeFileSync(file, content);
  return {
    kind: 'columns',
    file,
    bytes: content.length,
    columns,
    separator: decoder.separator,
    ...missingOf(decoder),
    skip: isHeader ? 1 : 0,
    first: 0,
    numbered: false,
  };
}

/** The text that stands for "no value", where there is one. */
export function missingOf(decoder: Extract<Decoder, { kind: 'delimited' }>): { readonly missing?: string } {
  return decoder.missing === undefined ? {} : { missing: decoder.missing };
}

function lineAt(content: Buffer, start: number): string {
  const end = content.indexOf(0x0a, start);
  return content
    .subarray(start, end < 0 ? content.length : end)
    .toString('utf8')
    .replace(/\r$/, '');
}

function firstVisible(content: Buffer): number {
  let at = 0;
  while (at < content.length && (content[at] ?? 0) <= 0x20) at += 1;
  return at;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
