import { countryCode } from '#core/lake/text/country-code.ts';
import {
  type DeviceLine,
  headTime,
  offsetMinutes,
  type PlacedTime,
  placedTime,
  timeColumns,
} from '#core/lake/text/device-line.ts';
import { type HostColumns, hostColumns, senderAddress } from '#core/lake/text/host-columns.ts';
import { methodColumns, urlColumns } from '#core/lake/text/http-request.ts';
import { isIpAddress } from '#core/lake/text/ip-address.ts';
import { userColumns } from '#core/lake/text/user-name.ts';
import { signInOf } from './system-facts.ts';

type Fields = Readonly<Record<string, string>>;

const day = 86_400_000;

/** What SQL cannot read out of a record: instants, users, names of countries, parts of URLs, the text of sign-ins. */
export function readings(known: Fields, all: Fields, line: DeviceLine): Readonly<Record<string, unknown>> {
  const time = timeOf(all, line);
  const device = hostColumns(line.head.hostname);
  const signIn = known['type'] === 'SYSTEM' ? signInOf(known['eventid'], known['opaque']) : undefined;
  const from = signIn?.from ?? '';
  return {
    ...timeColumns(time),
    received: instantOf(known['receive_time'], time),
    started: instantOf(all['start'], time),
    certificate_from: instantOf(all['notbefore'], time),
    certificate_until: instantOf(all['notafter'], time),
    device_ip: device.ip ?? senderAddress(line.from),
    device_hostname: device.hostname,
    device_name: device.name,
    source_country: countryCode(known['srcloc'] ?? known['srcregion'] ?? ''),
    target_country: countryCode(known['dstloc'] ?? ''),
    ...userColumns(signIn?.user ?? all['srcuser'] ?? all['user'] ?? known['admin']),
    ...prefixed('target', hostColumns(known['dst_host'])),
    ...prefixed('source', hostColumns(known['src_host'] ?? known['machinename'])),
    sign_in: signIn === undefined ? undefined : { ...signIn, from: isIpAddress(from) ? from : undefined },
    ...threatOf(known),
    ...requestOf(known),
    forwarded: addresses(all['xff'] ?? all['xff_ip']),
    account: /^ ?mgt-config users {1,2}(\S{1,256})/.exec(known['path'] ?? '')?.[1],
  };
}

function prefixed(prefix: string, columns: HostColumns): Record<string, string | null> {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [`${prefix}_${name}`, value]));
}

/** The instant of the record's own local time; only versions from 10.0 on say their zone, in another column. */
function timeOf(fields: Fields, line: DeviceLine): PlacedTime | undefined {
  const written = fields['time_generated'] ?? fields['receive_time'];
  const local = localTime(written);
  if (local === undefined) return headTime(line);
  if (written?.endsWith('Z')) return { at: local, offset: 0 };
  const precise = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)$/.exec(
    fields['high_res_timestamp'] ?? '',
  );
  const near = localTime(precise?.[1]);
  const offset = offsetMinutes(precise?.[2]);
  // Where the firewall has no such time it writes one of 1970.
  const isMeant = near !== undefined && offset !== undefined && Math.abs(near - local) < day;
  return isMeant ? { at: local - offset * 60_000, offset } : placedTime(local, line);
}

/** A local time as if it were UTC. */
function localTime(text: string | undefined): number | undefined {
  const found = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,9})?Z?$/.exec(text ?? '');
  if (found === null) return undefined;
  const [, year, month, date, clock, fraction = ''] = found;
  const at = Date.parse(`${year}-${month}-${date}T${clock}${fraction.slice(0, 4)}Z`);
  // The 31st of February would roll over into March.
  return !Number.isNaN(at) && new Date(at).getUTCDate() === Number(date) ? at : undefined;
}

/** Another local time of the record, placed as the record's own. */
function instantOf(text: string | undefined, time: PlacedTime | undefined): string | undefined {
  const local = localTime(text);
  if (local === undefined || time === undefined) return undefined;
  return timeColumns({ at: local - (time.offset ?? 0) * 60_000 }).at;
}

function threatOf(known: Fields): Readonly<Record<string, string | undefined>> {
  const found = /^(.{0,1000}?)\((\d{1,12})\)$/s.exec(known['threatid'] ?? '');
  if (found === null) return { threat_name: known['threatid'] };
  return { threat_name: found[1] === '' ? undefined : found[1], threat_id: found[2] };
}

/** URLs are logged without their scheme. */
function requestOf(known: Fields): Readonly<Record<string, string | null>> {
  const { misc } = known;
  const method = methodColumns(known['http_method']?.toUpperCase() ?? null).request_method;
  if (misc === undefined || known['subtype'] !== 'url') return { request_method: method };
  const { url_host, url_port, url_path, url_query } = urlColumns(misc.includes('://') ? misc : `http://${misc}`);
  return { request_method: method, url_host, url_port, url_path, url_query };
}

function addresses(text: string | undefined): readonly string[] | undefined {
  const found = text?.split(',', 20).map((part) => part.trim()) ?? [];
  return found.length > 0 && found.every(isIpAddress) ? found : undefined;
}
