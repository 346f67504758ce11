import type { RawRow } from '#core/lake/source/log-source.ts';
import { isHostname } from '#core/lake/text/http-request.ts';
import { activityOfAccess } from './access-layouts.ts';
import { auditStatus, kerberosStatus, levelOf, logonStatus, statusCode } from './event-codes.ts';
import { type EventColumn, eventColumns, longestText, readValue, type Target } from './event-columns.ts';
import type { EventLayout } from './event-layout.ts';
import { baseTitleOf, isSysmon, layoutOf } from './find-layout.ts';
import { type Carrier, type SystemName, systemLabels, type WindowsEvent } from './windows-event.ts';

/** Columns that every event has, beside those of its layout. */
const commonColumns = [
  ...['class_uid', 'activity_id', 'activity_name', 'event_time', 'original_time', 'severity_id', 'message'],
  ...['event_code', 'channel', 'provider', 'log_level', 'log_version', 'record_id', 'correlation_uid', 'product'],
  ...['hostname', 'host_name', 'instance_uid', 'account_uid', 'region', 'received', 'rest'],
];

/** `fields` of a source whose decoder is `windowsEvents`. */
export const windowsFields: Readonly<Record<string, string>> = Object.fromEntries(
  [...commonColumns, ...eventColumns].map((name) => [name, name]),
);

type Columns = Partial<Record<EventColumn, string>>;

/** The raw row of an event: each of its values is in a column of its class, or in `rest`, the JSON text of what goes to `unmapped`. */
export function eventRow(event: WindowsEvent, carrier: Carrier): RawRow {
  const found = layoutOf(event);
  const mapped = found === undefined ? undefined : mappedValues(event, found);
  const layout = mapped === undefined ? undefined : found;
  const used = mapped ?? { columns: {}, names: new Set<string>(), system: new Set<SystemName>() };
  const status = statusOf(event, layout, used);
  const head = headColumns(event, carrier, layout, used);
  const message = messageOf(event, found?.title ?? baseTitleOf(event));
  return {
    ...head,
    ...(message === undefined ? {} : { message }),
    ...used.columns,
    ...status,
    rest: JSON.stringify(restOf(event, carrier, used, layout)),
  };
}

/** What of an event is in a column already. */
interface UsedValues {
  readonly columns: Columns;
  readonly names: Set<string>;
  readonly system: Set<SystemName>;
}

/** Columns that OCSF has a place for only together, or only beside one of others. */
const together: readonly (readonly EventColumn[])[] = [['cert_issuer', 'cert_serial', 'cert_thumbprint']];
const beside: readonly (readonly [column: EventColumn, others: readonly EventColumn[]])[] = [
  ['src_port', ['src_ip', 'src_hostname', 'src_name']],
  ['actor_domain', ['actor_name', 'actor_sid']],
  ['process_user_domain', ['process_user_name', 'process_user_sid']],
  ['caller_path', ['caller_pid', 'caller_uid']],
  ['parent_path', ['parent_pid', 'parent_uid']],
  ['parent_cmd', ['parent_pid', 'parent_uid']],
  ['group_domain', ['group_name', 'group_sid']],
  ['file_hashes', ['file_path', 'process_path']],
  ['file_company', ['file_path', 'process_path']],
  ['file_desc', ['file_path', 'process_path']],
  ['file_version', ['file_path', 'process_path']],
];

/** The columns of a layout, or undefined where the event lacks what its class needs. */
function mappedValues(event: WindowsEvent, layout: EventLayout): UsedValues | undefined {
  const columns: Columns = { ...layout.fixed };
  const names = new Set<string>();
  const system = new Set<SystemName>();
  for (const [name, target] of Object.entries(layout.values)) {
    if (takes(columns, event.data[name], target)) names.add(name);
  }
  for (const [name, target] of Object.entries(layout.system ?? {})) {
    // The keys are those of `SystemName`.
    const systemName = name as SystemName;
    if (takes(columns, event.system[systemName], target)) system.add(systemName);
  }
  if (layout.path !== undefined) takePath(columns, names, event, layout.path);
  releaseWithoutPlace(columns, names, layout);
  shortenPrincipal(columns);
  if (layout.runsAsActor === true) runAsActor(columns);
  const has = (column: EventColumn): boolean => columns[column] !== undefined;
  const isComplete = layout.needs?.every((group) => group.some(has)) ?? names.size > 0;
  return isComplete ? { columns, names, system } : undefined;
}

function takes(columns: Columns, value: string | undefined, target: Target): boolean {
  if (value === undefined || value === '-' || value === '') return false;
  const read = readValue(target, value);
  if (read === undefined) return false;
  const entries = Object.entries(read) as [EventColumn, string][]; // `readValue` gives columns only
  if (entries.some(([column, text]) => columns[column] !== undefined && columns[column] !== text)) return false;
  Object.assign(columns, read);
  return true;
}

