import { MINUTE, SECOND } from './calendar.ts';
import { accountNameOf } from './cast-accounts.ts';
import { type Detection, detectorIdOf, findingIdOf, guardDutyArn, type Sighting } from './detection.ts';
import { labelOf } from './guardduty-asff.ts';
import { accessKeyDetails } from './guardduty-resource.ts';
import { importedV2, type OcsfFinding, ocsfResource } from './ocsf.ts';
import { stableIndex } from './random.ts';
import type { Json, JsonObject, SampleEvent } from './types.ts';

/** The same findings as the new Security Hub sends them: a third copy. */
export function guardDutyThroughV2(detections: readonly Detection[]): SampleEvent[] {
  return detections
    .filter((detection) => detection.beat !== null || stableIndex(`v2|${detection.key}`, 2) === 0)
    .flatMap((detection) => [
      ...detection.sightings
        .filter((_sighting, index) => index % 4 === 0)
        .map((sighting) => event(detection, sighting, false)),
      ...archived(detection),
    ]);
}

function archived(detection: Detection): SampleEvent[] {
  const last = detection.sightings.at(-1);
  if (detection.archivedAt === undefined || last === undefined) return [];
  return [event(detection, { ...last, at: detection.archivedAt }, true)];
}

function event(detection: Detection, sighting: Sighting, isArchived: boolean): SampleEvent {
  const label = `${detection.key}|${isArchived ? 'archived' : sighting.count}`;
  const time = sighting.at + 4 * MINUTE + stableIndex(label, 110) * SECOND;
  return importedV2(toOcsf(detection, sighting, isArchived), time, detection.beat, label);
}

function toOcsf(detection: Detection, sighting: Sighting, isArchived: boolean): OcsfFinding {
  const { account, region } = detection;
  const id = findingIdOf(detection);
  const detectorId = detectorIdOf(accountNameOf(account), region);
  const createdAt = detection.sightings[0]?.at ?? detection.firstSeen;
  return {
    class: 'detection',
    product: 'aws/guardduty',
    productName: 'GuardDuty',
    uid: guardDutyArn(region, account, detectorId, id),
    account,
    region,
    title: detection.title,
    description: detection.description,
    types: ['Threats', detection.type],
    label: labelOf(detection.severity),
    status: isArchived ? 'RESOLVED' : 'NEW',
    activity: isArchived ? 'Close' : sighting.at === createdAt ? 'Create' : 'Update',
    firstSeenAt: detection.firstSeen,
    lastSeenAt: sighting.lastSeen,
    createdAt,
    modifiedAt: sighting.at,
    info: {
      analytic: { type: 'Rule', type_id: 1, uid: detectorId },
      product: { uid: detectorId },
      uid_alt: id,
      ...(detection.sample === true ? { tags: [{ name: 'sample', value: 'true' }] } : {}),
    },
    resources: resourcesOf(detection),
    more: { count: sighting.count, evidences: evidences(detection) },
  };
}

function resourcesOf(detection: Detection): Json[] {
  const { target } = detection;
  switch (target.kind) {
    case 'instance':
      return [ocsfResource(target.instance)];
    case 'access-key': {
      const { accessKeyId, name, account } = target.principal;
      const { principalId, userType } = accessKeyDetails(target.principal);
      return [
        {
          cloud_partition: 'aws',
          data: { access_key_id: accessKeyId, principal_id: principalId, user_name: name, user_type: userType },
          name,
          owner: { account: { type: 'AWS Account', type_id: 10, uid: account } },
          region: detection.region,
          type: 'AWS::IAM::AccessKey',
          uid: accessKeyId,
        },
      ];
    }
    case 'bucket':
      return [ocsfResource(target.bucket)];
    case 'eks':
      return [ocsfResource(target.cluster)];
    case 'attack-sequence':
      return target.involved.map((resource) => ocsfResource(resource));
  }
}

function evidences(detection: Detection): JsonObject[] {
  return [{ data: { resource_role: detection.resourceRole, action: detection.action } }];
}
