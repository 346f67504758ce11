import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstNotice } from '#core/lake/text/aws-notice.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { expandEvents } from './expand-events.ts';

export const source = defineLogSource({
  id: 'aws.health',
  title: 'AWS Health events',
  vendor: 'AWS',
  classes: ['detection_finding'],
  profiles: ['cloud'],
  recognise: { key: /aws[-_.]?health/i, content: isHealth },
  decode: jsonRecords({ at: ['events'], expand: expandEvents }),
  fields: {
    eventId: { path: 'event.id', keep: true },
    detailType: { path: 'event.detail-type', keep: true },
    eventTime: { path: 'event.time', keep: true },
    eventAccount: { path: 'event.account', keep: true },
    busRegion: { path: 'event.region', keep: true },
    eventArn: 'eventArn',
    apiArn: 'arn',
    serviceName: 'service',
    typeCode: 'eventTypeCode',
    category: { path: 'eventTypeCategory', keep: true },
    scope: { path: 'eventScopeCode', keep: true },
    communicationId: 'communicationId',
    startTime: 'startTime',
    endTime: 'endTime',
    lastUpdatedTime: 'lastUpdatedTime',
    statusCode: 'statusCode',
    eventRegion: 'eventRegion',
    apiRegion: 'region',
    availabilityZone: { path: 'availabilityZone', keep: true },
    affectedAccount: 'affectedAccount',
    apiAccount: 'awsAccountId',
    // Its keys are the service's own.
    eventMetadata: { path: 'eventMetadata', keep: true },
    resources: 'made.resources',
    description: 'made.description',
    isEntity: 'made.isEntity',
  },
});

/** An event of AWS Health on a bus, or what the Health API answers. */
function isHealth(sample: ObjectSample): boolean {
  const notice = firstNotice(sample, 'events', 'successfulSet', 'entities');
  if (notice === undefined) return sample.firstJson === undefined && hasHealthArn(sample.text);
  const { event } = notice.around;
  if (isJsonObject(event)) return event['source'] === 'aws.health';
  const { document } = notice;
  return isHealthEvent(document) || (isJsonObject(document['event']) && isHealthEvent(document['event']));
}

function isHealthEvent(record: JsonObject): boolean {
  return [record['eventArn'], record['arn']].some((arn) => typeof arn === 'string' && /^arn:[a-z-]+:health:/.test(arn));
}

/** The sample ends within its first document. */
function hasHealthArn(text: string): boolean {
  return /^\s*[[{]/.test(text) && /"(?:eventArn|arn)"\s*:\s*"arn:[a-z-]+:health:/.test(text.slice(0, 4096));
}
