import { isoSeconds } from '#core/sample-organization/calendar.ts';
import { organizationIds, units } from '#core/sample-organization/cast-accounts.ts';
import { type Instance, instanceNamed, instances, securityGroups } from '#core/sample-organization/cast-instances.ts';
import { principal } from '#core/sample-organization/cast-principals.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import { detectorIdOf } from '#core/sample-organization/detection.ts';
import { stableHex, stableUuid } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import type { ApiCall, Json, JsonObject } from '#core/sample-organization/types.ts';

/** What a call of the story says and is told. */
export type CallDetail = {
  readonly request: JsonObject | null;
  readonly response?: JsonObject | null;
  readonly additional?: JsonObject;
};

type Context = {
  readonly call: ApiCall;
  /** Things it touches. */
  readonly things: readonly Resource[];
  /** Seconds since its beat began; tells two calls of the same name apart. */
  readonly after: number;
  /** GuardDuty findings that are archived in its beat. */
  readonly findingIds: readonly string[];
};

/** The parameters and the answer of a call of the story. */
export function callDetail(context: Context): CallDetail {
  return DETAILS[context.call.eventName]?.(context) ?? { request: null };
}

const DETAILS: Readonly<Record<string, (context: Context) => CallDetail>> = {
  ListAttachedUserPolicies: ({ things }) => ({ request: { userName: nameOf(things) } }),
  ListBuckets: ({ call }) => ({ request: { Host: `s3.${call.region}.amazonaws.com` } }),
  DescribeRegions: () => ({ request: { regionSet: {}, allRegions: true } }),
  DescribeInstances: () => ({ request: { maxResults: 1000, instancesSet: {}, filterSet: {} } }),
  DescribeVpcs: () => ({ request: { maxResults: 1000, vpcSet: {}, filterSet: {} } }),
  DescribeSecurityGroups: ({ things }) => ({
    request: {
      securityGroupSet: {},
      securityGroupIdSet: { items: things.map(({ id }) => ({ groupId: id })) },
      filterSet: {},
    },
  }),
  GetAccountAuthorizationDetails: () => ({ request: { maxItems: 100 } }),
  CreateUser: ({ things, call }) => {
    const who = principal(nameOf(things));
    const user = { path: '/', userName: who.name, userId: who.principalId, arn: who.arn, createDate: iamDate(call.at) };
    return { request: { userName: who.name }, response: { user } };
  },
  CreateAccessKey: ({ things, call }) => {
    const who = principal(nameOf(things));
    const accessKey = {
      accessKeyId: who.accessKeyId,
      status: 'Active',
      userName: who.name,
      createDate: iamDate(call.at),
    };
    return { request: { userName: who.name }, response: { accessKey } };
  },
  CreateLoginProfile: ({ things }) => ({ request: { userName: nameOf(things), passwordResetRequired: false } }),
  AttachUserPolicy: policyChange,
  DetachUserPolicy: policyChange,
  UpdateAccessKey: ({ things }) => {
    const who = principal(nameOf(things));
    return { request: { userName: who.name, accessKeyId: who.accessKeyId, status: 'Inactive' } };
  },
  PutUserPolicy: ({ things }) => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };
    return {
      request: { userName: nameOf(things), policyName: 'incident-deny-all', policyDocument: JSON.stringify(policy) },
    };
  },
  AuthorizeSecurityGroupIngress: (context) => groupChange(context, portsOpened(context)),
  RevokeSecurityGroupIngress: (context) => groupChange(context, [22, 3389]),
  CreateSecurityGroup: ({ things }) => {
    const [group] = things;
    const home = securityGroups.find(({ key }) => key === group?.key);
    const vpc = resourceOf('vpc/sandbox-hackathon-main');
    return {
      request: { groupName: home?.name ?? '', groupDescription: 'demo', vpcId: vpc.id },
      response: { groupId: group?.id ?? '', _return: true },
    };
  },
  CreateKeyPair: () => ({
    request: { keyName: 'batch-worker', keyType: 'rsa', keyFormat: 'pem' },
    response: {
      keyName: 'batch-worker',
      keyPairId: `key-0${stableHex('key-pair|batch-worker', 16)}`,
      keyMaterial: '<sensitiveDataRemoved>',
    },
  }),
  RunInstances: ({ things, call }) => launch(instancesOf(things), call),
  TerminateInstances: ({ things }) => ({
    request: { instancesSet: { items: things.map(({ id }) => ({ instanceId: id })) } },
    response: {
      instancesSet: {
        items: things.map(({ id }) => ({
          instanceId: id,
          currentState: { code: 32, name: 'shutting-down' },
          previousState: { code: 16, name: 'running' },
        })),
      },
    },
  }),
  CreateTags: ({ things }) => ({
    request: {
      resourcesSet: { items: things.map(({ id }) => ({ resourceId: id })) },
      tagSet: { items: Object.entries(things[0]?.tags ?? {}).map(([key, value]) => ({ key, value })) },
    },
    response: { _return: true },
  }),
  CreateSnapshots: ({ things }) => ({
    request: {
      CreateSnapshotsRequest: { InstanceSpecification: { InstanceId: things[0]?.id ?? '' }, Description: 'evidence' },
    },
  }),
  ArchiveFindings: ({ things, findingIds }) => ({
    request: { detectorId: detectorIdOf(things[0]?.name.split('/')[0] ?? '', things[0]?.region ?? ''), findingIds },
  }),
  DeleteBucketPublicAccessBlock: (context) => bucketChange(context, { publicAccessBlock: '' }),
  PutBucketPublicAccessBlock: (context) =>
    bucketChange(context, {
      publicAccessBlock: '',
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    }),
  DeleteBucketPolicy: (context) => bucketChange(context, { policy: '' }),
  PutBucketPolicy: (context) =>
    bucketChange(context, { policy: '', bucketPolicy: publicPolicy(context.things[0]?.arn ?? '') }),
  CreateAccount: ({ call }) => {
    const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';
    const id = `car-${stableHex('create-account|sandbox-hackathon', 32)}`;
    return {
      request: { accountName: hidden, email: hidden, roleName: 'OrganizationAccountAccessRole' },
      response: {
        createAccountStatus: { id, state: 'IN_PROGRESS', accountName: hidden, requestedTimestamp: iamDate(call.at) },
      },
    };
  },
  ConsoleLogin: () => ({
    request: null,
    response: { ConsoleLogin: 'Success' },
    additional: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: 'Yes' },
  }),
  PutAlternateContact: () => ({
    request: { alternateContactType: 'SECURITY', emailAddress: 'HIDDEN_DUE_TO_SECURITY_REASONS', title: 'SOC' },
  }),
  CreateStackInstances: () => ({
    request: {
      stackSetName: 'ebs-encryption-by-default',
      deploymentTargets: { organizationalUnitIds: [organizationIds.workloads, ...units.map(({ id }) => id)] },
      regions: ['ap-northeast-1'],
    },
    response: { operationId: stableUuid('stack-set|ebs-encryption-by-default') },
  }),
  StopConfigurationRecorder: () => ({ request: { configurationRecorderName: 'default' } }),
  StartConfigurationRecorder: () => ({ request: { configurationRecorderName: 'default' } }),
  UpdateSecurityHubConfiguration: () => ({ request: { ControlFindingGenerator: 'SECURITY_CONTROL' } }),
};

