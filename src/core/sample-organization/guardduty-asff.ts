import { type AsffFinding, asffResource, imported, type Label } from './asff.ts';
import { isoSeconds, MINUTE, SECOND } from './calendar.ts';
import { accountNameOf } from './cast-accounts.ts';
import type { Instance } from './cast-instances.ts';
import type { Principal } from './cast-principals.ts';
import { type Detection, detectorIdOf, findingIdOf, guardDutyArn, type Sighting } from './detection.ts';
import { serviceDetail } from './guardduty.ts';
import { stableIndex } from './random.ts';
import type { Json, JsonObject, SampleEvent } from './types.ts';

/** The same findings as Security Hub passes them on, which is a second copy of the same problem. */
export function guardDutyThroughSecurityHub(detections: readonly Detection[]): SampleEvent[] {
  return detections
    .filter((detection) => detection.beat !== null || stableIndex(`asff|${detection.key}`, 3) > 0)
    .flatMap((detection) => [
      ...detection.sightings.filter(isPassedOn).flatMap((sighting) => event(detection, sighting, false)),
      ...archived(detection),
    ]);
}

// Every third update is enough to show the double; all of them would drown the rest.
function isPassedOn(_sighting: Sighting, index: number): boolean {
  return index % 3 === 0;
}

function archived(detection: Detection): SampleEvent[] {
  const last = detection.sightings.at(-1);
  if (detection.archivedAt === undefined || last === undefined) return [];
  return event(detection, { ...last, at: detection.archivedAt }, true);
}

function event(detection: Detection, sighting: Sighting, isArchived: boolean): SampleEvent[] {
  const label = `${detection.key}|asff|${isArchived ? 'archived' : sighting.count}`;
  return imported({
    finding: toAsff(detection, sighting, isArchived),
    time: sighting.at + 2 * MINUTE + stableIndex(label, 90) * SECOND,
    beat: detection.beat,
    label,
    alsoFromMember: false,
  });
}

/** A GuardDuty finding in the AWS Security Finding Format. */
export function toAsff(detection: Detection, sighting: Sighting, isArchived: boolean): AsffFinding {
  const { account, region } = detection;
  const id = findingIdOf(detection);
  const detectorId = detectorIdOf(accountNameOf(account), region);
  return {
    id: guardDutyArn(region, account, detectorId, id),
    product: 'aws/guardduty',
    productName: 'GuardDuty',
    companyName: 'Amazon',
    generatorId: `arn:aws:guardduty:${region}:${account}:detector/${detectorId}`,
    account,
    region,
    types: [detection.asffType],
    firstObservedAt: detection.firstSeen,
    lastObservedAt: sighting.lastSeen,
    createdAt: detection.sightings[0]?.at ?? detection.firstSeen,
    updatedAt: sighting.at,
    label: labelOf(detection.severity),
    severity: { Product: detection.severity, Normalized: normalizedOf(detection.severity) },
    title: detection.title,
    description: detection.description,
    sourceUrl: `https://${region}.console.aws.amazon.com/guardduty/home?region=${region}#/findings?macros=current&fId=${id}`,
    productFields: flattened('aws/guardduty/service', serviceDetail(detection, sighting, detectorId, isArchived)),
    resources: resourcesOf(detection),
    workflow: 'NEW',
    recordState: isArchived ? 'ARCHIVED' : 'ACTIVE',
    more: {
      ...(detection.action === null ? {} : { Action: pascal(detection.action) }),
      Sample: detection.sample === true,
    },
  };
}

/** The bands in which GuardDuty's severity becomes a label. */
export function labelOf(severity: number): Label {
  if (severity >= 9) return 'CRITICAL';
  if (severity >= 7) return 'HIGH';
  return severity >= 4 ? 'MEDIUM' : 'LOW';
}

// Seen in findings that AWS itself imported: 2 became 40, 5 became 60, 8 became 70.
function normalizedOf(severity: number): number {
  if (severity >= 9) return 90;
  if (severity >= 7) return 70;
  return severity >= 4 ? 60 : 40;
}

function resourcesOf(detection: Detection): Json[] {
  const { target, region } = detection;
  switch (target.kind) {
    case 'instance':
      return [instanceResource(target.instance, target.launchedAt)];
    case 'access-key':
      return [accessKeyResource(target.principal, region)];
    case 'bucket':
      return [asffResource(target.bucket, { Name: target.bucket.name })];
    case 'eks':
      return [asffResource(target.cluster, { Name: target.cluster.name, Arn: target.cluster.arn })];
    case 'attack-sequence':
      return target.involved.map((resource) => asffResource(resource));
  }
}

/** An EC2 instance as an ASFF resource. */
export function instanceResource(instance: Instance, launchedAt: number): JsonObject {
  return asffResource(instance, {
    Type: instance.instanceType,
    ImageId: instance.imageId,
    IpV4Addresses: instance.publicIp === null ? [instance.privateIp] : [instance.publicIp, instance.privateIp],
    VpcId: instance.vpcId,
    SubnetId: instance.subnetId,
    LaunchedAt: isoSeconds(launchedAt),
  });
}

function accessKeyResource(principal: Principal, region: string): JsonObject {
  const types = { 'iam-user': 'IAMUser', root: 'Root', 'person-session': 'AssumedRole', 'service-role': 'AssumedRole' };
  return {
    Type: 'AwsIamAccessKey',
    Id: `AWS::IAM::AccessKey:${principal.accessKeyId}`,
    Partition: 'aws',
    Region: region,
    Details: {
      AwsIamAccessKey: {
        PrincipalId: principal.principalId,
        PrincipalType: types[principal.kind],
        PrincipalName: principal.name,
      },
    },
  };
}

/** Product fields are flat: each leaf under its path, list positions as `.0_`. Long parts are left out, as AWS does. */
function flattened(path: string, value: Json): Record<string, string> {
  if (value === null) return { [path]: '' };
  if (typeof value !== 'object') return { [path]: String(value) };
  const entries = Array.isArray(value)
    ? value.slice(0, 3).map((item, index) => [`${path}.${index}_`, item] as const)
    : Object.entries(value)
        .filter(([key]) => key !== 'detection')
        .map(([key, item]) => [`${path}/${key}`, item] as const);
  return Object.assign({}, ...entries.map(([key, item]) => flattened(key, item)));
}

/** ASFF has GuardDuty's action with capital letters. */
function pascal(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => pascal(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [`${key.slice(0, 1).toUpperCase()}${key.slice(1)}`, pascal(item)]),
  );
}
