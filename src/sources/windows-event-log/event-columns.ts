import { isHostname } from '#core/lake/text/http-request.ts';
import { isIpAddress } from '#core/lake/text/ip-address.ts';
import { dnsResult, integrityLevels } from './event-codes.ts';

/** The longest string of OCSF 1.1.0, and the longest address. */
export const longestText = 65_535;
const longestAddress = 40;
const largestInteger = 2_147_483_647;

/** How the value of an event becomes one or more columns; undefined where it is none of its kind, and so stays as it is. */
type Reading = (value: string) => Readonly<Partial<Record<EventColumn, string>>> | undefined;

/** The columns of a raw row that hold what an event tells; map.sql of both Windows sources reads them by these names. */
export const eventColumns = [
  ...['user_name', 'user_domain', 'user_sid', 'user_alt', 'user_full_name', 'result_name'],
  ...['actor_name', 'actor_domain', 'actor_sid', 'actor_session'],
  ...['session_uid', 'session_guid', 'session_terminal', 'logon_type', 'auth_protocol', 'service_name', 'service_uid'],
  ...['cert_issuer', 'cert_serial', 'cert_thumbprint', 'privileges', 'group_name', 'group_domain', 'group_sid'],
  ...['src_ip', 'src_port', 'src_hostname', 'src_name', 'dst_ip', 'dst_port', 'dst_hostname', 'dst_name'],
  ...['direction', 'protocol_num', 'protocol_name', 'query_host', 'answers', 'rcode_id', 'rcode'],
  ...['process_path', 'process_pid', 'process_uid', 'process_cmd', 'process_tid', 'process_created', 'process_session'],
  ...['process_session_guid', 'process_user_name', 'process_user_domain', 'process_user_sid'],
  ...['process_integrity', 'process_integrity_id', 'exit_code'],
  ...['parent_path', 'parent_pid', 'parent_uid', 'parent_cmd', 'caller_path', 'caller_pid', 'caller_uid'],
  ...['file_path', 'file_type', 'file_hashes', 'file_company', 'file_desc', 'file_version', 'file_created'],
  ...['access_mask', 'entity_name', 'entity_uid', 'entity_type'],
  ...['status_id', 'status_code', 'status_detail'],
] as const satisfies readonly string[];

export type EventColumn = (typeof eventColumns)[number];

/** Where a value of an event goes: a column, or a word for several of which the value decides. */
export type Target = EventColumn | keyof typeof specialReadings;

/** Reads a value for its target. */
export function readValue(target: Target, value: string): ReturnType<Reading> {
  if (isSpecial(target)) return specialReadings[target](value);
  const text = (columnReadings[target] ?? textOf)(value);
  return text === undefined ? undefined : { [target]: text };
}

function isSpecial(target: Target): target is keyof typeof specialReadings {
  return Object.hasOwn(specialReadings, target);
}

const specialReadings = {
  user_account: accountAs('user_domain', 'user_name'),
  actor_account: accountAs('actor_domain', 'actor_name'),
  process_account: accountAs('process_user_domain', 'process_user_name'),
  src_host: hostAs('src_hostname', 'src_name'),
  dst_host: hostAs('dst_hostname', 'dst_name'),
  member_name: memberName,
  integrity: integrityOf,
  dns_status: dnsResult,
} satisfies Readonly<Record<string, Reading>>;

type TextReading = (value: string) => string | undefined;

const columnReadings: Readonly<Partial<Record<EventColumn, TextReading>>> = {
  user_sid: sidOf,
  actor_sid: sidOf,
  process_user_sid: sidOf,
  group_sid: sidOf,
  service_uid: sidOf,
  actor_session: logonOf,
  session_uid: logonOf,
  process_session: logonOf,
  session_guid: guidOf,
  process_session_guid: guidOf,
  process_uid: guidOf,
  parent_uid: guidOf,
  caller_uid: guidOf,
  process_pid: positiveOf,
  parent_pid: positiveOf,
  caller_pid: positiveOf,
  process_tid: positiveOf,
  access_mask: integerOf,
  exit_code: integerOf,
  logon_type: integerOf,
  protocol_num: integerOf,
  src_port: portOf,
  dst_port: portOf,
  src_ip: addressOf,
  dst_ip: addressOf,
  direction: directionOf,
  query_host: (value) => (isHostname(withoutLastDot(value)) ? withoutLastDot(value) : undefined),
  answers: answersOf,
  privileges: wordsOf,
  file_hashes: hashesOf,
  cert_thumbprint: (value) => (/^[0-9A-Fa-f]{40,64}$/.test(value) ? value : undefined),
  file_created: timeOf,
  process_created: timeOf,
};

function textOf(value: string): string | undefined {
  // What is longer stays whole in `unmapped`.
  return value.length > longestText ? undefined : value.trim() === '' ? undefined : value.trim();
}