/** A bucket policy that lets everybody read. */
export function publicPolicy(arn: string): JsonObject {
  const statement = { Sid: 'PublicRead', Effect: 'Allow', Principal: '*', Action: ['s3:GetObject', 's3:ListBucket'] };
  return { Version: '2012-10-17', Statement: [{ ...statement, Resource: [arn, `${arn}/*`] }] };
}

function policyChange({ things }: Context): CallDetail {
  return { request: { userName: nameOf(things), policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' } };
}

/** The intruder opens SSH first and then RDP; the demo server gets SSH and HTTP at once. */
function portsOpened({ things, after }: Context): number[] {
  if (things[0]?.name === 'hackathon-demo') return [22, 80];
  return after === 0 ? [22] : [3389];
}

function groupChange({ things }: Context, ports: readonly number[]): CallDetail {
  const groupId = things[0]?.id ?? '';
  const items = ports.map((port) => ({
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    groups: {},
    ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
    ipv6Ranges: {},
    prefixListIds: {},
  }));
  const rules = ports.map((port) => ({
    groupOwnerId: things[0]?.account ?? '',
    groupId,
    securityGroupRuleId: `sgr-0${stableHex(`rule|${groupId}|${port}`, 16)}`,
    isEgress: false,
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    cidrIpv4: '0.0.0.0/0',
  }));
  return {
    request: { groupId, ipPermissions: { items } },
    response: { _return: true, securityGroupRuleSet: { items: rules } },
  };
}

function bucketChange({ things }: Context, parameters: Readonly<Record<string, Json>>): CallDetail {
  const [bucket] = things;
  const name = bucket?.name ?? '';
  return {
    request: { bucketName: name, Host: `${name}.s3.${bucket?.region ?? ''}.amazonaws.com`, ...parameters },
    additional: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: 0,
      AuthenticationMethod: 'AuthHeader',
      bytesTransferredOut: 0,
    },
  };
}

function launch(launched: readonly Instance[], call: ApiCall): CallDetail {
  const model = launched[0] ?? instanceNamed('miner-1');
  const count = Math.max(launched.length, 1);
  const keyName = model.name.startsWith('miner') ? 'batch-worker' : 'demo';
  const request = {
    instancesSet: { items: [{ imageId: model.imageId, minCount: count, maxCount: count, keyName }] },
    groupSet: { items: [{ groupId: model.securityGroup.id }] },
    instanceType: model.instanceType,
    blockDeviceMapping: {},
    monitoring: { enabled: false },
    disableApiTermination: false,
  };
  if (call.errorCode !== null) return { request };
  const items = launched.map((one) => ({
    instanceId: one.id,
    imageId: one.imageId,
    instanceState: { code: 0, name: 'pending' },
    keyName,
    instanceType: one.instanceType,
    launchTime: call.at,
    placement: { availabilityZone: `${one.region}a`, tenancy: 'default' },
    subnetId: one.subnetId,
    vpcId: one.vpcId,
    privateIpAddress: one.privateIp,
    groupSet: { items: [{ groupId: one.securityGroup.id, groupName: one.securityGroup.name }] },
    networkInterfaceSet: {
      items: [{ networkInterfaceId: one.interfaceId, privateIpAddress: one.privateIp, status: 'in-use' }],
    },
  }));
  const response = {
    reservationId: `r-0${stableHex(`reservation|${call.at}`, 16)}`,
    ownerId: model.account,
    instancesSet: { items },
  };
  return { request, response };
}

function instancesOf(things: readonly Resource[]): Instance[] {
  return things.flatMap(({ key }) => instances.filter((candidate) => candidate.key === key));
}

function nameOf(things: readonly Resource[]): string {
  return things[0]?.name ?? '';
}

/** `Nov 3, 2026 1:02:03 AM`, as IAM answers. */
function iamDate(at: number): string {
  const [day = '', clock = ''] = isoSeconds(at).replace('Z', '').split('T');
  const [year = '', month = '1', date = '1'] = day.split('-');
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const hour = Number(clock.slice(0, 2));
  return `${names[Number(month) - 1] ?? ''} ${Number(date)}, ${year} ${hour % 12 === 0 ? 12 : hour % 12}${clock.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
}
