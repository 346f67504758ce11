import type { ClassName } from '#core/lake/schema/ocsf-classes.ts';

/** The sources that Amazon Security Lake collects itself; only these may be written below `aws/`. */
export type NativeTable =
  | 'CLOUD_TRAIL_MGMT'
  | 'LAMBDA_EXECUTION'
  | 'S3_DATA'
  | 'VPC_FLOW'
  | 'ROUTE53'
  | 'SH_FINDINGS'
  | 'EKS_AUDIT'
  | 'WAF';

/** A profile of OCSF 1.1.0 that a source's events may name; `datetime` is always added. */
export type Profile =
  | 'cloud'
  | 'security_control'
  | 'host'
  | 'load_balancer'
  | 'network_proxy'
  | 'container'
  | 'linux/linux_users';

/** What is looked at to recognise an object: its key or path, and the beginning of its decoded content. */
export interface ObjectSample {
  /** The object key, or the file's path with `/` separators. */
  readonly key: string;
  /** The first 64 KiB after decompression, as text. */
  readonly text: string;
  /** The first line of `text` without its line end. */
  readonly firstLine: string;
  /** The first JSON value of the content where it is JSON and complete in `text`, else undefined. */
  readonly firstJson?: unknown;
  /** The column names where the object is a Parquet file. */
  readonly parquetColumns?: readonly string[];
}

export interface Recognition {
  /** Matches the keys under which the source delivers. Alone enough when the content tells nothing. */
  readonly key: RegExp;
  /** True where the content is this source's. Must be false for the content of any other source. */
  readonly content: (sample: ObjectSample) => boolean;
}

/** A record that could not be decoded; it is quarantined with its bytes. */
export interface RecordTrouble {
  readonly reason: string;
  readonly detail: string;
}

export type RawRow = Readonly<Record<string, unknown>>;

/** What a decoder makes of its input: a raw row, trouble, or an exclusion by a named rule. */
export type Decoded =
  | { readonly kind: 'row'; readonly row: RawRow; readonly raw: string }
  | { readonly kind: 'trouble'; readonly trouble: RecordTrouble; readonly raw: string }
  | { readonly kind: 'excluded'; readonly rule: string; readonly raw: string };

/** What a decoder knows about the object it reads. */
export interface DecodeContext {
  readonly key: string;
  /** When the object was last modified or received, epoch ms: the year of RFC 3164 timestamps comes from here. */
  readonly receivedAt: number;
}

/** One JSON record, with the text of the document around its array when the decoder asked for it. */
export interface JsonInput {
  readonly record: unknown;
  /** The record as it stood in the object. */
  readonly text: string;
  /** The document without the array, parsed; only for `envelope: true`. */
  readonly envelope?: unknown;
}

/** A decoder with state over the lines of one object. `end` gives what is still held. */
export interface LineReader {
  readonly line: (text: string) => readonly Decoded[];
  readonly end: () => readonly Decoded[];
}

export type Decoder =
  | {
      readonly kind: 'json';
      /** Where the array of records is in a document, e.g. `['Records']`; a document without it is itself a record. */
      readonly at?: readonly string[];
      /** Keep the document around the array for `expand`. */
      readonly envelope?: boolean;
      /** Turns one JSON value into raw rows where SQL cannot; costs about ten times the time. */
      readonly expand?: (input: JsonInput, context: DecodeContext) => readonly Decoded[];
    }
  | {
      readonly kind: 'delimited';
      readonly separator: string;
      /** Names of the columns where the file has no header line. */
      readonly columns?: readonly string[];
      /** True for a line that names the columns. Absent: the file never has one. */
      readonly isHeader?: (firstLine: string) => boolean;
      /** The text that stands for "no value". */
      readonly missing?: string;
    }
  | { readonly kind: 'lines'; readonly create: (context: DecodeContext) => LineReader }
  | { readonly kind: 'parquet' };

/**
 * A value that map.sql uses, by its path in the raw record: dotted, or an array of keys where a key has a dot.
 * `keep` leaves a copy in `unmapped`: for values of which map.sql uses only a part.
 */
export type FieldSpec = string | readonly string[] | { readonly path: string | readonly string[]; readonly keep: true };

/** One kind of log: a folder `src/sources/<id>/` with `source.ts`, `map.sql`, `README.md`, and `fixtures/`. */
export interface LogSource {
  /** Dotted id; the folder has dashes instead of the dots, e.g. `aws.vpc-flow` in `aws-vpc-flow`. */
  readonly id: string;
  readonly title: string;
  readonly vendor: string;
  readonly classes: readonly ClassName[];
  /** Tables of Security Lake that map.sql may name in `_native`; where `_native` is NULL the row goes below `ext/`. */
  readonly native?: readonly NativeTable[];
  readonly profiles: readonly Profile[];
  readonly recognise: Recognition;
  readonly decode: Decoder;
  /** Columns of `raw` that map.sql reads, all text (VARCHAR; objects and lists as JSON text). Every other value of the record goes to `unmapped`. */
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** The raw record's name for a column, where the source also delivers Parquet with other names. */
  readonly parquetName?: (column: string) => string;
}

/** A source with the text of its map.sql: what the registry holds. */
export interface MappedSource extends LogSource {
  readonly mapSql: string;
}

/**
 * Declares a log source.
 * @example
 * export const source = defineLogSource({
 *   id: 'aws.vpc-flow', title: 'Amazon VPC Flow Logs', vendor: 'AWS', classes: ['network_activity'],
 *   native: ['VPC_FLOW'], profiles: ['cloud', 'security_control'],
 *   recognise: { key: /\/vpcflowlogs\//, content: (sample) => sample.firstLine.startsWith('version ') },
 *   decode: delimitedText({ separator: ' ', missing: '-', columns: defaultColumns, isHeader }),
 *   fields: { srcaddr: 'srcaddr', accountId: 'account-id' },
 * });
 */
export function defineLogSource<const S extends LogSource>(source: S): S {
  return source;
}

/** JSON records: NDJSON, a bare array, concatenated documents, or the array at a path of each document. */
export function jsonRecords(options: Omit<Extract<Decoder, { kind: 'json' }>, 'kind'> = {}): Decoder {
  return { kind: 'json', ...options };
}

/** Text with one separator between values and no quoting. */
export function delimitedText(options: Omit<Extract<Decoder, { kind: 'delimited' }>, 'kind'>): Decoder {
  return { kind: 'delimited', ...options };
}

/** One record a line: `parse` gives its raw row, or undefined for a line that is no record (a comment, a header). */
export function textLines(
  parse: (line: string, context: DecodeContext) => RawRow | RecordTrouble | undefined,
): Decoder {
  const create = (context: DecodeContext): LineReader => ({
    line: (raw) => {
      const parsed = parse(raw, context);
      if (parsed === undefined) return [];
      return [isTrouble(parsed) ? { kind: 'trouble', trouble: parsed, raw } : { kind: 'row', row: parsed, raw }];
    },
    end: () => [],
  });
  return { kind: 'lines', create };
}

/** Records over several lines, or whose meaning depends on earlier lines. */
export function joinedLines(create: (context: DecodeContext) => LineReader): Decoder {
  return { kind: 'lines', create };
}

/** Parquet files; each row is read as one JSON record. */
export function parquetRows(): Decoder {
  return { kind: 'parquet' };
}

/** True where a line gave no row but the reason why. */
export function isTrouble(parsed: RawRow | RecordTrouble): parsed is RecordTrouble {
  return (
    typeof parsed['reason'] === 'string' && typeof parsed['detail'] === 'string' && Object.keys(parsed).length === 2
  );
}