/** The SID of nobody says nothing. */
function sidOf(value: string): string | undefined {
  return value === 'S-1-0-0' || value === 'NULL SID' ? undefined : textOf(value);
}

function logonOf(value: string): string | undefined {
  return /^0x0+$/i.test(value) ? undefined : textOf(value);
}

function guidOf(value: string): string | undefined {
  return /^[{}0-]+$/.test(value) ? undefined : textOf(value);
}

function integerOf(value: string): string | undefined {
  if (!/^\s*(?:0x[0-9a-f]{1,8}|\d{1,10})\s*$/i.test(value)) return undefined;
  const number = Number(value);
  return number > largestInteger ? undefined : String(number);
}

function positiveOf(value: string): string | undefined {
  const number = integerOf(value);
  return number === '0' ? undefined : number;
}

function portOf(value: string): string | undefined {
  const number = positiveOf(value);
  return number === undefined || Number(number) > 65_535 ? undefined : number;
}

/** An IPv4 address is also written as one of IPv6; LOCAL stands where there is none. */
function addressOf(value: string): string | undefined {
  const text = value.trim();
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(text)?.[1];
  if (mapped !== undefined && isIpAddress(mapped)) return mapped;
  const zone = text.indexOf('%');
  const isAddress = isIpAddress(zone < 0 ? text : text.slice(0, zone)) && text.length <= longestAddress;
  return isAddress ? text : undefined;
}

function directionOf(value: string): string | undefined {
  if (value === '%%14592' || value === 'Inbound' || value === 'false') return '1';
  return value === '%%14593' || value === 'Outbound' || value === 'true' ? '2' : undefined;
}

function wordsOf(value: string): string | undefined {
  const words = value.split(/\s+/).filter((word) => word !== '' && word !== '-');
  return words.length === 0 || value.length > longestText ? undefined : JSON.stringify(words);
}

function hashesOf(value: string): string | undefined {
  return value.length < 1000 && /^\w{1,20}=[0-9A-Fa-f]{1,64}(?:,\w{1,20}=[0-9A-Fa-f]{1,64})*$/.test(value)
    ? value
    : undefined;
}

/** Sysmon's times are UTC without saying so. */
function timeOf(value: string): string | undefined {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?$/.test(value) ? `${value}Z` : undefined;
}

const recordTypes: Readonly<Record<string, string>> = {
  '1': 'A',
  '2': 'NS',
  '5': 'CNAME',
  '6': 'SOA',
  '12': 'PTR',
  '15': 'MX',
  '16': 'TXT',
  '28': 'AAAA',
  '33': 'SRV',
  '65': 'HTTPS',
};

/** `type:  5 www.example.com;::ffff:192.0.2.1;` as a list of answers. */
function answersOf(value: string): string | undefined {
  if (value.length > longestText) return undefined;
  const parts = value.split(';').filter((part) => part.trim() !== '');
  const answers = parts.map((part) => {
    const [, type = '', data] = /^type:\s{1,4}(\d{1,5})\s(.*)$/s.exec(part) ?? [];
    if (data !== undefined) return { type: recordTypes[type] ?? type, rdata: data.trim() };
    const address = addressOf(part);
    if (address === undefined) return { rdata: part.trim() };
    return { type: address.includes(':') ? 'AAAA' : 'A', rdata: address };
  });
  return answers.length === 0 ? undefined : JSON.stringify(answers);
}

function withoutLastDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** `DOMAIN\name`. */
function accountAs<D extends EventColumn, N extends EventColumn>(domain: D, name: N): Reading {
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return undefined;
    const border = text.indexOf('\\');
    if (border < 0) return { [name]: text };
    return border === 0 || border === text.length - 1
      ? undefined
      : { [domain]: text.slice(0, border), [name]: text.slice(border + 1) };
  };
}

function hostAs<H extends EventColumn, N extends EventColumn>(hostname: H, name: N): Reading {
  return (value) => {
    const text = withoutLastDot(textOf(value)?.replace(/^\\\\/, '') ?? '');
    return text === '' ? undefined : { [isHostname(text) ? hostname : name]: text };
  };
}

/** A member of a group is named by its place in the directory. */
function memberName(value: string): ReturnType<Reading> {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const commonName = /^CN=((?:[^,\\]|\\.){1,500})/i.exec(text)?.[1]?.replace(/\\(.)/g, '$1');
  return commonName === undefined ? { user_name: text } : { user_alt: text, user_full_name: commonName };
}

function integrityOf(value: string): ReturnType<Reading> {
  const name = /^(?:Mandatory Label\\)?(\w{1,20}) Mandatory Level$/.exec(value)?.[1] ?? value;
  const level = integrityLevels.find(({ sid, caption }) => sid === value || caption === name);
  return level && { process_integrity: level.caption, process_integrity_id: String(level.id) };
}
