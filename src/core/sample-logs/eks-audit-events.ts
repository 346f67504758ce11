import { instances } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { type Principal, principal } from '#core/sample-organization/cast-principals.ts';
import type { Random } from '#core/sample-organization/random.ts';
import type { JsonObject } from '#core/sample-organization/types.ts';
import { activityTimes, detectedAction } from './detected-activity.ts';
import { hexText, uuidText } from './id-text.ts';
import type { Line } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { isWorkTime } from './rhythm.ts';
import { sessionArnOf, sessionNameOf } from './session.ts';
import { isoMicros } from './time-text.ts';

/** One kind of call that somebody makes of the Kubernetes API; JSON text where it never changes. */
type Call = {
  readonly verb: string;
  readonly uri: string;
  readonly user: string;
  readonly ip: string;
  readonly agent: string;
  /** Null for a path that is no resource. */
  readonly objectRef: string | null;
  readonly code: number;
  readonly isHuman: boolean;
};

const NAMESPACES = ['storefront', 'checkout', 'kube-system'];

/** Audit events of ordinary days, one a call, each as a log event of CloudWatch Logs. */
export function ordinaryAudit(world: LogWorld): (at: number) => string {
  const random = world.random('eks-audit');
  const all = [...nodeCalls(), ...controllerCalls(), ...peopleCalls()];
  const machines = all.filter(({ isHuman }) => !isHuman);
  return (at) => logEvent(random, random.pick(isWorkTime(at) ? all : machines), at);
}

/** The calls behind findings. */
export function auditStory(world: LogWorld): Line[] {
  return world.detections.flatMap((detection) => {
    const action = detectedAction(detection);
    if (action?.kind !== 'kubernetes') return [];
    const random = world.random(`eks-audit|${detection.key}`);
    const isAnonymous = detection.target.kind === 'eks' && detection.target.user === 'system:anonymous';
    const user = isAnonymous
      ? json({ username: 'system:anonymous', groups: ['system:unauthenticated'] })
      : userOf(principal('takahashi-ryo@storefront-prod'), 'r.takahashi@example.com');
    const objectRef = isAnonymous
      ? null
      : json({ resource: 'pods', namespace: 'kube-system', name: 'coredns-0', apiVersion: 'v1', subresource: 'exec' });
    const call: Call = { ...action, user, objectRef, code: 200, isHuman: true };
    return activityTimes(world, detection).map((at) => ({ at, text: logEvent(random, call, at) }));
  });
}

