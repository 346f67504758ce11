import { accountIdOf } from './cast-accounts.ts';
import { stableHex } from './random.ts';
import { kinds, type Resource, resource } from './resource.ts';

type Network = {
  readonly account: string;
  readonly vpc: Resource;
  readonly cidr: string;
  readonly publicSubnet: Resource;
  readonly privateSubnet: Resource;
  readonly defaultSecurityGroup: Resource;
};

/** One permission of a security group: a protocol, a port range and who may use it. */
type IngressRule = { readonly from: number; readonly to: number; readonly source: string };

export type SecurityGroup = Resource & { readonly ingress: readonly IngressRule[] };

export type Instance = Resource & {
  readonly instanceType: string;
  readonly imageId: string;
  readonly privateIp: string;
  readonly publicIp: string | null;
  readonly interfaceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly securityGroup: SecurityGroup;
  /** Name of the instance role. */
  readonly role: string | null;
  /** Beat that launches it; null when it was there before. */
  readonly launchedIn: string | null;
};

export const networks: readonly Network[] = [
  network('network-hub', '10.0.0.0/16'),
  network('payments-prod', '10.10.0.0/16'),
  network('storefront-prod', '10.20.0.0/16'),
  network('data-prod', '10.30.0.0/16'),
  network('payments-dev', '10.40.0.0/16'),
  network('storefront-stg', '10.50.0.0/16'),
  network('shared-services', '10.60.0.0/16'),
  network('sandbox-data', '10.70.0.0/16'),
  network('sandbox-hackathon', '10.80.0.0/16'),
];

export const securityGroups: readonly SecurityGroup[] = [
  group('payments-prod', 'payments-bastion', [rule(22, 22, '192.0.2.0/24')]),
  group('payments-prod', 'payments-api', [rule(8443, 8443, '10.10.0.0/16')]),
  group('payments-prod', 'payments-database', [rule(5432, 5432, '10.10.0.0/16')]),
  group('storefront-prod', 'storefront-web', [rule(80, 80, '0.0.0.0/0'), rule(443, 443, '0.0.0.0/0')]),
  group('storefront-prod', 'storefront-admin', [rule(8080, 8080, '0.0.0.0/0')]),
  group('data-prod', 'data-airflow', [rule(8080, 8080, '10.0.0.0/8')]),
  group('payments-dev', 'payments-dev-api', [rule(8443, 8443, '192.0.2.0/24')]),
  group('storefront-stg', 'storefront-stg-web', [rule(443, 443, '0.0.0.0/0'), rule(3000, 3000, '0.0.0.0/0')]),
  group('shared-services', 'shared-gitlab', [rule(443, 443, '192.0.2.0/24'), rule(22, 22, '10.0.0.0/8')]),
  group('network-hub', 'network-proxy', [rule(3128, 3128, '10.0.0.0/8')]),
  group('sandbox-data', 'sandbox-notebook', [rule(8888, 8888, '192.0.2.0/24')]),
  group('sandbox-hackathon', 'hackathon-demo', [rule(22, 22, '0.0.0.0/0'), rule(80, 80, '0.0.0.0/0')]),
];

