import { isoMillis, isoSeconds, SECOND } from './calendar.ts';
import { accountNameOf, adminAccount } from './cast-accounts.ts';
import { type Detection, detectorIdOf, findingIdOf, guardDutyArn, type Sighting } from './detection.ts';
import { delivered } from './envelope.ts';
import { guardDutyResource } from './guardduty-resource.ts';
import { stableIndex } from './random.ts';
import type { Json, JsonObject, SampleEvent } from './types.ts';

/** A finding's states as GuardDuty itself sends them, on the administrator's bus and for some on the member's too. */
export function guardDutyEvents(detections: readonly Detection[]): SampleEvent[] {
  return detections.flatMap((detection) => [
    ...detection.sightings.flatMap((sighting) => onBuses(detection, sighting, false)),
    ...archived(detection),
  ]);
}

function archived(detection: Detection): SampleEvent[] {
  const last = detection.sightings.at(-1);
  if (detection.archivedAt === undefined || last === undefined) return [];
  return onBuses(detection, { ...last, at: detection.archivedAt }, true);
}

function onBuses(detection: Detection, sighting: Sighting, isArchived: boolean): SampleEvent[] {
  const onMember = stableIndex(detection.key, 4) === 0;
  const buses = onMember ? [adminAccount, detection.account] : [adminAccount];
  return buses.map((account, index) => {
    const delay = 20 + stableIndex(`${detection.key}|${sighting.at}`, 150) + index * 2;
    return delivered({
      time: sighting.at + delay * SECOND,
      source: 'aws.guardduty',
      detailType: 'GuardDuty Finding',
      account,
      region: detection.region,
      resources: [],
      detail: findingDetail(detection, sighting, isArchived),
      beat: detection.beat,
      label: `${detection.key}|${isArchived ? 'archived' : sighting.count}`,
    });
  });
}

/** The `detail` of a GuardDuty event. */
function findingDetail(detection: Detection, sighting: Sighting, isArchived: boolean): JsonObject {
  const { account, region } = detection;
  const id = findingIdOf(detection);
  const detectorId = detectorIdOf(accountNameOf(account), region);
  const joined = detection.sequence !== undefined && sighting.at >= detection.sequence.from;
  const withSeverity = !(isArchived && detection.archivedWithoutSeverity === true);
  return {
    schemaVersion: '2.0',
    accountId: account,
    region,
    partition: 'aws',
    id,
    arn: guardDutyArn(region, account, detectorId, id),
    type: detection.type,
    ...(joined && detection.sequence !== undefined ? { associatedAttackSequenceArn: detection.sequence.arn } : {}),
    resource: guardDutyResource(detection),
    service: serviceDetail(detection, sighting, detectorId, isArchived),
    ...(withSeverity ? { severity: detection.severity } : {}),
    createdAt: isoMillis(detection.sightings[0]?.at ?? detection.firstSeen),
    updatedAt: isoMillis(sighting.at),
    title: detection.title,
    description: detection.description,
  };
}

/** The `service` part of a finding, from which the Security Hub form is made too. */
export function serviceDetail(
  detection: Detection,
  sighting: Sighting,
  detectorId: string,
  isArchived: boolean,
): JsonObject {
  const { target } = detection;
  const additionalInfo: Readonly<Record<string, Json>> = {
    value: '{}',
    type: 'default',
    ...(detection.sample === true ? { sample: true } : {}),
  };
  return {
    serviceName: 'guardduty',
    detectorId,
    featureName: detection.featureName,
    ...(detection.action === null ? {} : { action: detection.action }),
    ...(target.kind === 'attack-sequence' ? { detection: { sequence: target.sequence } } : {}),
    resourceRole: detection.resourceRole,
    additionalInfo,
    evidence: null,
    eventFirstSeen: isoSeconds(detection.firstSeen),
    eventLastSeen: isoSeconds(sighting.lastSeen),
    archived: isArchived,
    count: sighting.count,
  };
}
