import { DAY, HOUR } from './calendar.ts';
import { accountIdOf, HOME_REGION } from './cast-accounts.ts';
import { type Instance, instanceNamed, instances } from './cast-instances.ts';
import { domains, remoteHost, scanners } from './cast-network.ts';
import { principal } from './cast-principals.ts';
import { resourceOf } from './cast-resources.ts';
import {
  apiCallAction,
  connectionAction,
  type Detection,
  dnsAction,
  instanceTarget,
  momentIn,
  portProbeAction,
  remoteIpDetails,
  sightings,
} from './detection.ts';
import { detectionTypes } from './detection-types.ts';
import type { JsonObject } from './types.ts';
import type { World } from './world.ts';

/** What GuardDuty reports on ordinary days: probes, curious calls, tests. */
export function noiseDetections(world: World): Detection[] {
  return [
    ...portProbes(world),
    ...unusualCalls(world),
    ...unusualTraffic(world),
    ...kubernetesCalls(world),
    ...sampleFindings(world),
  ];
}

function portProbes(world: World): Detection[] {
  const exposed = instances.filter((instance) => instance.publicIp !== null && instance.launchedIn === null);
  const openPorts = (instance: Instance) =>
    instance.securityGroup.ingress.filter((rule) => rule.source === '0.0.0.0/0').map((rule) => rule.from);
  return exposed.flatMap((instance) =>
    openPorts(instance).flatMap((port): Detection[] => {
      const random = world.random(`probe|${instance.name}|${port}`);
      const lasts = random.between(8, 62) * HOUR;
      const from = momentIn(world.calendar, random, lasts);
      const probing = [random.pick(scanners), random.pick(scanners)].filter(
        (host, index, all) => all.indexOf(host) === index,
      );
      return [
        {
          ...detectionTypes.portProbe,
          key: `probe-${instance.name}-${port}`,
          account: instance.account,
          region: instance.region,
          target: instanceTarget(world.story, instance),
          resourceRole: 'TARGET',
          title: `Port ${port} of EC2 instance ${instance.id} is probed`,
          description: `EC2 instance ${instance.id} has port ${port} open to the internet, and hosts known for scanning try it.`,
          action: portProbeAction(instance, port, probing),
          firstSeen: from,
          sightings: sightings(random, from, from + lasts, 6 * HOUR, random.between(2, 30)),
          beat: null,
        },
      ];
    }),
  );
}

type CuriousCall = readonly [who: string, type: 'iamDiscovery' | 's3Discovery', service: string, api: string];

const curiousCalls: readonly CuriousCall[] = [
  ['takahashi-ryo@storefront-prod', 'iamDiscovery', 'iam', 'ListRoles'],
  ['tanaka-kenji@data-prod', 's3Discovery', 's3', 'ListBuckets'],
  ['ito-mai@shared-services', 'iamDiscovery', 'organizations', 'ListAccounts'],
  ['jenkins', 'iamDiscovery', 'ec2', 'DescribeInstances'],
  ['tableau-export', 's3Discovery', 's3', 'ListObjects'],
  ['load-test', 'iamDiscovery', 'ec2', 'DescribeVpcs'],
  ['suzuki-ken@security-audit', 'iamDiscovery', 'iam', 'GetAccountAuthorizationDetails'],
  ['terraform-bootstrap', 'iamDiscovery', 'iam', 'ListUsers'],
];

function unusualCalls(world: World): Detection[] {
  const calls = curiousCalls.map(([who, type, service, api]): Detection => {
    const random = world.random(`curious|${who}`);
    const caller = principal(who);
    const from = momentIn(world.calendar, random, 2 * DAY);
    const bucket = type === 's3Discovery' ? firstBucketOf(caller.account) : null;
    return {
      ...detectionTypes[type],
      key: `curious-${who}`,
      account: caller.account,
      region: HOME_REGION,
      target: bucket === null ? { kind: 'access-key', principal: caller } : { kind: 'bucket', bucket, isPublic: false },
      resourceRole: 'TARGET',
      title: `${caller.name} calls ${api} in an unusual way`,
      description: `${caller.name} called ${api} at a time or from a program that is new for this account.`,
      action: apiCallAction(service, api, remoteHost(random.pick(['office-tokyo', 'office-osaka', 'home-tokyo']))),
      firstSeen: from,
      sightings: sightings(random, from, from + random.between(1, 26) * HOUR, 6 * HOUR, 12),
      beat: null,
    };
  });
  return [...calls, travellerLogin(world)];
}

function travellerLogin(world: World): Detection {
  const random = world.random('traveller');
  const caller = principal('takahashi-ryo@storefront-stg');
  const from = momentIn(world.calendar, random, DAY);
  return {
    ...detectionTypes.consoleLogin,
    key: 'traveller-login',
    account: caller.account,
    region: 'us-east-1',
    target: { kind: 'access-key', principal: caller },
    resourceRole: 'TARGET',
    title: `${caller.name} signed in from two distant places`,
    description: `${caller.name} signed in to the console from Japan and, soon after, from ${remoteHost('stranger-2').country}.`,
    action: apiCallAction('signin', 'ConsoleLogin', remoteHost('stranger-2')),
    firstSeen: from,
    sightings: sightings(random, from, from + HOUR, 2 * HOUR, 1),
    beat: null,
    archivedAt: from + 20 * HOUR,
  };
}

