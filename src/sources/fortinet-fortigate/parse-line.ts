import type { DecodeContext, RecordTrouble } from '#core/lake/source/log-source.ts';
import { parseCef } from '#core/lake/text/cef.ts';
import { countryCode } from '#core/lake/text/country-code.ts';
import {
  type DeviceLine,
  deviceLine,
  headTime,
  offsetMinutes,
  placedTime,
  timeColumns,
} from '#core/lake/text/device-line.ts';
import { hostColumns, senderAddress } from '#core/lake/text/host-columns.ts';
import { isHostname, methodColumns, urlColumns } from '#core/lake/text/http-request.ts';
import { isDecimal, isIpAddress, isPort } from '#core/lake/text/ip-address.ts';
import { jsonObjectIn } from '#core/lake/text/json-object.ts';
import { parseKeyValues } from '#core/lake/text/key-value.ts';
import type { ParsedLine } from '#core/lake/text/line-rows.ts';
import { userColumns } from '#core/lake/text/user-name.ts';
import { fieldsOfCef } from './cef-fields.ts';
import { knownFields } from './fields.ts';

type Fields = Record<string, string>;

const mac = /^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/;
/** What OCSF asks of values in the places of these fields. */
const tests: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ...['srcip', 'dstip', 'remip', 'locip', 'transip', 'tranip', 'forwardedfor'].map(
    (name) => [name, isIpAddress] as const,
  ),
  ...['hostname', 'srcname', 'dstname', 'qname'].map((name) => [name, isHostname] as const),
  ...['srcmac', 'dstmac'].map((name) => [name, (value: string) => mac.test(value)] as const),
]);
const portFields = ['srcport', 'dstport', 'remport', 'locport'];
const numberFields = ['proto', 'sentbyte', 'rcvdbyte', 'sentpkt', 'rcvdpkt'];
/** FortiOS writes these where it has no value. */
const noValues = new Set(['', 'N/A', 'n/a']);

/** Reads one log line of a FortiGate: key=value, CSV, CEF, JSON or RFC 5424 structured data, behind a syslog head or none. */
export function parseLine(text: string, context: DecodeContext): ParsedLine {
  const line = deviceLine(text, context);
  const found = fieldsOf(line);
  if (found.fields['type'] === undefined && found.fields['logid'] === undefined) {
    const detail = 'the line has neither type nor logid: is it from a FortiGate?';
    return { trouble: { reason: 'fortigate.no-log', detail } };
  }
  const { known, others } = sorted(found, line);
  const bad = badNumber(known);
  if (bad !== undefined) return { trouble: bad };
  return { row: { ...known, read: readings(known, found, line), others } };
}

interface FoundFields {
  readonly fields: Readonly<Fields>;
  /** What belongs to no field. */
  readonly words: readonly string[];
  /** What the format itself says, for `unmapped`. */
  readonly header?: Readonly<Fields>;
  readonly version?: string;
}

function fieldsOf(line: DeviceLine): FoundFields {
  const { message } = line;
  const cef = parseCef(message);
  if (cef !== undefined) return fieldsOfCef(cef);
  const json = jsonObjectIn(message);
  if (json !== undefined) return { fields: texts(json), words: [] };
  const structured = fieldsOfStructuredData(line);
  if (structured !== undefined) return structured;
  const separator = /^date=[\d-]{8,10},/.test(message) ? ',' : ' ';
  const { pairs, rest } = parseKeyValues(message, { separator });
  return { fields: pairs, words: rest };
}

function fieldsOfStructuredData({ head, message }: DeviceLine): FoundFields | undefined {
  const elements = Object.entries(head.structuredData ?? {});
  const found = elements.find(([, params]) => params['logid'] !== undefined);
  if (found === undefined) return undefined;
  const [id, fields] = found;
  const others = elements.filter((element) => element !== found).map((element) => JSON.stringify(element));
  return { fields, words: [...others, ...(message === '' ? [] : [message])], header: { 'sd.id': id } };
}

function texts(json: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    Object.entries(json)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}

