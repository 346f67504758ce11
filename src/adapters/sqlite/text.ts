import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Marks text that UTF-8 cannot carry and that is therefore kept as a JSON string. */
const ESCAPE = '\u0001';

/** Compressing costs about 25 microseconds whatever the size, as much as the whole write of an ordinary event. */
const COMPRESS_FROM = 32_768;

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

/** A whole event: as text, or compressed when it is large. */
export function toEventColumn(raw: string): string | Uint8Array {
  const text = toColumn(raw);
  if (text.length < COMPRESS_FROM) return text;
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** The event that `toEventColumn` was given. */
export function fromEventColumn(column: string | Uint8Array): string {
  return fromColumn(typeof column === 'string' ? column : zstdDecompressSync(column).toString('utf8'));
}
