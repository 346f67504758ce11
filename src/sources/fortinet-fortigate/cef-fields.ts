import type { CefEvent } from '#core/lake/text/cef.ts';

/** CEF's keys for fields of FortiOS; fields without a key of CEF have the prefix `FTNTFGT`. */
const fieldOfKey: Readonly<Record<string, string>> = {
  act: 'action',
  app: 'service',
  cnt: 'count',
  destinationTranslatedAddress: 'tranip',
  destinationTranslatedPort: 'tranport',
  deviceExternalId: 'devid',
  deviceInboundInterface: 'srcintf',
  deviceOutboundInterface: 'dstintf',
  dmac: 'dstmac',
  dpt: 'dstport',
  dst: 'dstip',
  duser: 'user',
  dvchost: 'devname',
  externalId: 'sessionid',
  fname: 'filename',
  fsize: 'filesize',
  in: 'rcvdbyte',
  msg: 'msg',
  out: 'sentbyte',
  outcome: 'status',
  proto: 'proto',
  reason: 'reason',
  request: 'url',
  requestClientApplication: 'agent',
  requestContext: 'catdesc',
  requestCookies: 'cookies',
  requestMethod: 'httpmethod',
  shost: 'srcname',
  smac: 'srcmac',
  sourceServiceName: 'role',
  sourceTranslatedAddress: 'transip',
  sourceTranslatedPort: 'transport',
  spt: 'srcport',
  sproc: 'ui',
  src: 'srcip',
};
const fieldOfLabel: Readonly<Record<string, string>> = {
  'Policy Id': 'policyid',
  Reference: 'ref',
  Group: 'group',
  'User Group': 'group',
};
const prefix = 'FTNTFGT';
const label = /^(c[sn]\d)Label$/;
const directions: Readonly<Record<string, string>> = { 0: 'incoming', 1: 'outgoing' };

export interface CefFields {
  readonly fields: Readonly<Record<string, string>>;
  readonly words: readonly string[];
  readonly header: Readonly<Record<string, string>>;
  readonly version: string;
}

/** The fields of FortiOS in an event that a FortiGate sent as CEF. */
export function fieldsOfCef(event: CefEvent): CefFields {
  const { extension, rest, deviceVersion: version, ...named } = event;
  const [type, subtype] = (extension['cat'] ?? '').split(':');
  const fields: Record<string, string> = {};
  const put = (name: string, value: string): void => {
    let free = name;
    while (free in fields) free += '_';
    fields[free] = value;
  };
  const labelled = labels(extension);
  for (const [key, value] of Object.entries(extension)) {
    if (key === 'cat' || (label.test(key) && labelled.has(key.slice(0, -5)))) continue;
    if (key === 'deviceDirection' && directions[value] !== undefined) put('direction', directions[value]);
    else put(nameOf(key, labelled, type), value);
  }
  const all: Readonly<Record<string, string>> = {
    ...(type === undefined || type === '' ? {} : { type }),
    ...withSubtype(fields, subtype),
  };
  const { cat } = extension;
  const isTold = cat === undefined || cat === `${all['type'] ?? ''}:${all['subtype'] ?? ''}`;
  const said = Object.entries(isTold ? named : { ...named, cat });
  const header = Object.fromEntries(said.map(([name, value]) => [`cef.${name}`, value]));
  return { fields: all, words: rest === '' ? [] : [rest], header, version };
}

/** `cs1` and its like whose labels say which field they are. */
function labels(extension: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const known = Object.entries(extension).flatMap(([key, value]) => {
    const field = Object.hasOwn(fieldOfLabel, value) ? fieldOfLabel[value] : undefined;
    const custom = label.exec(key)?.[1];
    return custom === undefined || field === undefined ? [] : [[custom, field] as const];
  });
  return new Map(known);
}

function nameOf(key: string, labelled: ReadonlyMap<string, string>, type: string | undefined): string {
  if (key.startsWith(prefix) && key.length > prefix.length) return key.slice(prefix.length);
  // The one key has two meanings: the name of a session's server, or the host that a request asks for.
  if (key === 'dhost') return type === 'traffic' ? 'dstname' : 'hostname';
  return labelled.get(key) ?? (Object.hasOwn(fieldOfKey, key) ? (fieldOfKey[key] ?? key) : key);
}

function withSubtype(
  fields: Readonly<Record<string, string>>,
  subtype: string | undefined,
): Readonly<Record<string, string>> {
  return subtype === undefined || 'subtype' in fields ? fields : { subtype, ...fields };
}