function nodeCalls(): Call[] {
  const role = principal('storefront-eks-node');
  return instances
    .filter((one) => one.role === role.name)
    .flatMap((node) => {
      const name = `ip-${node.privateIp.replaceAll('.', '-')}.ap-northeast-1.compute.internal`;
      const user = userOf({ ...role, principalId: `${role.principalId}:${node.id}` }, `system:node:${name}`, [
        'system:bootstrappers',
        'system:nodes',
      ]);
      const shared = {
        user,
        ip: node.privateIp,
        agent: 'kubelet/v1.31.2 (linux/arm64) kubernetes/example',
        code: 200,
        isHuman: false,
      };
      const lease = {
        resource: 'leases',
        namespace: 'kube-node-lease',
        name,
        apiGroup: 'coordination.k8s.io',
        apiVersion: 'v1',
      };
      return [
        {
          ...shared,
          verb: 'update',
          uri: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}?timeout=10s`,
          objectRef: json(lease),
        },
        {
          ...shared,
          verb: 'patch',
          uri: `/api/v1/nodes/${name}/status?timeout=10s`,
          objectRef: json({ resource: 'nodes', name, apiVersion: 'v1', subresource: 'status' }),
        },
        {
          ...shared,
          verb: 'get',
          uri: `/api/v1/nodes/${name}?resourceVersion=0&timeout=10s`,
          objectRef: json({ resource: 'nodes', name, apiVersion: 'v1' }),
        },
      ];
    });
}

function controllerCalls(): Call[] {
  const shared = {
    ip: '10.20.128.7',
    agent: 'kube-controller-manager/v1.31.2 (linux/amd64) kubernetes/example',
    code: 200,
    isHuman: false,
  };
  const manager = json({ username: 'system:kube-controller-manager', groups: ['system:authenticated'] });
  return NAMESPACES.flatMap((namespace) => {
    const account = json({
      username: `system:serviceaccount:${namespace}:default`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    });
    return [
      {
        ...shared,
        user: manager,
        verb: 'list',
        uri: `/apis/apps/v1/namespaces/${namespace}/deployments`,
        objectRef: json({ resource: 'deployments', namespace, apiGroup: 'apps', apiVersion: 'v1' }),
      },
      {
        ...shared,
        user: manager,
        verb: 'watch',
        uri: `/api/v1/namespaces/${namespace}/pods?watch=true`,
        objectRef: json({ resource: 'pods', namespace, apiVersion: 'v1' }),
      },
      {
        ...shared,
        user: account,
        ip: '10.20.128.41',
        agent: 'example-app/2.4',
        verb: 'get',
        uri: `/api/v1/namespaces/${namespace}/configmaps/settings`,
        objectRef: json({ resource: 'configmaps', namespace, name: 'settings', apiVersion: 'v1' }),
      },
      {
        ...shared,
        user: account,
        ip: '10.20.128.42',
        agent: 'example-app/2.4',
        verb: 'list',
        uri: `/api/v1/namespaces/${namespace}/secrets`,
        objectRef: json({ resource: 'secrets', namespace, apiVersion: 'v1' }),
        code: 403,
      },
    ];
  });
}

function peopleCalls(): Call[] {
  const person = userOf(principal('takahashi-ryo@storefront-prod'), 'r.takahashi@example.com');
  const pipeline = userOf(principal('jenkins'), 'jenkins');
  const kubectl = {
    user: person,
    ip: remoteHost('office-tokyo').ip,
    agent: 'kubectl/v1.31.0 (darwin/arm64) kubernetes/example',
    code: 200,
    isHuman: true,
  };
  const deployer = { ...kubectl, user: pipeline, agent: 'helm/v3.16' };
  return [
    {
      ...kubectl,
      verb: 'list',
      uri: '/api/v1/namespaces/storefront/pods?limit=500',
      objectRef: json({ resource: 'pods', namespace: 'storefront', apiVersion: 'v1' }),
    },
    {
      ...kubectl,
      verb: 'get',
      uri: '/api/v1/namespaces/storefront/pods/web-6f4d/log',
      objectRef: json({
        resource: 'pods',
        namespace: 'storefront',
        name: 'web-6f4d',
        apiVersion: 'v1',
        subresource: 'log',
      }),
    },
    {
      ...deployer,
      verb: 'patch',
      uri: '/apis/apps/v1/namespaces/storefront/deployments/web',
      objectRef: json({
        resource: 'deployments',
        namespace: 'storefront',
        name: 'web',
        apiGroup: 'apps',
        apiVersion: 'v1',
      }),
    },
    {
      ...deployer,
      verb: 'create',
      uri: '/apis/batch/v1/namespaces/checkout/jobs',
      code: 201,
      objectRef: json({
        resource: 'jobs',
        namespace: 'checkout',
        name: 'migrate',
        apiGroup: 'batch',
        apiVersion: 'v1',
      }),
    },
  ];
}

function userOf(who: Principal, username: string, groups: readonly string[] = []): string {
  const [roleId = who.principalId] = who.principalId.split(':');
  return json({
    username,
    uid: `aws-iam-authenticator:${who.account}:${roleId}`,
    groups: [...groups, 'system:authenticated'],
    extra: {
      accessKeyId: [who.accessKeyId],
      arn: [sessionArnOf(who)],
      canonicalArn: [who.arn],
      principalId: [roleId],
      sessionName: [sessionNameOf(who)],
    },
  });
}

function logEvent(random: Random, call: Call, at: number): string {
  const micros = random.between(0, 999);
  const isAllowed = call.code < 400;
  const objectRef = call.objectRef === null ? '' : `"objectRef":${call.objectRef},`;
  const status = isAllowed
    ? `{"metadata":{},"code":${call.code}}`
    : `{"metadata":{},"status":"Failure","message":"forbidden","reason":"Forbidden","code":${call.code}}`;
  const decision = `{"authorization.k8s.io/decision":"${isAllowed ? 'allow' : 'forbid'}","authorization.k8s.io/reason":""}`;
  const message = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${uuidText(random)}","stage":"ResponseComplete","requestURI":"${call.uri}","verb":"${call.verb}","user":${call.user},"sourceIPs":["${call.ip}"],"userAgent":"${call.agent}",${objectRef}"responseStatus":${status},"requestReceivedTimestamp":"${isoMicros(at - random.between(1, 40), micros)}","stageTimestamp":"${isoMicros(at, micros)}","annotations":${decision}}`;
  const id = `3${String(at)}${decimal(hexText(random, 24))}`.padEnd(56, '0').slice(0, 56);
  return `{"id":"${id}","timestamp":${at},"message":${JSON.stringify(message)}}`;
}

function decimal(hex: string): string {
  let text = '';
  for (const digit of hex) text += Number.parseInt(digit, 16).toString().padStart(2, '0');
  return text;
}

function json(value: JsonObject): string {
  return JSON.stringify(value);
}
