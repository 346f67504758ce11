import { isDecimal, isPort } from '#core/lake/text/ip-address.ts';
import { type AsaFact, type End, host, present, user } from './asa-fact.ts';

/** The messages of Firepower Threat Defense that list `Name: value, Name: value`. */
export const firepowerIds: ReadonlySet<string> = new Set(['430001', '430002', '430003', '430004', '430005']);

/** A message with more pairs than this is none of Firepower's. */
const maximumPairs = 300;
const nextName = /, (?=[A-Z][A-Za-z0-9_-]{1,60}: )/g;

/** The pairs of a message; values may hold commas, and then no name and colon follow. */
export function firepowerPairs(text: string): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = Object.create(null);
  const parts = text.split(nextName, maximumPairs);
  for (const part of parts) {
    const colon = part.indexOf(':');
    if (colon <= 0) continue;
    const name = part.slice(0, colon).trim();
    if (!(name in pairs)) pairs[name] = part.slice(colon + 1).trim();
  }
  return pairs;
}

/** What an intrusion, connection, file or malware event says. */
export function firepowerFact(id: string, pairs: Readonly<Record<string, string>>): AsaFact | undefined {
  const action = pairs['AccessControlRuleAction'] ?? pairs['InlineResult'] ?? pairs['FileAction'] ?? '';
  const denied = /^(?:block|drop|would have)|reset/i.test(action) && !/^would/i.test(action);
  const common = {
    denied,
    protocol: pairs['Protocol'],
    connection: pairs['ConnectionID'],
    src: end(pairs, 'Src', 'Ingress'),
    dst: end(pairs, 'Dst', 'Egress'),
    rule: pairs['AccessControlRuleName'],
    app: pairs['WebApplication'] ?? pairs['ApplicationProtocol'],
    level: pairs['EventPriority'],
    started: startOf(pairs['FirstPacketSecond']),
    ...personOf(pairs['User']),
  };
  if (common.src.ip === undefined || common.dst.ip === undefined) return undefined;
  if (id === '430002' || id === '430003') return connection(id, pairs, common);
  return present({
    ...common,
    topic: 'finding',
    activity: 'create',
    title:
      pairs['Message']?.replace(/^"(.*)"$/s, '$1') ?? pairs['ThreatName'] ?? pairs['FileName'] ?? 'Firepower event',
    category: id === '430001' ? 'intrusion' : id === '430004' ? 'file' : 'malware',
    signature: pairs['SID'],
    reason: pairs['Classification'] ?? pairs['FileSandboxStatus'] ?? pairs['SHA_Disposition'],
    file: pairs['FileName'],
    hash: pairs['FileSHA256'],
  });
}

function connection(
  id: string,
  pairs: Readonly<Record<string, string>>,
  common: { readonly [K in keyof Omit<AsaFact, 'topic' | 'activity'>]: AsaFact[K] | undefined },
): AsaFact {
  const activity = common.denied === true ? 'refuse' : id === '430002' ? 'open' : 'close';
  return present({
    ...common,
    topic: 'flow',
    activity,
    bytesOut: count(pairs['InitiatorBytes']),
    bytesIn: count(pairs['ResponderBytes']),
    packetsOut: count(pairs['InitiatorPackets']),
    packetsIn: count(pairs['ResponderPackets']),
    seconds:
      id === '430003' && count(pairs['ConnectionDuration']) !== undefined
        ? Number(pairs['ConnectionDuration'])
        : undefined,
    reason: pairs['AccessControlRuleReason'],
    url: pairs['URL'],
  });
}

function end(pairs: Readonly<Record<string, string>>, name: string, way: string): End {
  const port = pairs[`${name}Port`];
  const at = pairs[`${way}Interface`];
  return {
    ...host(pairs[`${name}IP`] ?? ''),
    ...(port !== undefined && isPort(port) ? { port } : {}),
    ...(at === undefined ? {} : { interface: at }),
  };
}

function personOf(text: string | undefined): ReturnType<typeof user> {
  return text === undefined || /^(?:No Authentication Required|Unknown|Not Found)$/i.test(text) ? {} : user(text);
}

function count(text: string | undefined): string | undefined {
  return text !== undefined && isDecimal(text) && text.length <= 15 ? text : undefined;
}

function startOf(text: string | undefined): string | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text ?? '') && !Number.isNaN(Date.parse(text ?? ''))
    ? text
    : undefined;
}
