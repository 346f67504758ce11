import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstNotice } from '#core/lake/text/aws-notice.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { expandFindings } from './expand-findings.ts';

export const source = defineLogSource({
  id: 'aws.guardduty',
  title: 'Amazon GuardDuty findings',
  vendor: 'AWS',
  classes: ['detection_finding'],
  profiles: ['cloud'],
  recognise: { key: /\/GuardDuty\/[a-z0-9-]+\/\d{4}\//, content: isGuardDuty },
  decode: jsonRecords({ at: ['Findings'], expand: expandFindings }),
  fields: {
    eventId: { path: 'event.id', keep: true },
    eventTime: { path: 'event.time', keep: true },
    eventAccount: { path: 'event.account', keep: true },
    eventRegion: { path: 'event.region', keep: true },
    schemaVersion: 'schemaVersion',
    accountId: 'accountId',
    awsRegion: 'region',
    awsPartition: { path: 'partition', keep: true },
    id: 'id',
    arn: 'arn',
    findingType: 'type',
    title: 'title',
    description: 'description',
    severityNumber: { path: 'severity', keep: true },
    createdAt: 'createdAt',
    updatedAt: 'updatedAt',
    detectorId: 'service.detectorId',
    featureName: 'service.featureName',
    firstSeen: 'service.eventFirstSeen',
    lastSeen: 'service.eventLastSeen',
    archived: { path: 'service.archived', keep: true },
    occurrences: { path: 'service.count', keep: true },
    sequenceArn: { path: 'associatedAttackSequenceArn', keep: true },
    serviceAction: { path: 'service.action', keep: true },
    additionalInfo: { path: 'service.additionalInfo', keep: true },
    evidence: { path: 'service.evidence', keep: true },
    detection: { path: 'service.detection', keep: true },
    runtimeDetails: { path: 'service.runtimeDetails', keep: true },
    ebsScan: { path: 'service.ebsVolumeScanDetails', keep: true },
    malwareScan: { path: 'service.malwareScanDetails', keep: true },
    scanStatus: 'scanStatus',
    scanResult: { path: 'scanResultDetails.scanResultStatus', keep: true },
    bucketName: { path: 's3ObjectDetails.bucketName', keep: true },
    objectKey: { path: 's3ObjectDetails.objectKey', keep: true },
    resources: 'made.resources',
    evidences: 'made.evidences',
    attacks: 'made.attacks',
    relatedEvents: 'made.relatedEvents',
  },
});

/** A finding as GuardDuty exports it, in an event, or as the API gives it. */
function isGuardDuty(sample: ObjectSample): boolean {
  const notice = firstNotice(sample, 'Findings');
  if (notice === undefined) return sample.firstJson === undefined && hasFindingKeys(sample.text);
  const { event } = notice.around;
  if (isJsonObject(event)) return event['source'] === 'aws.guardduty';
  return isFinding(notice.document, 'arn') || isFinding(notice.document, 'Arn');
}

function isFinding(record: JsonObject, key: string): boolean {
  const arn = record[key];
  return typeof arn === 'string' && arn.startsWith('arn:') && arn.includes(':guardduty:') && arn.includes('/finding/');
}

/** The sample ends within its first finding. */
function hasFindingKeys(text: string): boolean {
  const start = text.slice(0, 4096);
  return /^\s*[[{]/.test(start) && /"[aA]rn"\s*:\s*"arn:[a-z-]+:guardduty:[^"]{1,200}\/finding\//.test(start);
}
