import { accountIdOf, accountNameOf, HOME_REGION } from '#core/sample-organization/cast-accounts.ts';
import { type Instance, instances, networks, type SecurityGroup } from '#core/sample-organization/cast-instances.ts';
import { resources } from '#core/sample-organization/cast-resources.ts';
import { stableHex } from '#core/sample-organization/random.ts';

/** A network interface of the company, as a flow log sees it. */
export type FlowInterface = {
  readonly name: string;
  readonly id: string;
  readonly account: string;
  readonly ip: string;
  readonly vpcId: string;
  readonly subnetId: string;
  /** `-` where it belongs to no instance. */
  readonly instanceId: string;
  readonly zone: string;
  readonly kind: 'instance' | 'load-balancer' | 'nat-gateway' | 'database';
  readonly isPublic: boolean;
  readonly securityGroup: SecurityGroup | null;
};

/** Every interface that has traffic. */
export const interfaces: readonly FlowInterface[] = [
  ...instances.map(ofInstance),
  ...networks.flatMap(({ account }) => ofNetwork(account, 'nat-gateway', [`${accountNameOf(account)}-nat`], 5)),
  ...['storefront-prod', 'payments-prod', 'storefront-stg'].flatMap((name) =>
    ofNetwork(
      accountIdOf(name),
      'load-balancer',
      [...namesOf(accountIdOf(name), 'alb', '-a'), ...namesOf(accountIdOf(name), 'alb', '-c')],
      101,
    ),
  ),
  ...networks.flatMap(({ account }) => ofNetwork(account, 'database', namesOf(account, 'rds', ''), 201)),
];

const byIp: ReadonlyMap<string, FlowInterface> = new Map(interfaces.map((one) => [one.ip, one]));

/** The interface with a private address; throws when nothing has it. */
export function interfaceAt(ip: string): FlowInterface {
  const found = byIp.get(ip);
  if (found === undefined) throw new RangeError(`no interface has ${ip} in the sample organization`);
  return found;
}

/** Where the traffic of an account's private instances comes from on the internet. */
export function natAddressOf(account: string): string {
  const index = networks.findIndex((candidate) => candidate.account === account);
  return `192.0.2.${51 + Math.max(index, 0)}`;
}

/** The id of the flow log of an account's network. */
export function flowLogIdOf(account: string): string {
  return `fl-0${stableHex(`flow-log|${account}`, 16)}`;
}

export const FLOW_REGION: string = HOME_REGION;

function ofInstance(instance: Instance): FlowInterface {
  return {
    name: instance.name,
    id: instance.interfaceId,
    account: instance.account,
    ip: instance.privateIp,
    vpcId: instance.vpcId,
    subnetId: instance.subnetId,
    instanceId: instance.id,
    zone: 'apne1-az4',
    kind: 'instance',
    isPublic: instance.publicIp !== null,
    securityGroup: instance.securityGroup,
  };
}

function ofNetwork(
  account: string,
  kind: Exclude<FlowInterface['kind'], 'instance'>,
  names: readonly string[],
  firstHost: number,
): FlowInterface[] {
  const home = networks.find((candidate) => candidate.account === account);
  if (home === undefined) return [];
  const isPublic = kind !== 'database';
  const prefix = home.cidr.replace(/0\.0\/16$/, isPublic ? '0.' : '128.');
  return names.map((name, index) => ({
    name,
    id: `eni-0${stableHex(`interface|${name}`, 16)}`,
    account,
    ip: `${prefix}${firstHost + index}`,
    vpcId: home.vpc.id,
    subnetId: isPublic ? home.publicSubnet.id : home.privateSubnet.id,
    instanceId: '-',
    zone: name.endsWith('-c') ? 'apne1-az1' : 'apne1-az4',
    kind,
    isPublic,
    securityGroup: null,
  }));
}

function namesOf(account: string, prefix: string, suffix: string): string[] {
  return [...resources.values()]
    .filter((one) => one.account === account && one.key.startsWith(`${prefix}/`))
    .map((one) => `${one.name}${suffix}`);
}