export const instances: readonly Instance[] = [
  instance('payments-bastion', 't3.small', ['10.10.0.10', '192.0.2.101'], 'payments-bastion'),
  instance('payments-api-1', 'm7g.large', ['10.10.128.11', null], 'payments-api'),
  instance('payments-api-2', 'm7g.large', ['10.10.128.12', null], 'payments-api'),
  instance('payments-batch-1', 'c7g.xlarge', ['10.10.128.21', null], 'payments-api', {
    role: 'payments-batch-instance',
  }),
  // The intruder chose this name; it shows whether messages escape what an attacker writes.
  instance('miner-1', 'g4dn.12xlarge', ['10.10.0.77', '192.0.2.177'], 'payments-bastion', {
    launchedIn: 'leaked-key/miner-started',
    tags: { Name: '<!channel> *batch-worker*' },
  }),
  instance('miner-2', 'g4dn.12xlarge', ['10.10.0.78', '192.0.2.178'], 'payments-bastion', {
    launchedIn: 'leaked-key/miner-started',
    tags: { Name: '<!channel> *batch-worker*' },
  }),
  instance('storefront-web-1', 'c7g.large', ['10.20.0.11', '192.0.2.111'], 'storefront-web'),
  instance('storefront-web-2', 'c7g.large', ['10.20.0.12', '192.0.2.112'], 'storefront-web'),
  instance('storefront-admin-1', 't3.medium', ['10.20.0.31', '192.0.2.113'], 'storefront-admin'),
  instance('storefront-eks-node-1', 'm7g.xlarge', ['10.20.128.41', null], 'storefront-web', {
    role: 'storefront-eks-node',
  }),
  instance('storefront-eks-node-2', 'm7g.xlarge', ['10.20.128.42', null], 'storefront-web', {
    role: 'storefront-eks-node',
  }),
  instance('data-airflow-1', 'm7g.xlarge', ['10.30.128.11', null], 'data-airflow', { role: 'data-airflow-instance' }),
  instance('data-airflow-2', 'm7g.xlarge', ['10.30.128.12', null], 'data-airflow', { role: 'data-airflow-instance' }),
  instance('payments-dev-api-1', 't3.medium', ['10.40.0.11', '192.0.2.141'], 'payments-dev-api'),
  instance('storefront-stg-web-1', 't3.medium', ['10.50.0.11', '192.0.2.121'], 'storefront-stg-web'),
  instance('storefront-stg-web-2', 't3.medium', ['10.50.0.12', '192.0.2.122'], 'storefront-stg-web'),
  instance('shared-gitlab-1', 'm7g.xlarge', ['10.60.0.11', '192.0.2.131'], 'shared-gitlab'),
  instance('network-proxy-1', 'c7g.large', ['10.0.0.11', '192.0.2.132'], 'network-proxy'),
  instance('sandbox-notebook-1', 'g5.xlarge', ['10.70.0.11', '192.0.2.151'], 'sandbox-notebook'),
  instance('hackathon-demo-1', 't3.large', ['10.80.0.11', '192.0.2.201'], 'hackathon-demo', {
    launchedIn: 'unowned-account/instance-launched',
  }),
];

/** The network of an account. */
function networkOf(account: string): Network {
  const found = networks.find((candidate) => candidate.account === account);
  if (found === undefined) throw new RangeError(`account ${account} has no network in the sample organization`);
  return found;
}

/** An instance by its name. */
export function instanceNamed(name: string): Instance {
  const found = instances.find((candidate) => candidate.name === name);
  if (found === undefined) throw new RangeError(`no instance ${name} in the sample organization`);
  return found;
}

function network(accountName: string, cidr: string): Network {
  const id = (prefix: string, label: string) => `${prefix}-0${stableHex(`${prefix}|${accountName}|${label}`, 16)}`;
  return {
    account: accountIdOf(accountName),
    vpc: resource(kinds.vpc, accountName, `${accountName}-main`, { id: id('vpc', 'main') }),
    cidr,
    publicSubnet: resource(kinds.subnet, accountName, `${accountName}-public-a`, { id: id('subnet', 'public') }),
    privateSubnet: resource(kinds.subnet, accountName, `${accountName}-private-a`, { id: id('subnet', 'private') }),
    defaultSecurityGroup: resource(kinds.securityGroup, accountName, `${accountName}-default`, {
      id: id('sg', 'default'),
    }),
  };
}

function group(accountName: string, name: string, ingress: readonly IngressRule[]): SecurityGroup {
  return { ...resource(kinds.securityGroup, accountName, name, { id: `sg-0${stableHex(`sg|${name}`, 16)}` }), ingress };
}

function rule(from: number, to: number, source: string): IngressRule {
  return { from, to, source };
}

type InstanceOptions = {
  readonly role?: string;
  readonly launchedIn?: string;
  readonly tags?: Readonly<Record<string, string>>;
};

function instance(
  name: string,
  instanceType: string,
  [privateIp, publicIp]: readonly [string, string | null],
  groupName: string,
  options: InstanceOptions = {},
): Instance {
  const securityGroup = securityGroups.find((candidate) => candidate.name === groupName);
  if (securityGroup === undefined) throw new RangeError(`no security group ${groupName} in the sample organization`);
  const home = networkOf(securityGroup.account);
  const accountName = home.vpc.name.replace(/-main$/, '');
  const subnet = publicIp === null ? home.privateSubnet : home.publicSubnet;
  return {
    ...resource(kinds.instance, accountName, name, {
      id: `i-0${stableHex(`instance|${name}`, 16)}`,
      tags: options.tags ?? { Name: name },
    }),
    instanceType,
    imageId: `ami-0${stableHex(`image|${instanceType.startsWith('t3') ? 'x86' : 'arm'}`, 16)}`,
    privateIp,
    publicIp,
    interfaceId: `eni-0${stableHex(`interface|${name}`, 16)}`,
    subnetId: subnet.id,
    vpcId: home.vpc.id,
    securityGroup,
    role: options.role ?? null,
    launchedIn: options.launchedIn ?? null,
  };
}