function unusualTraffic(world: World): Detection[] {
  const random = world.random('traffic');
  const scan = instanceNamed('payments-dev-api-1');
  const odd = instanceNamed('data-airflow-2');
  const proxied = instanceNamed('network-proxy-1');
  const common = (instance: Instance, from: number, hours: number) => ({
    account: instance.account,
    region: instance.region,
    target: instanceTarget(world.story, instance),
    firstSeen: from,
    sightings: sightings(random, from, from + hours * HOUR, 6 * HOUR, 22),
    beat: null,
  });
  const [scanAt, oddAt, proxyAt] = [0, 1, 2].map(() => momentIn(world.calendar, random, 2 * DAY));
  return [
    {
      ...common(scan, scanAt ?? 0, 7),
      ...detectionTypes.portscan,
      key: 'dev-portscan',
      resourceRole: 'ACTOR',
      title: `EC2 instance ${scan.id} scans ports of other hosts`,
      description: `EC2 instance ${scan.id} tries many ports of one host. The team runs a load test from it now and then.`,
      action: connectionAction(scan, remoteHost('scanner-3'), 'OUTBOUND', [40_122, 8443]),
    },
    {
      ...common(odd, oddAt ?? 0, 13),
      ...detectionTypes.unusualPort,
      key: 'airflow-unusual-port',
      resourceRole: 'ACTOR',
      title: `EC2 instance ${odd.id} uses a port it never used`,
      description: `EC2 instance ${odd.id} talks to port 5432 of a host outside, which differs from its usual traffic.`,
      action: connectionAction(odd, remoteHost('scanner-4'), 'OUTBOUND', [38_804, 5432]),
    },
    {
      ...common(proxied, proxyAt ?? 0, 19),
      ...detectionTypes.unusualPort,
      key: 'proxy-unusual-port',
      resourceRole: 'ACTOR',
      title: `EC2 instance ${proxied.id} uses a port it never used`,
      description: `EC2 instance ${proxied.id} talks to port 22 of a host outside, which differs from its usual traffic.`,
      action: connectionAction(proxied, remoteHost('scanner-5'), 'OUTBOUND', [50_220, 22]),
    },
  ];
}

function kubernetesCalls(world: World): Detection[] {
  const cluster = resourceOf('eks/storefront-eks');
  const definitions = [
    { type: 'execInKubeSystem', user: 'r.takahashi@example.com', host: 'office-tokyo', verb: 'create', path: 'exec' },
    { type: 'kubernetesAnonymous', user: 'system:anonymous', host: 'scanner-4', verb: 'list', path: 'version' },
  ] as const;
  return definitions.map(({ type, user, host, verb, path }): Detection => {
    const random = world.random(`kubernetes|${type}`);
    const from = momentIn(world.calendar, random, DAY);
    return {
      ...detectionTypes[type],
      key: `kubernetes-${type}`,
      account: cluster.account,
      region: cluster.region,
      target: { kind: 'eks', cluster, user },
      resourceRole: 'TARGET',
      title: `${user} did something unusual in EKS cluster ${cluster.name}`,
      description: `The Kubernetes user ${user} called ${verb} ${path} in EKS cluster ${cluster.name}.`,
      action: kubernetesAction(verb, path, host),
      firstSeen: from,
      sightings: sightings(random, from, from + random.between(2, 14) * HOUR, 6 * HOUR, 3),
      beat: null,
    };
  });
}

function kubernetesAction(verb: string, path: string, host: string): JsonObject {
  const caller = remoteHost(host);
  return {
    actionType: 'KUBERNETES_API_CALL',
    kubernetesApiCallAction: {
      requestUri: path === 'exec' ? '/api/v1/namespaces/kube-system/pods/coredns-0/exec' : '/version',
      verb,
      sourceIPs: [caller.ip],
      userAgent: 'kubectl/v1.31.0',
      remoteIpDetails: remoteIpDetails(caller),
      statusCode: 200,
      parameters: '',
    },
  };
}

function sampleFindings(world: World): Detection[] {
  const random = world.random('samples');
  const from = world.calendar.at(8, '15:30');
  const instance = instanceNamed('storefront-stg-web-1');
  return (['controlDns', 'dnsExfiltration'] as const).map((type): Detection => {
    const { type: name } = detectionTypes[type];
    return {
      ...detectionTypes[type],
      key: `sample-${type}`,
      account: accountIdOf('storefront-stg'),
      region: HOME_REGION,
      target: instanceTarget(world.story, instance),
      resourceRole: 'TARGET',
      title: `[SAMPLE] EC2 instance ${instance.id} as ${name} would show it`,
      description: 'A sample finding made by CreateSampleFindings. Nothing happened.',
      action: dnsAction(domains.control),
      firstSeen: from,
      sightings: sightings(random, from, from + HOUR, 2 * HOUR, 1),
      beat: null,
      sample: true,
    };
  });
}

function firstBucketOf(account: string) {
  return resourceOf(
    account === accountIdOf('data-prod') ? 'bucket/example-data-lake-raw' : 'bucket/example-org-config-logs',
  );
}
