import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';

// The parts of an OCSF 1.1.0 evidence as plain JSON; what would break the schema is left out.

/** An endpoint, where anything is known that OCSF takes for one. */
export function endpoint(parts: JsonObject): JsonObject | undefined {
  const { ip, port, location } = parts;
  const address = text(ip);
  const found = present({
    ip: isAddress(address) ? address : undefined,
    name: text(parts['name']) ?? text(parts['hostname']) ?? (isAddress(address) ? undefined : address),
    uid: text(parts['uid']),
    domain: text(parts['domain']),
    svc_name: text(parts['svc_name']),
    instance_uid: text(parts['instance_uid']),
    interface_uid: text(parts['interface_uid']),
  });
  const { domain: _, ...known } = found;
  if (Object.keys(known).length === 0) return undefined;
  return { ...found, ...present({ port: wholeNumber(port, 65_535), location: place(location) }) };
}

/** A location, where OCSF finds enough in it. */
export function place(location: unknown): JsonObject | undefined {
  if (!isJsonObject(location)) return undefined;
  const { lat, long, coordinates } = location;
  const pair = typeof lat === 'number' && typeof long === 'number' ? [long, lat] : coordinates;
  const isPair = Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'number');
  const found = present({
    city: text(location['city']),
    country: text(location['country']),
    coordinates: isPair ? pair : undefined,
  });
  return Object.keys(found).length === 0 ? undefined : found;
}

/** A DNS query, where the name is one. */
export function query(hostname: unknown, type?: unknown): JsonObject | undefined {
  const name = text(hostname)?.replace(/\.$/, '');
  return name === undefined || !isHostname(name) ? undefined : present({ hostname: name, type: text(type) });
}

/** A call of an API. */
export function call(parts: { readonly operation: unknown; readonly service?: unknown; readonly error?: unknown }) {
  const operation = text(parts.operation);
  if (operation === undefined) return undefined;
  const [service, error] = [text(parts.service), text(parts.error)];
  return present({
    operation,
    service: service === undefined ? undefined : { name: service },
    response: error === undefined ? undefined : { error },
  });
}

/** A process, where it can be told from others. */
export function process(parts: JsonObject): JsonObject | undefined {
  const [pid, uid] = [wholeNumber(parts['pid'], 2_147_483_647), text(parts['uid'])];
  if (pid === undefined && uid === undefined) return undefined;
  const path = text(parts['path']);
  // Type 1 is a regular file: what runs is nothing else.
  const file = path === undefined ? undefined : { path, name: path.slice(path.lastIndexOf('/') + 1), type_id: 1 };
  return present({ pid, uid, name: text(parts['name']), cmd_line: text(parts['cmd_line']), file });
}

/** A user, where anything names one. */
export function user(parts: JsonObject): JsonObject | undefined {
  const { account } = parts;
  const accountUid = isJsonObject(account) ? text(account['uid']) : undefined;
  const found = present({
    name: text(parts['name']),
    uid: text(parts['uid']),
    account: accountUid === undefined ? undefined : { uid: accountUid },
  });
  return Object.keys(found).length === 0 ? undefined : { ...found, ...present({ type: text(parts['type']) }) };
}

/** A text that is not empty; numbers count as texts. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && value.length <= 65_535 ? value : undefined;
}

/** A copy without what is undefined. */
export function present(parts: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function wholeNumber(value: unknown, most: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most ? number : undefined;
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;

function isAddress(value: string | undefined): boolean {
  if (value === undefined) return false;
  return (
    ipv4.test(value) || (value.length <= 39 && /^[\da-fA-F:.]+$/.test(value) && URL.canParse(`http://[${value}]/`))
  );
}

function isHostname(value: string): boolean {
  return (
    value.length <= 253 && value.split('.').every((label) => /^[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?$/.test(label))
  );
}
