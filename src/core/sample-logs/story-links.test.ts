import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '#core/sample-organization/calendar.ts';
import { accountIdOf } from '#core/sample-organization/cast-accounts.ts';
import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import { recordedAt } from './config-items.ts';
import { resourceChanges } from './resource-changes.ts';
import { part, second, TOLD_WORLDS, type ToldStory, toldStory } from './told-story.ts';

describe.each(TOLD_WORLDS)('the flow logs of the sample organization with seed %i, up to %i', (seed, end) => {
  let told: ToldStory;

  beforeAll(() => {
    told = toldStory(seed, end);
  }, 60_000);

  it('have the traffic of each GuardDuty finding about a connection or a probe', () => {
    const about = told.findings.filter((finding) =>
      /NETWORK_CONNECTION|PORT_PROBE/.test(String(part(finding, 'service', 'action', 'actionType'))),
    );
    const missing = about.filter((finding) => {
      const action = part(finding, 'service', 'action');
      const one = part(action, 'networkConnectionAction') ?? part(action, 'portProbeAction', 'portProbeDetails', 0);
      const remote = part(one, 'remoteIpDetails', 'ipAddressV4');
      const port = String(part(one, 'localPortDetails', 'port'));
      const local = part(finding, 'resource', 'instanceDetails', 'networkInterfaces', 0, 'privateIpAddress');
      return !told.flows.some(
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
    const opened = told.beat('leaked-key/group-opened').at;
    const closed = told.beat('leaked-key/group-closed').until;
    const scanner = remoteHost('scanner-2').ip;
    const tries = told.flows.filter(
      ({ from, to, toPort }) => from === scanner && to === '10.10.0.10' && toPort === '22',
    );
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
    const seen = told.flows.filter(({ from, to }) => addresses.includes(from) || addresses.includes(to));

    expect(seen.length).toBeGreaterThan(200);
    expect(Math.min(...seen.map(({ at }) => at))).toBeGreaterThan(told.beat('leaked-key/miner-started').at);
    expect(Math.max(...seen.map(({ at }) => at))).toBeLessThan(told.beat('leaked-key/miner-stopped').until);
  });
});

describe.each(TOLD_WORLDS)('the other logs of the sample organization with seed %i, up to %i', (seed, end) => {
  let told: ToldStory;

  beforeAll(() => {
    told = toldStory(seed, end);
  }, 60_000);

  it('have a line of sshd for each guess on the bastion, with the port of its flow', () => {
    const scanner = remoteHost('scanner-2').ip;
    const failed = told.of('linux-auth').flatMap(({ at, line }) => {
      const port = new RegExp(`Failed password for .* from ${scanner} port (\\d+) ssh2`).exec(line)?.[1];
      return port === undefined ? [] : [{ at, port }];
    });
    const ports = new Set(
      told.flows.filter(({ from, toPort }) => from === scanner && toPort === '22').map(({ fromPort }) => fromPort),
    );

    expect(failed.length).toBeGreaterThan(500);
    expect(failed.filter(({ port }) => !ports.has(port))).toEqual([]);
    expect(failed.some(({ at }) => at < second(told.beat('leaked-key/group-opened').at))).toBe(false);
  });

  it('have people’s sessions on the bastion in sshd, the flow logs and the firewall of the office', () => {
    const accepted = told
      .of('linux-auth')
      .flatMap(
        ({ line }) =>
          /payments-bastion sshd.*Accepted publickey for (\S+) from 192\.0\.2\.10 port (\d+)/.exec(line)?.[2] ?? [],
      );
    const inFlows = new Set(
      told.flows.filter(({ from, to }) => from === '192.0.2.10' && to === '10.10.0.10').map(({ fromPort }) => fromPort),
    );
    const inFirewall = told
      .of('fortigate')
      .flatMap(({ line }) => / srcport=(\d+) .* dstip=192\.0\.2\.101 dstport=22 /.exec(line)?.[1] ?? []);

    expect(accepted.length).toBeGreaterThan(10);
    expect(accepted.filter((port) => !inFlows.has(port))).toEqual([]);
    expect(inFirewall.sort()).toEqual(accepted.sort());
  });

  it('have each lookup that the findings about the miners count', () => {
    const counted = told.findings.filter(
      (finding) => part(finding, 'service', 'action', 'actionType') === 'DNS_REQUEST',
    );
    const made = told.of('route53-resolver').filter(({ value }) => value['query_name'] === 'stratum.pool.example.net.');

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
    const opened = told.beat('public-bucket/made-public').until;
    const closed = told.beat('public-bucket/made-private').at;
    const lines = told
      .of('s3-access')
      .filter(({ line }) => line.includes(' example-data-exports ') && line.split(' ')[5] === '-');
    const ids = new Set(lines.map(({ line }) => line.split(' ')[6]));
    const events = told
      .of('cloudtrail')
      .filter(({ value }) => part(value, 'userIdentity', 'accountId') === 'anonymous');
    const allowed = lines.filter(({ line }) => line.includes('" 200 '));

    expect(lines.length).toBeGreaterThan(200);
    expect(new Set(events.map(({ value }) => value['requestID']))).toEqual(ids);
    expect(allowed.every(({ at }) => at >= opened && at < closed)).toBe(true);
    expect(lines.filter(({ line }) => line.includes(' 403 AccessDenied ')).length).toBe(18);
  });

  it('have the Kubernetes calls of the findings', () => {
    const about = told.findings.filter(
      (finding) => part(finding, 'service', 'action', 'actionType') === 'KUBERNETES_API_CALL',
    );
    const missing = about.filter((finding) => {
      const action = part(finding, 'service', 'action', 'kubernetesApiCallAction');
      return !told
        .of('eks-audit')
        .some(
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
    const gap = [told.beat('posture/recorder-stopped').at, told.beat('posture/recorder-restored').at] as const;
    const changes = resourceChanges(told.world).filter(
      (change) =>
        recordedAt(change) < told.world.end &&
        !(
          change.resource.account === accountIdOf('storefront-stg') &&
          recordedAt(change) >= gap[0] &&
          recordedAt(change) < gap[1]
        ),
    );
    const missing = changes.filter(
      (change) =>
        !told.of('config').some(({ at, value }) => at === recordedAt(change) && value['ARN'] === change.resource.arn),
    );

    expect(changes.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('show the group of the bastion open to everybody in AWS Config for as long as it was', () => {
    const group = resourceOf('sg/payments-bastion');
    const opened = told.beat('leaked-key/group-opened').at;
    const closed = told.beat('leaked-key/group-closed').at + 3 * MINUTE;
    const items = told.of('config').filter(({ value }) => value['ARN'] === group.arn);
    const open = items.filter(({ value }) => JSON.stringify(value['configuration']).includes('0.0.0.0/0"]'));

    expect(open.length).toBeGreaterThan(1);
    expect(open.every(({ at }) => at > opened && at < closed)).toBe(true);
    expect(items.some(({ at }) => at >= closed - HOUR)).toBe(true);
  });

  it('have nothing from the recorder of the staging account while it stands still', () => {
    const still = told
      .of('config')
      .filter(
        ({ at, value }) =>
          value['awsAccountId'] === accountIdOf('storefront-stg') &&
          at >= told.beat('posture/recorder-stopped').at &&
          at < told.beat('posture/recorder-restored').at,
      );

    expect(still).toEqual([]);
  });

  it('have every request before the shop’s firewall in the log of its load balancer, by trace id', () => {
    const seen = new Set(told.of('alb').flatMap(({ line }) => /"(Root=[^"]+)"/.exec(line)?.[1] ?? []));
    const traces = told.of('waf').map(({ value }) => `Root=${String(part(value, 'httpRequest', 'requestId'))}`);

    expect(traces.length).toBeGreaterThan(500);
    expect(traces.filter((trace) => !seen.has(trace))).toEqual([]);
  });
});
