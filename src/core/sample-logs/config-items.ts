import { isoMillis, MINUTE, SECOND } from '#core/sample-organization/calendar.ts';
import { securityGroups } from '#core/sample-organization/cast-instances.ts';
import { stableHex, stableIndex } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import type { Json, JsonObject } from '#core/sample-organization/types.ts';
import { publicPolicy } from './cloudtrail-call-details.ts';
import { configIdOf, configurationOf, controlTraces, permissionsOf } from './config-configuration.ts';
import type { ResourceChange } from './resource-changes.ts';

const OPEN = '0.0.0.0/0';

/** A configuration item: the resource as it is after the changes made until then. */
export function configItem(resource: Resource, at: number, changes: readonly ResourceChange[]): string {
  const done = changes.filter((change) => change.at <= at);
  const status = statusOf(done.at(-1), at);
  const isGone = status === 'ResourceDeleted';
  const isGlobal = resource.type.startsWith('AWS::IAM::');
  return JSON.stringify({
    relatedEvents: [],
    relationships: relationshipsOf(resource),
    configuration: isGone ? null : { ...configurationOf(resource), ...traces(resource, done) },
    supplementaryConfiguration: isGone ? {} : supplements(resource, done),
    tags: resource.tags,
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: isoMillis(at),
    configurationStateId: at,
    awsAccountId: resource.account,
    configurationItemStatus: status,
    resourceType: resource.type,
    resourceId: configIdOf(resource),
    resourceName: resource.name,
    ARN: resource.arn,
    awsRegion: isGlobal ? 'global' : resource.region,
    availabilityZone: isGlobal ? 'Not Applicable' : 'Regional',
    configurationStateMd5Hash: '',
  });
}

/** What a rule of AWS Config says of a resource, which is an item of its own. */
export function complianceItem(resource: Resource, at: number, rule: string, isCompliant: boolean): string {
  const complianceType = isCompliant ? 'COMPLIANT' : 'NON_COMPLIANT';
  const ruleId = `config-rule-${stableHex(`${rule}|${resource.account}`, 6)}`;
  const configRuleArn = `arn:aws:config:${resource.region}:${resource.account}:config-rule/${ruleId}`;
  return JSON.stringify({
    relatedEvents: [],
    relationships: [{ resourceId: configIdOf(resource), resourceType: resource.type, name: 'Is associated with ' }],
    configuration: {
      targetResourceId: configIdOf(resource),
      targetResourceType: resource.type,
      configRuleList: [{ configRuleArn, configRuleId: ruleId, configRuleName: rule, complianceType }],
      complianceType,
    },
    supplementaryConfiguration: {},
    tags: {},
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: isoMillis(at),
    configurationStateId: at,
    awsAccountId: resource.account,
    configurationItemStatus: 'OK',
    resourceType: 'AWS::Config::ResourceCompliance',
    resourceId: `${resource.type}/${configIdOf(resource)}`,
    awsRegion: resource.region,
    configurationStateMd5Hash: '',
  });
}

/** When AWS Config records a change: a minute or two later. */
export function recordedAt({ at, resource, eventName }: ResourceChange): number {
  return at + MINUTE + stableIndex(`recorded|${resource.key}|${eventName}|${at}`, 90) * SECOND;
}

function statusOf(last: ResourceChange | undefined, at: number): string {
  if (last?.kind === 'deleted') return 'ResourceDeleted';
  // Only the item that records the creation says so.
  return last?.kind === 'created' && at - last.at < 5 * MINUTE ? 'ResourceDiscovered' : 'OK';
}

function traces(resource: Resource, done: readonly ResourceChange[]): JsonObject {
  const found: Record<string, Json> = {};
  for (const { control } of done) {
    const trace = control === null ? undefined : controlTraces[control.id];
    if (trace !== undefined) found[trace[0]] = trace[control?.isFix === true ? 1 : 2];
  }
  if (resource.type === 'AWS::EC2::SecurityGroup' && done.length > 0)
    found['ipPermissions'] = permissionsOf(rulesAfter(resource, done));
  if (resource.type === 'AWS::IAM::User') found['attachedManagedPolicies'] = policiesAfter(done);
  return found;
}

/** The rules of a group while it is open to everybody. */
function rulesAfter(resource: Resource, done: readonly ResourceChange[]) {
  const base = securityGroups.find(({ key }) => key === resource.key)?.ingress ?? [];
  const last = done.filter(({ eventName }) => eventName.includes('SecurityGroupIngress'));
  const isOpen = last.at(-1)?.eventName === 'AuthorizeSecurityGroupIngress';
  if (!isOpen || resource.key !== 'sg/payments-bastion') return base;
  const opened = last.length === 1 ? [22] : [22, 3389];
  return [...base, ...opened.map((port) => ({ from: port, to: port, source: OPEN }))];
}

function policiesAfter(done: readonly ResourceChange[]): Json[] {
  const last = done.filter(({ eventName }) => /^(?:Attach|Detach)UserPolicy$/.test(eventName)).at(-1);
  if (last?.eventName !== 'AttachUserPolicy') return [];
  return [{ policyName: 'AdministratorAccess', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }];
}

function supplements(resource: Resource, done: readonly ResourceChange[]): JsonObject {
  if (resource.type !== 'AWS::S3::Bucket') return {};
  const policy = done.filter(({ eventName }) => eventName.endsWith('BucketPolicy')).at(-1);
  const block = done.filter(({ eventName }) => eventName.endsWith('BucketPublicAccessBlock')).at(-1);
  const isBlocked = block?.eventName !== 'DeleteBucketPublicAccessBlock';
  return {
    BucketPolicy: {
      policyText:
        policy?.eventName === 'PutBucketPolicy' && policy.control === null
          ? JSON.stringify(publicPolicy(resource.arn))
          : null,
    },
    PublicAccessBlockConfiguration: {
      blockPublicAcls: isBlocked,
      ignorePublicAcls: isBlocked,
      blockPublicPolicy: isBlocked,
      restrictPublicBuckets: isBlocked,
    },
  };
}

function relationshipsOf(resource: Resource): JsonObject[] {
  const { securityGroup, vpcId, subnetId } = resource as Partial<{
    securityGroup: Resource;
    vpcId: string;
    subnetId: string;
  }>; // instances have them
  if (securityGroup === undefined) return [];
  return [
    { resourceId: securityGroup.id, resourceType: 'AWS::EC2::SecurityGroup', name: 'Is associated with SecurityGroup' },
    { resourceId: subnetId ?? '', resourceType: 'AWS::EC2::Subnet', name: 'Is contained in Subnet' },
    { resourceId: vpcId ?? '', resourceType: 'AWS::EC2::VPC', name: 'Is contained in Vpc' },
  ];
}