/** Gives back what the class has no place for, so that it stays in `unmapped`. */
function releaseWithoutPlace(columns: Columns, names: Set<string>, { values }: EventLayout): void {
  const homeless = [
    ...together.flatMap((group) => (group.every((column) => columns[column] !== undefined) ? [] : group)),
    ...beside.flatMap(([column, others]) => (others.some((other) => columns[other] !== undefined) ? [] : [column])),
  ].filter((column) => columns[column] !== undefined);
  for (const column of homeless) {
    delete columns[column];
    for (const [name, target] of Object.entries(values)) if (target === column) names.delete(name);
  }
}

function takePath(
  columns: Columns,
  names: Set<string>,
  { data }: WindowsEvent,
  [folderName, name]: readonly [string, string],
): void {
  const folder = data[folderName];
  const inside = data[name];
  if (folder === undefined || folder.length + (inside?.length ?? 0) > longestText - 1) return;
  const isFolderItself = inside === undefined || inside === '\\' || inside === '';
  columns.file_path = isFolderItself ? folder : `${folder}\\${inside}`;
  names.add(folderName).add(name);
}

/** Tickets name the user `alice@EXAMPLE.COM`, and the domain again. */
function shortenPrincipal(columns: Columns): void {
  const { user_name: name, user_domain: domain } = columns;
  if (name === undefined || domain === undefined || !name.toLowerCase().endsWith(`@${domain.toLowerCase()}`)) return;
  const short = name.slice(0, -domain.length - 1);
  if (short !== '') columns.user_name = short;
}

function runAsActor(columns: Columns): void {
  if (columns.process_user_name !== undefined || columns.process_user_sid !== undefined) return;
  const { actor_name: name, actor_domain: domain, actor_sid: sid, actor_session: session } = columns;
  if (name !== undefined) columns.process_user_name = name;
  if (domain !== undefined) columns.process_user_domain = domain;
  if (sid !== undefined) columns.process_user_sid = sid;
  if (session !== undefined) columns.process_session ??= session;
}

/** The audit's own word first, then the code that it gives, then what the kind of event says. */
function statusOf({ system, data, others }: WindowsEvent, layout: EventLayout | undefined, used: UsedValues): Columns {
  if (used.columns.status_id !== undefined) return {};
  const audit = auditStatus(system.keywords) ?? outcomeOf(others['EventType'] ?? others['event.outcome']);
  if (audit?.isAll === true) used.system.add('keywords');
  const code = layout?.statusTable === undefined ? undefined : codeOf(data, layout.statusTable, used);
  const byCode = code === undefined ? undefined : code.status_code === '0x0' ? '1' : '2';
  const id = audit?.id ?? byCode ?? layout?.status;
  return { ...code, ...(id === undefined ? {} : { status_id: String(id) }) };
}

function outcomeOf(outcome: string | undefined): ReturnType<typeof auditStatus> {
  if (outcome === 'AUDIT_FAILURE' || outcome === 'failure') return { id: '2', isAll: false };
  return outcome === 'AUDIT_SUCCESS' || outcome === 'success' ? { id: '1', isAll: false } : undefined;
}

/** The narrower of two codes: 0xC000006D says that a logon failed, its sub-status 0xC000006A that the password was wrong. */
function codeOf(data: WindowsEvent['data'], table: 'logon' | 'kerberos', used: UsedValues): Columns | undefined {
  const sub = statusCode(data['SubStatus']);
  const name = sub === undefined || sub === '0x0' ? 'Status' : 'SubStatus';
  const code = statusCode(data[name]);
  if (code === undefined) return undefined;
  used.names.add(name);
  const text = (table === 'logon' ? logonStatus : kerberosStatus)[code];
  return { status_code: code, ...(text === undefined ? {} : { status_detail: text }) };
}

function headColumns(
  event: WindowsEvent,
  carrier: Carrier,
  layout: EventLayout | undefined,
  used: UsedValues,
): Record<string, string | number> {
  const { system } = event;
  const take = (name: SystemName): string | undefined => {
    const value = system[name];
    if (value === undefined || value === '' || value.length > longestText) return undefined;
    used.system.add(name);
    return value;
  };
  const sysmon = isSysmon(system.provider, system.channel);
  const { log_level, severity_id } = levelOf(system.level);
  if (log_level !== undefined) used.system.add('level');
  const columns: Record<string, string | number | undefined> = {
    class_uid: layout?.class ?? 0,
    ...activityOf(layout, used.columns),
    ...timeOf(event, carrier, sysmon, used),
    severity_id,
    log_level,
    event_code: take('eventId'),
    channel: take('channel'),
    provider: take('provider'),
    log_version: take('version'),
    record_id: take('recordId'),
    correlation_uid: take('activityId'),
    product: sysmon ? 'sysmon' : 'windows',
    received: carrier.received,
    ...placeOf(event, carrier),
    // A base event has no place for the host.
    ...(layout === undefined
      ? {}
      : {
          ...hostOf(take('computer') ?? carrier.host),
          instance_uid: carrier.instance ?? event.others['cloud.instance.id'],
        }),
  };
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}

