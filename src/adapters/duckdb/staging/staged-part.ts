import { sqlName, sqlText } from '#core/lake/sql/literal.ts';

/** A piece of an object, written to a file that DuckDB reads. */
export type StagedPart =
  /** A bare JSON array, or JSON values one after the other; records are numbered from `first`. */
  | {
      readonly kind: 'json';
      readonly file: string;
      readonly bytes: number;
      readonly form: 'array' | 'unstructured';
      readonly first: number;
    }
  /** NDJSON of `{"n": record number, "j": record}`. */
  | { readonly kind: 'numbered'; readonly file: string; readonly bytes: number }
  | {
      readonly kind: 'columns';
      readonly file: string;
      readonly bytes: number;
      readonly columns: readonly string[];
      readonly separator: string;
      readonly missing?: string;
      readonly skip: number;
      readonly first: number;
      /** The lines begin with their record number and a separator. */
      readonly numbered: boolean;
    }
  /** A Parquet file; `names` are the raw record's names for its columns. */
  | {
      readonly kind: 'parquet';
      readonly file: string;
      readonly names?: ReadonlyMap<string, string>;
      readonly missing?: string;
    };

/** Records of one object are numbered within 32 bits; the object's place in the batch is above them. */
const objectFactor = 4_294_967_296;
const maximumObjectSize = 16 * 1024 * 1024;
const minimumObjectSize = 64 * 1024;

/** Each reader sets aside twice as much as its largest object, and a batch has hundreds of readers. */
function objectSize(bytes: number): number {
  return Math.min(maximumObjectSize, Math.max(minimumObjectSize, bytes + 1));
}

/** SQL of `j` and `n` for JSON parts, in order; parts are one object each. */
export function jsonDocs(parts: readonly StagedPart[]): string {
  return parts.map((part, index) => jsonPart(part, index * objectFactor)).join('\nUNION ALL\n');
}

function jsonPart(part: StagedPart, base: number): string {
  const file = sqlText(part.file);
  switch (part.kind) {
    case 'json':
      return `SELECT json AS j, row_number() OVER () - 1 + ${base + part.first} AS n FROM read_json_objects(${file}, format = '${part.form}', maximum_object_size = ${objectSize(part.bytes)})`;
    case 'numbered':
      return `SELECT j, n + ${base} AS n FROM read_json(${file}, format = 'newline_delimited', columns = {n: 'BIGINT', j: 'JSON'}, maximum_object_size = ${objectSize(part.bytes)})`;
    case 'parquet':
      return `SELECT ${recordOf(part)} AS j, row_number() OVER () - 1 + ${base} AS n FROM read_parquet(${file}) AS t`;
    case 'columns':
      throw new TypeError('Delimited text is no JSON');
  }
}

function recordOf({ names, missing }: Extract<StagedPart, { kind: 'parquet' }>): string {
  if (names === undefined) return 'to_json(t)';
  const value = (column: string): string =>
    missing === undefined
      ? `t.${sqlName(column)}`
      : `nullif(CAST(t.${sqlName(column)} AS VARCHAR), ${sqlText(missing)})`;
  const entries = [...names].map(([column, name]) => `${sqlText(name)}: ${value(column)}`);
  return `to_json({${entries.join(', ')}})`;
}

/** SQL of the lines of delimited text with their columns and `n`; all parts have equal columns. */
export function columnLines(parts: readonly StagedPart[]): string {
  return parts.map((part, index) => columnPart(part, index * objectFactor)).join('\nUNION ALL\n');
}

function columnPart(part: StagedPart, base: number): string {
  if (part.kind !== 'columns') throw new TypeError('JSON is no delimited text');
  const names = part.numbered ? ['n', ...part.columns] : part.columns;
  const types = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
  const options = [
    `delim = ${sqlText(part.separator)}`,
    "quote = ''",
    "escape = ''",
    'header = false',
    'auto_detect = false',
    'null_padding = false',
    'strict_mode = true',
    `skip = ${part.skip}`,
    `nullstr = ${sqlText(part.missing ?? '')}`,
    // A longer line is read when the object is taken apart; DuckDB would set aside sixteen times as much.
    'max_line_size = 1000000',
    `buffer_size = ${Math.min(4_000_000, Math.max(2_000_000, part.bytes + 1))}`,
    'parallel = false',
    `columns = {${types}}`,
  ];
  const number = part.numbered ? `CAST(n AS BIGINT) + ${base}` : `row_number() OVER () - 1 + ${base + part.first}`;
  return `SELECT ${part.columns.map(sqlName).join(', ')}, ${number} AS n FROM read_csv(${sqlText(part.file)}, ${options.join(', ')})`;
}
