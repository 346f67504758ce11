import { isoSeconds } from '#core/sample-organization/calendar.ts';
import { type Instance, instances, networks } from '#core/sample-organization/cast-instances.ts';
import { domains, remoteHost } from '#core/sample-organization/cast-network.ts';
import { stableHex } from '#core/sample-organization/random.ts';
import { activityTimes, detectedAction } from './detected-activity.ts';
import { FLOW_REGION } from './flow-interfaces.ts';
import { hexText } from './id-text.ts';
import { type Lane, type Line, laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { clientPort, endpoints } from './remote-addresses.ts';
import { rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { dayPath, minuteStamp } from './time-text.ts';

type Name = readonly [name: string, type: 'A' | 'AAAA' | 'PTR', answers: readonly string[]];

const HOME: readonly Name[] = [
  [`s3.${FLOW_REGION}.amazonaws.com.`, 'A', endpoints.s3],
  [`dynamodb.${FLOW_REGION}.amazonaws.com.`, 'A', endpoints.dynamodb],
  [`sts.${FLOW_REGION}.amazonaws.com.`, 'A', endpoints.amazon],
  [`logs.${FLOW_REGION}.amazonaws.com.`, 'A', endpoints.amazon],
  [`ssm.${FLOW_REGION}.amazonaws.com.`, 'A', endpoints.amazon],
  [`ec2messages.${FLOW_REGION}.amazonaws.com.`, 'A', endpoints.amazon],
  [`secretsmanager.${FLOW_REGION}.amazonaws.com.`, 'A', endpoints.amazon],
  ['packages.example.org.', 'A', endpoints.packages],
  ['api.partner.example.net.', 'A', endpoints.partners],
  ['telemetry.example.net.', 'AAAA', []],
  ['payments.example.com.', 'A', ['192.0.2.220']],
  ['www.example.com.', 'A', ['192.0.2.221']],
  ['0.amazon.pool.ntp.example.org.', 'A', ['198.51.100.245']],
];

/** DNS queries of every network, as Route 53 Resolver logs them. */
export function resolverFiles(world: LogWorld): FileJob[] {
  const lanes = networks.map(({ account, vpc }): Lane => {
    const random = world.random(`resolver-files|${account}`);
    const local = instances.filter((one) => one.account === account);
    return {
      from: world.networkStart(account),
      until: world.end,
      weight: 2 + local.length * 3,
      hoursPerFile: 24,
      rhythm: rhythms.machines,
      story: resolverStory(world, account),
      random,
      ordinary: () => ordinaryQueries(world, local),
      file: ({ until, lines }) => ({
        key: `AWSLogs/${account}/vpcdnsquerylogs/${vpc.id}/${dayPath(until)}/${account}_vpcdnsquerylogs_${vpc.id}_${minuteStamp(until)}_${hexText(random, 8)}.log.gz`,
        content: `${lines.join('\n')}\n`,
        gzip: true,
      }),
    };
  });
  return laneJobs('route53-resolver', Math.round(sampleLogTotals['route53-resolver'] * world.scale), lanes);
}

/** The lookups behind findings; the DNS Firewall of the company watches the mining pool and lets it through. */
function resolverStory(world: LogWorld, account: string): Line[] {
  const pool = remoteHost('mining-pool').ip;
  return world.detections.flatMap((detection) => {
    const action = detectedAction(detection);
    if (action?.kind !== 'lookup' || detection.target.kind !== 'instance' || detection.account !== account) return [];
    const { instance } = detection.target;
    const random = world.random(`lookup|${detection.key}`);
    const answers = action.domain === domains.miningPool ? [pool] : [];
    return activityTimes(world, detection).map((at) => ({
      at,
      text: queryLine(instance, at, `${action.domain}.`, 'A', answers, clientPort(random), firewallAlert(account)),
    }));
  });
}

function ordinaryQueries(world: LogWorld, local: readonly Instance[]): (at: number) => string {
  const account = local[0]?.account ?? '';
  const random = world.random(`resolver|${account}`);
  const residents = local.filter(({ launchedIn }) => launchedIn === null);
  const askers = residents.length === 0 ? local : residents;
  return (at) => {
    const asker = random.pick(askers);
    if (random.chance(0.04))
      return queryLine(asker, at, `${asker.name}.corp.example.com.`, 'A', null, clientPort(random));
    if (random.chance(0.03))
      return queryLine(
        asker,
        at,
        reverseName(asker.privateIp),
        'PTR',
        [`ip-${asker.privateIp.replaceAll('.', '-')}.${FLOW_REGION}.compute.internal.`],
        clientPort(random),
      );
    const name = random.pick(HOME);
    return queryLine(asker, at, name[0], name[1], name[2].slice(0, 2), clientPort(random));
  };
}

/** `answers` null: the name does not exist. */
function queryLine(
  asker: Instance,
  at: number,
  name: string,
  type: string,
  answers: readonly string[] | null,
  port: number,
  more = '',
): string {
  const rcode = answers === null ? 'NXDOMAIN' : 'NOERROR';
  const found = (answers ?? []).map((rdata) => `{"Rdata":"${rdata}","Type":"${type}","Class":"IN"}`).join(',');
  return `{"version":"1.100000","account_id":"${asker.account}","region":"${FLOW_REGION}","vpc_id":"${asker.vpcId}","query_timestamp":"${isoSeconds(at)}","query_name":"${name}","query_type":"${type}","query_class":"IN","rcode":"${rcode}","answers":[${found}],"srcaddr":"${asker.privateIp}","srcport":"${port}","transport":"UDP","srcids":{"instance":"${asker.id}"}${more}}`;
}

function firewallAlert(account: string): string {
  const group = `rslvr-frg-${stableHex(`dns-firewall|${account}`, 16)}`;
  const list = `rslvr-fdl-${stableHex('dns-firewall|mining', 16)}`;
  return `,"firewall_rule_action":"ALERT","firewall_rule_group_id":"${group}","firewall_domain_list_id":"${list}"`;
}

function reverseName(ip: string): string {
  return `${ip.split('.').reverse().join('.')}.in-addr.arpa.`;
}
