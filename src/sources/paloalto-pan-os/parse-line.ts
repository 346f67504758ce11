import type { DecodeContext, RecordTrouble } from '#core/lake/source/log-source.ts';
import { parseCsvLine } from '#core/lake/text/csv-line.ts';
import { type DeviceLine, deviceLine } from '#core/lake/text/device-line.ts';
import { isDecimal, isIpAddress, isPort } from '#core/lake/text/ip-address.ts';
import type { ParsedLine } from '#core/lake/text/line-rows.ts';
import { columnsOf } from './columns.ts';
import { knownFields } from './fields.ts';
import { readings } from './readings.ts';

type Fields = Record<string, string>;

const mac = /^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/;
const addressFields = [
  'src',
  'dst',
  'natsrc',
  'natdst',
  'ip',
  'public_ip',
  'private_ip',
  'public_ipv6',
  'private_ipv6',
  'srcipv6',
  'host',
];
/** What OCSF asks of values in the places of these columns. */
const tests: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ...addressFields.map((name) => [name, isIpAddress] as const),
  ...['src_mac', 'dst_mac', 'mac'].map((name) => [name, (value: string) => mac.test(value)] as const),
]);
const portFields = ['sport', 'dport'];
const numberFields = [
  'bytes',
  'bytes_sent',
  'bytes_received',
  'packets',
  'pkts_sent',
  'pkts_received',
  'elapsed',
  'repeatcnt',
];

/** Where a record begins: a reserved number, the time it was received, the serial number and the type. */
const recordStart = /\d{1,12},\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?,[^,]{0,40},[A-Za-z-]{2,20},/;
/** Further into a message than this no head reaches. */
const headLimit = 1024;

/** Reads one line of PAN-OS in its default format, behind a syslog head or none. */
export function parseLine(text: string, context: DecodeContext): ParsedLine {
  const line = deviceLine(text, context);
  const start = recordStart.exec(line.message.slice(0, headLimit + 200))?.index;
  if (start === undefined || start > headLimit) {
    const detail = 'the line has no reserved number, time, serial number and type: is it PAN-OS in its default format?';
    return { trouble: { reason: 'pan-os.no-log', detail } };
  }
  const { values, isComplete } = parseCsvLine(line.message.slice(start));
  const fields = namedFields(withWholeBraces(values));
  const trouble = badNumber(fields);
  if (trouble !== undefined) return { trouble };
  const { known, others } = sorted(fields, line, line.message.slice(0, start).trim());
  // Relays cut long lines; what came before is whole.
  if (!isComplete) others['line.cut'] = 'a quote is never closed';
  return { row: { ...known, read: readings(known, fields, line), others } };
}

/** The one value with commas that is not quoted is a list of links in braces. */
function withWholeBraces(values: readonly string[]): readonly string[] {
  const open = values.findIndex((value) => value.startsWith('{') && !value.includes('}'));
  const close = open < 0 ? -1 : values.findIndex((value, index) => index > open && value.endsWith('}'));
  if (close < 0 || values[3] !== 'TRAFFIC') return values;
  return [...values.slice(0, open), values.slice(open, close + 1).join(','), ...values.slice(close + 1)];
}

function namedFields(values: readonly string[]): Fields {
  const names = columnsOf(values);
  const fields: Fields = {};
  for (const [index, value] of values.entries()) {
    const given = names[index] ?? '-';
    const name = given === '-' ? `column_${index + 1}` : given;
    if (value !== '') fields[name] = value;
  }
  return fields;
}

/** A number that is none would be left out without a word, or rounded. */
function badNumber(fields: Readonly<Fields>): RecordTrouble | undefined {
  for (const name of portFields) {
    const value = fields[name];
    if (value !== undefined && !isPort(value))
      return { reason: 'port.invalid', detail: `${name} is no port: ${value.slice(0, 100)}` };
  }
  for (const name of numberFields) {
    const value = fields[name];
    if (value !== undefined && !(isDecimal(value) && value.length <= 15))
      return { reason: 'number.invalid', detail: `${name} is no whole number: ${value.slice(0, 100)}` };
  }
  return undefined;
}

/** The columns that map.sql knows, and all others; what is no address where one belongs is renamed. */
function sorted(
  fields: Readonly<Fields>,
  line: DeviceLine,
  before: string,
): { readonly known: Fields; readonly others: Fields } {
  const known: Fields = {};
  const others: Fields = {};
  for (const [given, value] of Object.entries(fields)) {
    const name = (tests.get(given)?.(value) ?? true) ? given : `${given}_text`;
    if (knownFields.has(name)) known[name] = value;
    else others[name] = value;
  }
  const { hostname: _, ...notes } = line.notes;
  for (const [name, value] of Object.entries(notes)) others[`syslog.${name}`] = String(value);
  if (before !== '') others['words'] = before;
  return { known, others };
}