/** Winlogbeat can name the account and Region of its instance; both also stay in `unmapped`. */
function placeOf({ others }: WindowsEvent, carrier: Carrier): Record<string, string | undefined> {
  const isAws = others['cloud.provider'] === 'aws';
  const account = carrier.account ?? (isAws ? others['cloud.account.id'] : undefined);
  return { account_uid: account, region: carrier.region ?? (isAws ? others['cloud.region'] : undefined) };
}

function activityOf(layout: EventLayout | undefined, columns: Columns): Record<string, string | number | undefined> {
  if (layout === undefined) return { activity_id: 0 };
  const mask = layout.activityFromMask === true ? Number(columns.access_mask ?? 0) : 0;
  const found = activityOfAccess(mask);
  return found === undefined
    ? { activity_id: layout.activity, activity_name: layout.activityName }
    : { activity_id: found };
}

function hostOf(computer: string | undefined): Record<string, string> {
  if (computer === undefined) return { host_name: '(unknown)' };
  return isHostname(computer) ? { hostname: computer } : { host_name: computer };
}

function messageOf({ message, system }: WindowsEvent, title: string | undefined): string | undefined {
  if (message !== undefined && message.trim() !== '') return message.slice(0, longestText);
  if (title !== undefined) return title;
  const { provider, eventId } = system;
  return provider === undefined && eventId === undefined
    ? undefined
    : `${provider ?? 'Windows'}: event ${eventId ?? '(unknown)'}`.slice(0, longestText);
}

const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i;

/** A time without a zone is that of the host's clock; Sysmon's own UTC time or the carrier's tells the instant, else it is read as UTC. */
function timeOf(
  { system, data }: WindowsEvent,
  carrier: Carrier,
  sysmon: boolean,
  used: UsedValues,
): { readonly event_time?: string; readonly original_time?: string } {
  const time = isoOf(system.time);
  if (time === undefined) return carrier.time === undefined ? {} : { event_time: carrier.time };
  if (time.length > longestText) return {};
  used.system.add('time');
  if (hasZone.test(time)) return { event_time: time, ...(time === system.time ? {} : { original_time: system.time }) };
  const utc = sysmon ? utcOf(data['UtcTime'], time) : undefined;
  return { event_time: utc ?? utcOf(carrier.time, time) ?? `${time}Z`, original_time: time };
}

const longestOffset = 15 * 3_600_000;

/** The instant, if it can be the one that a clock of some time zone shows as `local`. */
function utcOf(instant: string | undefined, local: string): string | undefined {
  if (instant === undefined) return undefined;
  const utc = hasZone.test(instant) ? instant : `${instant}Z`;
  const distance = Math.abs(Date.parse(`${local.replace(' ', 'T')}Z`) - Date.parse(utc.replace(' ', 'T')));
  return distance <= longestOffset ? utc : undefined;
}

/** Seconds, milliseconds or microseconds since 1970 as ISO 8601; every other text as it is. */
function isoOf(time: string | undefined): string | undefined {
  if (time === undefined || !/^\d{10}(?:\d{3}){0,2}$/.test(time)) return time;
  return new Date(Number(time.padEnd(13, '0').slice(0, 13))).toISOString();
}

/** Everything that is in no column, by the names it has in `unmapped`. */
function restOf(
  event: WindowsEvent,
  carrier: Carrier,
  used: UsedValues,
  layout: EventLayout | undefined,
): Record<string, string> {
  const rest: Record<string, string> = Object.create(null);
  const add = (name: string, value: string | undefined): void => {
    if (value === undefined || value === '') return;
    let free = name;
    while (Object.hasOwn(rest, free)) free = `${free}_`;
    rest[free] = value;
  };
  for (const [name, value] of Object.entries(event.system)) {
    // The keys are those of `SystemName`.
    if (!used.system.has(name as SystemName)) add(systemLabels[name as SystemName], value);
  }
  for (const [name, value] of Object.entries(event.data)) {
    if (!used.names.has(name) && value !== '-') add(`${event.dataLabel}.${name}`, value);
  }
  for (const [name, value] of [...Object.entries(event.others), ...Object.entries(carrier.others)]) add(name, value);
  if ((event.message?.length ?? 0) > longestText) add('Message', event.message);
  if (layout === undefined) add('instance_uid', carrier.instance);
  return rest;
}
