import {
  type DecodeContext,
  type Decoded,
  type Decoder,
  joinedLines,
  type RawRow,
  type RecordTrouble,
} from '#core/lake/source/log-source.ts';

/** No log line of AWS is as long; beyond it even splitting would take too much memory. */
const maximumLine = 1_048_576;
/** The longest string of OCSF 1.1.0. */
const maximumValue = 65_535;

/** What becomes of a line: a row, trouble, a named exclusion, or nothing where it is no record. */
export type ParsedLine =
  | { readonly row: Record<string, unknown> }
  | { readonly trouble: RecordTrouble }
  | { readonly excluded: string }
  | undefined;

/**
 * A decoder of one record a line whose parser is made once for each object, with what the object's key tells.
 * Values longer than OCSF allows are cut; the whole value is beside them, with `_uncut` behind its name.
 */
export function lineRows(make: (context: DecodeContext) => (line: string) => ParsedLine): Decoder {
  return joinedLines((context) => {
    const parse = make(context);
    return {
      line: (raw) => {
        if (raw.length > maximumLine) return [{ kind: 'trouble', trouble: tooLong(raw.length), raw }];
        const line = raw.trimEnd();
        return line === '' ? [] : decodedOf(parse(line), raw);
      },
      end: () => [],
    };
  });
}

/** A value of a line as the row has it: null for `-`. */
export function given(value: string | undefined): string | null {
  return value === undefined || value === '-' || value === '' ? null : value;
}

/** So many values behind the names we know get names of their own; a hostile line may have any number. */
const maximumExtra = 20;

/** Values by their names; what a newer version of the format has behind the names we know is kept by its position. */
export function namedValues(tokens: readonly string[], names: readonly string[]): Record<string, string | null> {
  const row: Record<string, string | null> = {};
  for (let index = 0; index < names.length; index += 1) row[names[index] ?? ''] = given(tokens[index]);
  const end = names.length + maximumExtra;
  for (let index = names.length; index < tokens.length && index < end; index += 1) {
    const value = given(tokens[index]);
    if (value !== null) row[`field_${index + 1}`] = value;
  }
  if (tokens.length > end) row['more_fields'] = tokens.slice(end).join(' ');
  return row;
}

/** Trouble with a line; the detail may quote a part of it. */
export function lineTrouble(reason: string, detail: string): ParsedLine {
  return { trouble: { reason, detail: detail.length > 500 ? `${detail.slice(0, 500)}…` : detail } };
}

/** Trouble with a line that has too few values. */
export function tooFewValues(found: number, least: number): ParsedLine {
  return lineTrouble('columns.count', `expected at least ${least} values, found ${found}`);
}

function tooLong(length: number): RecordTrouble {
  return {
    reason: 'line.too-long',
    detail: `the line has ${length} characters, more than ${maximumLine}: is the file what it is taken for?`,
  };
}

function decodedOf(parsed: ParsedLine, raw: string): readonly Decoded[] {
  if (parsed === undefined) return [];
  if ('trouble' in parsed) return [{ kind: 'trouble', trouble: parsed.trouble, raw }];
  if ('excluded' in parsed) return [{ kind: 'excluded', rule: parsed.excluded, raw }];
  return [{ kind: 'row', row: writtenRow(parsed.row, raw.length > maximumValue), raw }];
}

/** The row without its nulls, which would be a third of what is written, and with values as long as they may be. */
function writtenRow(row: Readonly<Record<string, unknown>>, mayBeLong: boolean): RawRow {
  const written: Record<string, unknown> = {};
  for (const name of Object.keys(row)) {
    const value = row[name];
    if (value === null) continue;
    if (mayBeLong && typeof value === 'string' && value.length > maximumValue) {
      written[name] = value.slice(0, maximumValue);
      written[`${name}_uncut`] = value;
    } else written[name] = value;
  }
  return written;
}