/**
 * The fields that map.sql knows, and all others. What OCSF would not take in its place (a name for an address) is renamed.
 * Names that the sender made up are kept apart, so that they never become columns.
 */
function sorted(found: FoundFields, line: DeviceLine): { readonly known: Fields; readonly others: Fields } {
  const known: Fields = {};
  const others: Fields = Object.create(null);
  for (const [given, value] of Object.entries(found.fields)) {
    if (noValues.has(value) && knownFields.has(given)) continue;
    const name = (tests.get(given)?.(value) ?? true) ? given : `${given}_text`;
    if (knownFields.has(name) && !(name in known)) known[name] = value;
    else others[name in others ? `${name} (given)` : name] = value;
  }
  const { hostname: _, ...notes } = line.notes;
  for (const [name, value] of Object.entries(notes)) others[`syslog.${name}`] = String(value);
  Object.assign(others, found.header);
  if (found.words.length > 0) others['words'] = [others['words'], ...found.words].filter(Boolean).join(' ');
  return { known, others };
}

/** A number that is none would be left out without a word, or rounded. */
function badNumber(known: Readonly<Fields>): RecordTrouble | undefined {
  for (const name of portFields) {
    const value = known[name];
    if (value !== undefined && !isPort(value))
      return { reason: 'port.invalid', detail: `${name} is no port: ${value.slice(0, 100)}` };
  }
  for (const name of numberFields) {
    const value = known[name];
    if (value !== undefined && !(isDecimal(value) && value.length <= 15))
      return { reason: 'number.invalid', detail: `${name} is no whole number: ${value.slice(0, 100)}` };
  }
  return undefined;
}

function readings(fields: Readonly<Fields>, found: FoundFields, line: DeviceLine): Readonly<Record<string, unknown>> {
  const device = hostColumns(line.head.hostname);
  const ui = /\(([^()]{2,45})\)$/.exec(fields['ui'] ?? '')?.[1];
  return {
    ...timeColumns(timeOf(found.fields, line)),
    device_ip: device.ip ?? senderAddress(line.from),
    device_hostname: device.hostname,
    device_name: device.name,
    version: fields['logver'] ?? found.version,
    srccountry: countryCode(fields['srccountry'] ?? ''),
    dstcountry: countryCode(fields['dstcountry'] ?? ''),
    uiip: ui !== undefined && isIpAddress(ui) ? ui : undefined,
    ...userColumns(fields['user'] ?? fields['xauthuser']),
    answers: answersOf(fields['ipaddr']),
    ...(fields['url'] === undefined ? {} : urlColumns(fields['url'])),
    request_method: methodColumns(fields['httpmethod']?.toUpperCase() ?? null).request_method,
  };
}

/** `eventtime` is an instant; date and time are local, and in old versions without their zone. */
function timeOf(fields: Readonly<Fields>, line: DeviceLine): ReturnType<typeof headTime> {
  const offset = offsetMinutes(fields['tz']);
  const instant = epochOf(fields['eventtime']) ?? epochOf(fields['rt']);
  if (instant !== undefined) return { at: instant, ...(offset === undefined ? {} : { offset }) };
  const local = localTime(fields['date'], fields['time']);
  if (local === undefined) return headTime(line);
  return offset === undefined ? placedTime(local, line) : { at: local - offset * 60_000, offset };
}

/** Versions differ in the unit: seconds, or milli-, micro- or nanoseconds. */
function epochOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{10}(?:\d{3}){0,3}$/.test(text)) return undefined;
  return Number(text.slice(0, 13).padEnd(13, '0'));
}

function localTime(date: string | undefined, time: string | undefined): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date ?? '') || !/^\d\d:\d\d:\d\d(?:\.\d{1,3})?$/.test(time ?? '')) return undefined;
  const at = Date.parse(`${date}T${time}Z`);
  // The 31st of February would roll over into March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(`${date}T`) ? at : undefined;
}

function answersOf(text: string | undefined): readonly string[] | undefined {
  const answers = text?.split(',').map((answer) => answer.trim()) ?? [];
  return answers.length > 0 && answers.length <= 100 && answers.every(isIpAddress) ? answers : undefined;
}
