import { type Calendar, HOUR, MINUTE } from './calendar.ts';
import type { Instance } from './cast-instances.ts';
import type { RemoteHost } from './cast-network.ts';
import type { Principal } from './cast-principals.ts';
import { launchedAt } from './launch.ts';
import { type Random, stableHex } from './random.ts';
import type { Resource } from './resource.ts';
import type { Story } from './story.ts';
import type { Json, JsonObject } from './types.ts';

/** What GuardDuty says the finding is about. */
type Target =
  | { readonly kind: 'instance'; readonly instance: Instance; readonly launchedAt: number }
  | { readonly kind: 'access-key'; readonly principal: Principal }
  | { readonly kind: 'bucket'; readonly bucket: Resource; readonly isPublic: boolean }
  | { readonly kind: 'eks'; readonly cluster: Resource; readonly user: string }
  | { readonly kind: 'attack-sequence'; readonly sequence: JsonObject; readonly involved: readonly Resource[] };

/** One state of a finding: when GuardDuty wrote it, when it last saw the activity, and how often it has. */
export type Sighting = { readonly at: number; readonly lastSeen: number; readonly count: number };

/** One GuardDuty finding over its whole life; the same for every channel it is delivered through. */
export type Detection = {
  readonly key: string;
  readonly type: string;
  /** Its name as a Security Hub finding type. */
  readonly asffType: string;
  readonly severity: number;
  readonly account: string;
  readonly region: string;
  readonly title: string;
  readonly description: string;
  readonly target: Target;
  readonly action: JsonObject | null;
  readonly resourceRole: 'TARGET' | 'ACTOR';
  readonly featureName: string;
  readonly firstSeen: number;
  readonly sightings: readonly Sighting[];
  readonly beat: string | null;
  readonly archivedAt?: number;
  /** Archiving sends some findings out without their severity. */
  readonly archivedWithoutSeverity?: boolean;
  readonly sample?: boolean;
  /** The attack sequence it became part of, and since when. */
  readonly sequence?: { readonly arn: string; readonly from: number };
};

/** An instance as what a finding is about. */
export function instanceTarget(story: Story, instance: Instance): Target {
  return { kind: 'instance', instance, launchedAt: launchedAt(story, instance) };
}

/** The id that GuardDuty gives a finding. */
export function findingIdOf(detection: Pick<Detection, 'key'>): string {
  return stableHex(`guardduty-finding|${detection.key}`, 32);
}

/** The detector of an account in a Region. */
export function detectorIdOf(accountName: string, region: string): string {
  return stableHex(`detector|${accountName}|${region}`, 32);
}

/** The ARN of a finding. */
export function guardDutyArn(region: string, account: string, detectorId: string, findingId: string): string {
  return `arn:aws:guardduty:${region}:${account}:detector/${detectorId}/finding/${findingId}`;
}

/** First sighting some minutes after the activity, then one after each gap, with growing counts. */
export function sightings(random: Random, from: number, until: number, gap: number, perGap: number): Sighting[] {
  const first = from + random.between(5, 11) * MINUTE + random.between(0, 59_999);
  const states: Sighting[] = [{ at: first, lastSeen: from + MINUTE, count: random.between(1, 4) }];
  for (let at = first + gap; at < until; at += gap) {
    const count = (states.at(-1)?.count ?? 0) + Math.max(1, Math.round(perGap * (0.4 + random.next())));
    states.push({ at: at + random.between(0, 59_999), lastSeen: at - random.between(2, 14) * MINUTE, count });
  }
  return states;
}

/** A moment within the fourteen days that leaves room for what follows. */
export function momentIn(calendar: Calendar, random: Random, leave: number): number {
  const span = calendar.end - calendar.start - leave - HOUR;
  return calendar.start + HOUR + Math.floor(random.next() * Math.max(span, HOUR));
}

/** Where a remote address is, as GuardDuty writes it. */
export function remoteIpDetails(host: RemoteHost): JsonObject {
  return {
    ipAddressV4: host.ip,
    organization: {
      asn: String(host.asn),
      asnOrg: host.asOrganization,
      isp: host.asOrganization,
      org: host.asOrganization,
    },
    country: { countryName: host.country },
    city: { cityName: host.city },
    geoLocation: { lat: host.lat, lon: host.lon },
  };
}

/** An AWS API call as the action of a finding. */
export function apiCallAction(
  service: string,
  api: string,
  host: RemoteHost,
  extra: Readonly<Record<string, Json>> = {},
): JsonObject {
  return {
    actionType: 'AWS_API_CALL',
    awsApiCallAction: {
      api,
      serviceName: `${service}.amazonaws.com`,
      callerType: 'Remote IP',
      remoteIpDetails: remoteIpDetails(host),
      affectedResources: {},
      ...extra,
    },
  };
}

/** A network connection as the action of a finding. */
export function connectionAction(
  instance: Instance,
  host: RemoteHost,
  direction: 'INBOUND' | 'OUTBOUND',
  [localPort, remotePort]: readonly [number, number],
): JsonObject {
  return {
    actionType: 'NETWORK_CONNECTION',
    networkConnectionAction: {
      connectionDirection: direction,
      protocol: 'TCP',
      blocked: false,
      localNetworkInterface: instance.interfaceId,
      localIpDetails: { ipAddressV4: instance.privateIp },
      localPortDetails: { port: localPort, portName: portName(localPort) },
      remoteIpDetails: remoteIpDetails(host),
      remotePortDetails: { port: remotePort, portName: portName(remotePort) },
    },
  };
}

/** Probes of an open port as the action of a finding. */
export function portProbeAction(instance: Instance, port: number, from: readonly RemoteHost[]): JsonObject {
  return {
    actionType: 'PORT_PROBE',
    portProbeAction: {
      blocked: false,
      portProbeDetails: from.map((host) => ({
        localPortDetails: { port, portName: portName(port) },
        localIpDetails: { ipAddressV4: instance.privateIp },
        remoteIpDetails: remoteIpDetails(host),
      })),
    },
  };
}

/** A name lookup as the action of a finding. */
export function dnsAction(domain: string): JsonObject {
  return {
    actionType: 'DNS_REQUEST',
    dnsRequestAction: { domain, protocol: 'UDP', blocked: false, domainWithSuffix: 'example.net' },
  };
}

const PORT_NAMES: Readonly<Record<number, string>> = {
  22: 'SSH',
  80: 'HTTP',
  443: 'HTTPS',
  3389: 'RDP',
  5432: 'PostgreSQL',
  8080: 'HTTP-Alternate',
};

function portName(port: number): string {
  return PORT_NAMES[port] ?? 'Unknown';
}
