import type { Mapping } from '#core/lake/generic/mapping-schema.ts';
import {
  type DecodeContext,
  type Decoder,
  isTrouble,
  jsonRecords,
  type RawRow,
  type RecordTrouble,
  textLines,
} from '#core/lake/source/log-source.ts';
import { parseSyslog } from '#core/lake/syslog/parse-syslog.ts';
import type { SyslogMessage } from '#core/lake/syslog/syslog-message.ts';
import { parseCef } from '#core/lake/text/cef.ts';
import { parseCsvLine } from '#core/lake/text/csv-line.ts';
import { parseKeyValues } from '#core/lake/text/key-value.ts';
import { parseLeef } from '#core/lake/text/leef.ts';
import { openedLine } from '#core/lake/text/opened-line.ts';

type Parse = (text: string) => RawRow | RecordTrouble;

/** Lines longer than this are not tried with a regular expression that somebody wrote. */
const longestForRegex = 8192;

/** The decoder of a mapping file. */
export function mappingDecoder(mapping: Mapping): Decoder {
  const { format } = mapping;
  switch (format.kind) {
    case 'json':
      return jsonRecords(format.at === undefined ? {} : { at: format.at });
    case 'csv':
      return csvLines(format);
    case 'keyValue': {
      const options = {
        ...(format.separator === undefined ? {} : { separator: format.separator }),
        ...(format.assignment === undefined ? {} : { assignment: format.assignment }),
      };
      const parse: Parse = (text) => {
        const { pairs, rest } = parseKeyValues(text, options);
        if (Object.keys(pairs).length === 0) return { reason: 'line.no-pairs', detail: 'the line has no key=value' };
        return { ...pairs, ...(rest.length === 0 ? {} : { rest: rest.join(' ') }) };
      };
      return perLine(parse, format.syslog);
    }
    case 'cef':
      return perLine((text) => headedRow(parseCef(text.slice(Math.max(0, text.indexOf('CEF:')))), 'CEF'), true);
    case 'leef':
      return perLine((text) => headedRow(parseLeef(text.slice(Math.max(0, text.indexOf('LEEF:')))), 'LEEF'), true);
    case 'regex':
      return perLine(regexParse(format.pattern), format.syslog);
    case 'syslog':
      return perLine((text) => ({ message: text }), true);
  }
}

/** The columns that a syslog head adds to a row. */
function headColumns(head: SyslogMessage, receivedAt: number): Record<string, unknown> {
  const { hostname, appName, procId, msgId, facility, severity, timestamp = receivedAt } = head;
  const columns = { hostname, appName, procId, msgId, facility, severity, receivedAt, timestamp };
  return Object.fromEntries(
    Object.entries(columns)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`syslog.${name}`, value]),
  );
}

function perLine(parse: Parse, syslog: boolean): Decoder {
  return textLines((text, context) => {
    const line = text.trimEnd();
    if (line === '') return undefined;
    if (!syslog) return parse(line);
    const { text: message, received = context.receivedAt, notes } = openedLine(line);
    const head = parseSyslog(message, { at: received });
    const parsed = parse(head.message);
    return isTrouble(parsed) ? parsed : { ...notes, ...headColumns(head, received), ...parsed };
  });
}

function headedRow(
  event: { readonly extension?: object; readonly attributes?: object } | undefined,
  name: string,
): RawRow | RecordTrouble {
  if (event === undefined) return { reason: `${name.toLowerCase()}.head`, detail: `the line has no ${name} event` };
  const { extension, attributes, ...head } = event;
  return { ...head, ...attributes, ...extension };
}

function regexParse(pattern: string): Parse {
  const compiled = new RegExp(pattern, 'u');
  return (text) => {
    if (text.length > longestForRegex)
      return { reason: 'line.too-long', detail: `the line has more than ${longestForRegex} characters` };
    const groups = compiled.exec(text)?.groups;
    return groups === undefined
      ? { reason: 'line.no-match', detail: 'the pattern does not match the line' }
      : { ...groups };
  };
}

function csvLines(format: Extract<Mapping['format'], { kind: 'csv' }>): Decoder {
  const { columns, separator, syslog } = format;
  if (columns !== undefined) return perLine((text) => csvRow(text, columns, separator), syslog);
  // The first line of each object names the columns.
  const names = new WeakMap<DecodeContext, readonly string[]>();
  return textLines((text, context) => {
    const line = text.trimEnd();
    if (line === '') return undefined;
    const known = names.get(context);
    if (known !== undefined) return csvRow(line, known, separator);
    names.set(
      context,
      parseCsvLine(line, { separator }).values.map((name) => name ?? ''),
    );
    return undefined;
  });
}

function csvRow(line: string, columns: readonly string[], separator: string): RawRow | RecordTrouble {
  const { values } = parseCsvLine(line, { separator });
  if (values.length !== columns.length)
    return { reason: 'columns.count', detail: `expected ${columns.length} values, found ${values.length}` };
  return Object.fromEntries(columns.map((name, index) => [name, values[index] ?? '']));
}
