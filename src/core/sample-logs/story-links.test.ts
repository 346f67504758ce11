import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '#core/sample-organization/calendar.ts';
import { accountIdOf } from '#core/sample-organization/cast-accounts.ts';
import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { principal } from '#core/sample-organization/cast-principals.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import { sampleOrganization } from '#core/sample-organization/sample-organization.ts';
import type { Beat } from '#core/sample-organization/types.ts';
import { recordedAt } from './config-items.ts';
import { controlCauses } from './control-causes.ts';
import { createLogWorld } from './log-world.ts';
import { type JsonRecord, type ReadRecord, readBack } from './read-back.ts';
import { resourceChanges } from './resource-changes.ts';
import type { SampleLogSource } from './sample-log-file.ts';
import { sampleLogFiles } from './sample-log-files.ts';

const SEED = 20;
const END = Date.UTC(2026, 10, 24);

type Flow = {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly fromPort: string;
  readonly toPort: string;
  readonly action: string;
};

const records = new Map<SampleLogSource, ReadRecord[]>();
const organization = sampleOrganization({ seed: SEED, endAt: END });
const world = createLogWorld(SEED, END, 1);
let flows: Flow[] = [];

beforeAll(() => {
  for (const file of sampleLogFiles({ seed: SEED, end: END, days: 14, scale: 0.05 })) {
    const known = records.get(file.source) ?? [];
    known.push(...readBack(file));
    records.set(file.source, known);
  }
  flows = of('vpc-flow').map(({ at, line }) => {
    const [, , , from = '', to = '', fromPort = '', toPort = '', , , , , , action = ''] = line.split(' ');
    return { at, from, to, fromPort, toPort, action };
  });
}, 60_000);

function of(source: SampleLogSource): ReadRecord[] {
  return records.get(source) ?? [];
}

function beat(id: string): Beat {
  return world.story.beat(id);
}

function part(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, name) => (found as JsonRecord | undefined)?.[name], value); // undefined goes through
}

