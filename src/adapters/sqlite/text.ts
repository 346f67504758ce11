import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Marks text that UTF-8 cannot carry and that is therefore kept as a JSON string. */
const ESCAPE = '\u0001';

/** Below this the start of the compressor costs more than the room it saves. */
const COMPRESS_FROM = 2_048;

/** Text as a column keeps it: SQLite writes UTF-8, which has no lone surrogates. Different texts stay different. */
export function toColumn(text: string): string {
  return text.isWellFormed() && !text.startsWith(ESCAPE) ? text : ESCAPE + JSON.stringify(text);
}

/** The text that `toColumn` was given. */
export function fromColumn(column: string): string {
  // What toColumn wrote after the mark is one JSON string.
  return column.startsWith(ESCAPE) ? (JSON.parse(column.slice(1)) as string) : column;
}

/** `toColumn` for columns that may be NULL. */
export function toNullable(text: string | null): string | null {
  return text === null ? null : toColumn(text);
}

/** `fromColumn` for columns that may be NULL. */
export function fromNullable(column: string | null): string | null {
  return column === null ? null : fromColumn(column);
}

/** Whole events: as text, or compressed when that pays. The text must be what `toColumn` gives. */
export function toEventColumn(text: string): string | Uint8Array {
  if (text.length < COMPRESS_FROM) return text;
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** The text that `toEventColumn` was given. */
export function fromEventColumn(column: string | Uint8Array): string {
  return typeof column === 'string' ? column : zstdDecompressSync(column).toString('utf8');
}

/** A number as an INTEGER column takes it; what events say of times and counts may be anything. */
export function toInteger(value: number): number {
  return Math.trunc(Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)) || 0;
}
