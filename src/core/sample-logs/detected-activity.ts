import { MINUTE } from '#core/sample-organization/calendar.ts';
import type { Detection } from '#core/sample-organization/detection.ts';
import type { Json } from '#core/sample-organization/types.ts';
import type { LogWorld } from './log-world.ts';

/** What GuardDuty says was done, in the words of the logs. */
export type DetectedAction =
  | {
      readonly kind: 'connection';
      readonly inbound: boolean;
      readonly localIp: string;
      readonly localPort: number;
      readonly remoteIp: string;
      readonly remotePort: number;
    }
  | { readonly kind: 'probe'; readonly port: number; readonly localIp: string; readonly from: readonly string[] }
  | { readonly kind: 'lookup'; readonly domain: string }
  | {
      readonly kind: 'call';
      readonly service: string;
      readonly api: string;
      readonly ip: string;
      readonly agent: string | null;
    }
  | {
      readonly kind: 'kubernetes';
      readonly uri: string;
      readonly verb: string;
      readonly ip: string;
      readonly agent: string;
    };

/** The action of a finding; null for a finding that only joins others. */
export function detectedAction(detection: Detection): DetectedAction | null {
  const action = part(detection.action, 'networkConnectionAction');
  if (action !== null) {
    return {
      kind: 'connection',
      inbound: textOf(action, 'connectionDirection') === 'INBOUND',
      localIp: textOf(action, 'localIpDetails', 'ipAddressV4'),
      localPort: numberOf(action, 'localPortDetails', 'port'),
      remoteIp: textOf(action, 'remoteIpDetails', 'ipAddressV4'),
      remotePort: numberOf(action, 'remotePortDetails', 'port'),
    };
  }
  const probes = part(detection.action, 'portProbeAction', 'portProbeDetails');
  if (Array.isArray(probes)) {
    return {
      kind: 'probe',
      port: numberOf(probes[0] ?? null, 'localPortDetails', 'port'),
      localIp: textOf(probes[0] ?? null, 'localIpDetails', 'ipAddressV4'),
      from: probes.map((probe: Json) => textOf(probe, 'remoteIpDetails', 'ipAddressV4')),
    };
  }
  return lookupOrCall(detection);
}

function lookupOrCall(detection: Detection): DetectedAction | null {
  const lookup = part(detection.action, 'dnsRequestAction');
  if (lookup !== null) return { kind: 'lookup', domain: textOf(lookup, 'domain') };
  const call = part(detection.action, 'awsApiCallAction');
  if (call !== null) {
    return {
      kind: 'call',
      service: textOf(call, 'serviceName'),
      api: textOf(call, 'api'),
      ip: textOf(call, 'remoteIpDetails', 'ipAddressV4'),
      agent: textOf(call, 'userAgent') || null,
    };
  }
  const kubernetes = part(detection.action, 'kubernetesApiCallAction');
  if (kubernetes === null) return null;
  return {
    kind: 'kubernetes',
    uri: textOf(kubernetes, 'requestUri'),
    verb: textOf(kubernetes, 'verb'),
    ip: textOf(kubernetes, 'remoteIpDetails', 'ipAddressV4'),
    agent: textOf(kubernetes, 'userAgent'),
  };
}

/** When it was done: as often as GuardDuty counted, first and last exactly when it says. */
export function activityTimes(world: LogWorld, detection: Detection): number[] {
  const random = world.random(`activity|${detection.key}`);
  const times: number[] = [];
  let from = detection.firstSeen;
  let counted = 0;
  for (const { count, lastSeen } of detection.sightings) {
    const until = Math.max(lastSeen, from);
    const more = count - counted;
    for (let number = 1; number < more; number += 1) {
      times.push(Math.floor(from + ((number - 1 + random.next()) / more) * (until - from)));
    }
    if (more > 0) times.push(until);
    from = until;
    counted = count;
  }
  times[0] = detection.firstSeen;
  return times.filter((at) => at >= world.start && at < world.end - MINUTE).sort((a, b) => a - b);
}

function part(json: Json | null, ...path: readonly string[]): Json | null {
  let found: Json | undefined = json;
  for (const name of path) {
    if (found === null || typeof found !== 'object' || Array.isArray(found)) return null;
    found = (found as Readonly<Record<string, Json>>)[name]; // neither null nor a list
    if (found === undefined) return null;
  }
  return found ?? null;
}

function textOf(json: Json | null, ...path: readonly string[]): string {
  const found = part(json, ...path);
  return typeof found === 'string' ? found : '';
}

function numberOf(json: Json | null, ...path: readonly string[]): number {
  const found = part(json, ...path);
  return typeof found === 'number' ? found : 0;
}