function second(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function callsOf(accessKeyId: string): ReadRecord[] {
  return of('cloudtrail').filter(({ value }) => part(value, 'userIdentity', 'accessKeyId') === accessKeyId);
}

function mentions(value: unknown, { id, name, arn }: Resource): boolean {
  const text = JSON.stringify(value);
  return [id, name, arn].some((one) => text.includes(`"${one}"`));
}

/** GuardDuty's own findings, the last state of each; samples tell of nothing. */
function findings(): JsonRecord[] {
  const latest = new Map<unknown, JsonRecord>();
  for (const { envelope } of organization.events) {
    const { detail } = envelope;
    const isSample =
      part(detail, 'service', 'additionalInfo', 'sample') === true || String(detail['title']).startsWith('[SAMPLE]');
    if (envelope['detail-type'] === 'GuardDuty Finding' && !isSample) latest.set(detail['id'], detail);
  }
  return [...latest.values()];
}

describe('CloudTrail of the sample organization', () => {
  it('has every call of the story, by its key and from its address, to the second', () => {
    const told = organization.story.flatMap(({ actor, sourceHost, calls }) => {
      if (actor === null) return [];
      const own = callsOf(principal(actor).accessKeyId);
      return calls.map((call) => ({
        call: call.eventName,
        found: own.some(
          ({ at, value }) =>
            at === call.at &&
            value['eventName'] === call.eventName &&
            value['awsRegion'] === call.region &&
            value['eventSource'] === call.eventSource &&
            value['sourceIPAddress'] === remoteHost(sourceHost ?? '').ip &&
            (value['errorCode'] ?? null) === call.errorCode,
        ),
      }));
    });

    expect(told.length).toBeGreaterThan(30);
    expect(told.filter(({ found }) => !found)).toEqual([]);
  });

  it('has the calls that each GuardDuty finding about an access key counts', () => {
    const about = findings().filter(
      (finding) =>
        part(finding, 'resource', 'resourceType') === 'AccessKey' &&
        part(finding, 'service', 'action', 'actionType') === 'AWS_API_CALL',
    );
    const missing = about.filter((finding) => {
      const api = part(finding, 'service', 'action', 'awsApiCallAction', 'api');
      const ip = part(finding, 'service', 'action', 'awsApiCallAction', 'remoteIpDetails', 'ipAddressV4');
      const key = String(part(finding, 'resource', 'accessKeyDetails', 'accessKeyId'));
      return !callsOf(key).some(({ value }) => value['eventName'] === api && value['sourceIPAddress'] === ip);
    });

    expect(about.length).toBeGreaterThan(8);
    expect(missing.map(({ title }) => title)).toEqual([]);
  });

  it('shows the stolen key from the intruder’s address in its nights only, and nothing of its owner afterwards', () => {
    const disabled = beat('leaked-key/keys-disabled').at;
    const leaked = beat('leaked-key/first-use').at;
    const intruder = callsOf('AKIAIOSFODNN7EXAMPLE').filter(
      ({ value }) => value['sourceIPAddress'] === '198.51.100.23',
    );

    expect(intruder.length).toBeGreaterThan(15);
    expect(intruder.every(({ at }) => at >= leaked && at < disabled)).toBe(true);
    expect(callsOf('AKIAIOSFODNN7EXAMPLE').filter(({ at }) => at >= disabled)).toEqual([]);
  });

  it('names the miners in the answer of RunInstances with the addresses that the flow logs have', () => {
    const [run] = of('cloudtrail').filter(
      ({ value }) =>
        value['eventName'] === 'RunInstances' &&
        value['errorCode'] === undefined &&
        value['recipientAccountId'] === '111122223333',
    );
    const items = part(run?.value, 'responseElements', 'instancesSet', 'items');

    expect([0, 1].map((index) => part(items, index, 'instanceId'))).toEqual(
      ['miner-1', 'miner-2'].map((name) => instanceNamed(name).id),
    );
    expect(part(items, 0, 'privateIpAddress')).toBe(instanceNamed('miner-1').privateIp);
  });

  it('has the call before every change of a control check, with the resource in it', () => {
    const causes = controlCauses(world);
    const missing = causes.filter(
      ({ at, name, resource }) =>
        !of('cloudtrail').some(
          ({ at: seen, value }) =>
            seen === second(at) &&
            value['eventName'] === name &&
            value['recipientAccountId'] === resource.account &&
            (resource.type === 'AWS::::Account' || mentions(value['requestParameters'], resource)),
        ),
    );

    expect(causes.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('has an Insights event, network activity and data events beside management events', () => {
    const kinds = Map.groupBy(of('cloudtrail'), ({ value }) => String(value['eventCategory']));

    expect([...kinds.keys()].sort()).toEqual(['Data', 'Insight', 'Management', 'NetworkActivity']);
    expect(kinds.get('Insight')?.map(({ value }) => part(value, 'insightDetails', 'state'))).toEqual(['Start', 'End']);
    expect(kinds.get('NetworkActivity')?.some(({ value }) => value['errorCode'] === 'VpceAccessDenied')).toBe(true);
  });

  it('knows nothing of the new account before it was created', () => {
    const early = of('cloudtrail').filter(
      ({ at, value }) =>
        value['recipientAccountId'] === accountIdOf('sandbox-hackathon') &&
        at < second(beat('unowned-account/created').at),
    );

    expect(early).toEqual([]);
  });

  it('gives every event an id of its own', () => {
    const ids = of('cloudtrail').map(({ value }) => value['eventID']);

    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the flow logs of the sample organization', () => {
  it('have the traffic of each GuardDuty finding about a connection or a probe', () => {
    const about = findings().filter((finding) =>
      /NETWORK_CONNECTION|PORT_PROBE/.test(String(part(finding, 'service', 'action', 'actionType'))),
    );
    const missing = about.filter((finding) => {
      const action = part(finding, 'service', 'action');
      const one = part(action, 'networkConnectionAction') ?? part(action, 'portProbeAction', 'portProbeDetails', 0);
      const remote = part(one, 'remoteIpDetails', 'ipAddressV4');
      const port = String(part(one, 'localPortDetails', 'port'));
      const local = part(finding, 'resource', 'instanceDetails', 'networkInterfaces', 0, 'privateIpAddress');
      return !flows.some(
        ({ from, to, fromPort, toPort, action: verdict }) =>
          verdict === 'ACCEPT' &&
          ((from === remote && to === local && toPort === port) ||
            (from === local && to === remote && fromPort === port)),
      );
    });

    expect(about.length).toBeGreaterThan(12);
    expect(missing.map(({ title }) => title)).toEqual([]);
  });

  it('let the scanner in while the port is open and turn it away before and after', () => {
    const opened = beat('leaked-key/group-opened').at;
    const closed = beat('leaked-key/group-closed').until;
    const scanner = remoteHost('scanner-2').ip;
    const tries = flows.filter(({ from, to, toPort }) => from === scanner && to === '10.10.0.10' && toPort === '22');
    const inside = tries.filter(({ at }) => at >= opened && at <= closed);

    expect(new Set(inside.map(({ action }) => action))).toEqual(new Set(['ACCEPT']));
    expect(inside.length).toBeGreaterThan(500);
    expect(tries.some(({ at }) => at < opened)).toBe(true);
    expect(new Set(tries.filter(({ at }) => at < opened || at > closed).map(({ action }) => action))).toEqual(
      new Set(['REJECT']),
    );
  });

  it('show the miners only between their launch and their end', () => {
    const addresses = ['miner-1', 'miner-2'].map((name) => instanceNamed(name).privateIp);
    const seen = flows.filter(({ from, to }) => addresses.includes(from) || addresses.includes(to));

    expect(seen.length).toBeGreaterThan(200);
    expect(Math.min(...seen.map(({ at }) => at))).toBeGreaterThan(beat('leaked-key/miner-started').at);
    expect(Math.max(...seen.map(({ at }) => at))).toBeLessThan(beat('leaked-key/miner-stopped').until);
  });
});

describe('the other logs of the sample organization', () => {
  it('have a line of sshd for each guess on the bastion, with the port of its flow', () => {
    const scanner = remoteHost('scanner-2').ip;
    const failed = of('linux-auth').flatMap(({ at, line }) => {
      const port = new RegExp(`Failed password for .* from ${scanner} port (\\d+) ssh2`).exec(line)?.[1];
      return port === undefined ? [] : [{ at, port }];
    });
    const ports = new Set(
      flows.filter(({ from, toPort }) => from === scanner && toPort === '22').map(({ fromPort }) => fromPort),
    );

    expect(failed.length).toBeGreaterThan(500);
    expect(failed.filter(({ port }) => !ports.has(port))).toEqual([]);
    expect(failed.some(({ at }) => at < second(beat('leaked-key/group-opened').at))).toBe(false);
  });

  it('have people’s sessions on the bastion in sshd, the flow logs and the firewall of the office', () => {
    const accepted = of('linux-auth').flatMap(
      ({ line }) =>
        /payments-bastion sshd.*Accepted publickey for (\S+) from 192\.0\.2\.10 port (\d+)/.exec(line)?.[2] ?? [],
    );
    const inFlows = new Set(
      flows.filter(({ from, to }) => from === '192.0.2.10' && to === '10.10.0.10').map(({ fromPort }) => fromPort),
    );
    const inFirewall = of('fortigate').flatMap(
      ({ line }) => / srcport=(\d+) .* dstip=192\.0\.2\.101 dstport=22 /.exec(line)?.[1] ?? [],
    );

    expect(accepted.length).toBeGreaterThan(10);
    expect(accepted.filter((port) => !inFlows.has(port))).toEqual([]);
    expect(inFirewall.sort()).toEqual(accepted.sort());
  });

  it('have each lookup that the findings about the miners count', () => {
    const counted = findings().filter((finding) => part(finding, 'service', 'action', 'actionType') === 'DNS_REQUEST');
    const made = of('route53-resolver').filter(({ value }) => value['query_name'] === 'stratum.pool.example.net.');

    expect(counted.length).toBe(2);
    for (const finding of counted) {
      const own = made.filter(
        ({ value }) => part(value, 'srcids', 'instance') === part(finding, 'resource', 'instanceDetails', 'instanceId'),
      );
      expect(own.length).toBe(part(finding, 'service', 'count'));
      expect(own.some(({ at }) => at === second(Date.parse(String(part(finding, 'service', 'eventLastSeen')))))).toBe(
        true,
      );
    }
  });

  it('have the strangers’ reads of the open bucket twice, under the same request ids', () => {
    const opened = beat('public-bucket/made-public').until;
    const closed = beat('public-bucket/made-private').at;
    const lines = of('s3-access').filter(
      ({ line }) => line.includes(' example-data-exports ') && line.split(' ')[5] === '-',
    );
    const ids = new Set(lines.map(({ line }) => line.split(' ')[6]));
    const events = of('cloudtrail').filter(({ value }) => part(value, 'userIdentity', 'accountId') === 'anonymous');
    const allowed = lines.filter(({ line }) => line.includes('" 200 '));

    expect(lines.length).toBeGreaterThan(200);
    expect(new Set(events.map(({ value }) => value['requestID']))).toEqual(ids);
    expect(allowed.every(({ at }) => at >= opened && at < closed)).toBe(true);
    expect(lines.filter(({ line }) => line.includes(' 403 AccessDenied ')).length).toBe(18);
  });

  it('have the Kubernetes calls of the findings', () => {
    const about = findings().filter(
      (finding) => part(finding, 'service', 'action', 'actionType') === 'KUBERNETES_API_CALL',
    );
    const missing = about.filter((finding) => {
      const action = part(finding, 'service', 'action', 'kubernetesApiCallAction');
      return !of('eks-audit').some(
        ({ value }) =>
          value['requestURI'] === part(action, 'requestUri') &&
          part(value, 'sourceIPs', 0) === part(action, 'sourceIPs', 0) &&
          part(value, 'user', 'username') ===
            part(finding, 'resource', 'kubernetesDetails', 'kubernetesUserDetails', 'username'),
      );
    });

    expect(about.length).toBe(2);
    expect(missing.map(({ title }) => title)).toEqual([]);
  });

  it('have a configuration item of every changed resource soon after the change', () => {
    const gap = [beat('posture/recorder-stopped').at, beat('posture/recorder-restored').at] as const;
    const changes = resourceChanges(world).filter(
      (change) =>
        recordedAt(change) < world.end &&
        !(
          change.resource.account === accountIdOf('storefront-stg') &&
          recordedAt(change) >= gap[0] &&
          recordedAt(change) < gap[1]
        ),
    );
    const missing = changes.filter(
      (change) =>
        !of('config').some(({ at, value }) => at === recordedAt(change) && value['ARN'] === change.resource.arn),
    );

    expect(changes.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('show the group of the bastion open to everybody in AWS Config for as long as it was', () => {
    const group = resourceOf('sg/payments-bastion');
    const opened = beat('leaked-key/group-opened').at;
    const closed = beat('leaked-key/group-closed').at + 3 * MINUTE;
    const items = of('config').filter(({ value }) => value['ARN'] === group.arn);
    const open = items.filter(({ value }) => JSON.stringify(value['configuration']).includes('0.0.0.0/0"]'));

    expect(open.length).toBeGreaterThan(1);
    expect(open.every(({ at }) => at > opened && at < closed)).toBe(true);
    expect(items.some(({ at }) => at >= closed - HOUR)).toBe(true);
  });

  it('have nothing from the recorder of the staging account while it stands still', () => {
    const still = of('config').filter(
      ({ at, value }) =>
        value['awsAccountId'] === accountIdOf('storefront-stg') &&
        at >= beat('posture/recorder-stopped').at &&
        at < beat('posture/recorder-restored').at,
    );

    expect(still).toEqual([]);
  });

  it('have every request before the shop’s firewall in the log of its load balancer, by trace id', () => {
    const seen = new Set(of('alb').flatMap(({ line }) => /"(Root=[^"]+)"/.exec(line)?.[1] ?? []));
    const traces = of('waf').map(({ value }) => `Root=${String(part(value, 'httpRequest', 'requestId'))}`);

    expect(traces.length).toBeGreaterThan(500);
    expect(traces.filter((trace) => !seen.has(trace))).toEqual([]);
  });
});
