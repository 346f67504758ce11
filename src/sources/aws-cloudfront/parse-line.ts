import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isRecord } from '#core/lake/text/first-json-record.ts';
import { methodColumns } from '#core/lake/text/http-request.ts';
import { isIpAddress } from '#core/lake/text/ip-address.ts';
import { given, lineTrouble, type ParsedLine } from '#core/lake/text/line-rows.ts';
import { plainName } from './plain-name.ts';
import { realtimeFields } from './realtime-fields.ts';

/** Separators that a delivery may have; legacy files have tabs. */
const separators = ['\t', ' ', ','];
/** Names that tell a header line from a record. */
const commonNames = new Set([
  'date',
  'time',
  'x_edge_location',
  'c_ip',
  'cs_method',
  'sc_status',
  'cs_uri_stem',
  'cs_host',
]);

/** What the key of an object tells: v2 has the account in it, all have the distribution. */
interface KeyColumns {
  readonly key_account: string | null;
  readonly key_distribution: string | null;
}

/** A parser for the lines of one object: W3C text, JSON lines, or real-time records without names. */
export function cloudFrontLineParser(key: string): (line: string) => ParsedLine {
  const owner = keyColumns(key);
  const table = new W3cTable();
  return (line) => {
    const first = line.charCodeAt(0);
    if (first === 0x23) return table.directive(line);
    const row = first === 0x7b ? jsonRow(line) : table.row(line);
    return row === undefined || !('row' in row) ? row : withDerived(row.row, owner);
  };
}

function keyColumns(key: string): KeyColumns {
  return {
    key_account: /(?:^|\/)AWSLogs\/(?:aws-account-id=)?(\d{12})\/CloudFront\//.exec(key)?.[1] ?? null,
    key_distribution: /(?:^|\/)(?:DistributionId=)?(E[0-9A-Z]{6,20})[./]/.exec(key)?.[1] ?? null,
  };
}

/** State: the names of the columns, and what separates them, as the lines so far told. */
class W3cTable {
  #names: readonly string[] | undefined;
  #separator: string | undefined;
  #isRealtime = false;

  directive(line: string): ParsedLine {
    if (!line.startsWith('#Fields:')) return undefined;
    this.#use(
      line
        .slice('#Fields:'.length)
        .trim()
        .split(/[\t ,]+/),
    );
    return undefined;
  }

  row(line: string): ParsedLine {
    if (this.#names === undefined || this.#isRealtime) {
      const values = line.split('\t');
      if (this.#names === undefined && isHeader(line)) {
        this.#use(line.split(/[\t ,]+/));
        return undefined;
      }
      return this.#realtime(values);
    }
    const names = this.#names;
    this.#separator ??= separators.find((text) => line.split(text).length === names.length);
    const values = line.split(this.#separator ?? '\t');
    return values.length === names.length
      ? named(names, values)
      : lineTrouble('columns.count', `expected ${names.length} values, found ${values.length}`);
  }

  #use(names: readonly string[]): void {
    this.#names = names.map(plainName);
    this.#separator = undefined;
    this.#isRealtime = false;
  }

  #realtime(values: readonly string[]): ParsedLine {
    const names = this.#names?.length === values.length ? this.#names : realtimeFields(values.length)?.map(plainName);
    const status = values[names?.indexOf('sc_status') ?? -1];
    if (names === undefined || !isIpAddress(values[1] ?? '') || !/^\d{3}$/.test(status ?? ''))
      return lineTrouble(
        'fields.unknown',
        `${values.length} values, but no #Fields line names them, and they are not all fields of real-time logs: put a line "#Fields: …" with the names of the configuration in front`,
      );
    this.#names = names;
    this.#isRealtime = true;
    return named(names, values);
  }
}

function isHeader(line: string): boolean {
  if (line.length > 8192) return false;
  const names = line.split(/[\t ,]+/).map(plainName);
  return names.filter((name) => commonNames.has(name)).length >= 3;
}

function named(names: readonly string[], values: readonly string[]): ParsedLine {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index += 1) row[names[index] ?? ''] = given(values[index]);
  return { row };
}

function jsonRow(line: string): ParsedLine {
  const record = parsedOrUndefined(line);
  if (!isRecord(record)) return lineTrouble('json.invalid', 'the line begins with a brace, but is no JSON object');
  const row: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    let name = plainName(key);
    while (Object.hasOwn(row, name)) name += '_2';
    row[name] = value === '-' || value === '' ? null : value;
  }
  return { row };
}

function parsedOrUndefined(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** Adds what SQL cannot tell for sure: whether addresses that a client wrote are some, and methods that OCSF knows. */
function withDerived(row: Record<string, unknown>, owner: KeyColumns): ParsedLine {
  const ip = row['c_ip'];
  if (typeof ip === 'string' && !isIpAddress(ip)) return lineTrouble('address.invalid', `c-ip is no address: ${ip}`);
  const server = row['s_ip'];
  if (typeof server === 'string' && !isIpAddress(server))
    return lineTrouble('address.invalid', `s-ip is no address: ${server}`);
  const forwarded = forwardedIps(row['x_forwarded_for']);
  if (forwarded !== null) row['x_forwarded_for'] = null;
  row['forwarded_ips'] = forwarded;
  const method = row['cs_method'];
  if (typeof method === 'string') Object.assign(row, methodColumns(method), { cs_method: null });
  return { row: Object.assign(row, owner) };
}

/** The addresses of an X-Forwarded-For header, which CloudFront logs URL-encoded; null where not all are addresses. */
function forwardedIps(header: unknown): readonly string[] | null {
  if (typeof header !== 'string' || header.length > 8192) return null;
  const ips = header
    .replaceAll('%20', ' ')
    .replaceAll('%2C', ',')
    .split(',')
    .map((ip) => ip.trim());
  return ips.every(isIpAddress) ? ips : null;
}
