import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstNotice } from '#core/lake/text/aws-notice.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { expandItems } from './expand-items.ts';

export const source = defineLogSource({
  id: 'aws.config',
  title: 'AWS Config: configuration history, snapshots and compliance',
  vendor: 'AWS',
  classes: ['entity_management', 'compliance_finding'],
  profiles: ['cloud'],
  recognise: { key: /\/Config\/[a-z0-9-]+\/\d{4}\/|_Config(?:History|Snapshot)_/, content: isConfig },
  decode: jsonRecords({ at: ['configurationItems'], expand: expandItems }),
  fields: {
    eventId: { path: 'event.id', keep: true },
    eventTime: { path: 'event.time', keep: true },
    eventAccount: { path: 'event.account', keep: true },
    eventRegion: { path: 'event.region', keep: true },
    snsId: { path: 'sns.MessageId', keep: true },
    fileKind: 'made.file',
    fileRegion: 'made.region',
    arn: 'ARN',
    resourceId: { path: 'resourceId', keep: true },
    resourceName: 'resourceName',
    resourceType: 'resourceType',
    accountId: 'awsAccountId',
    awsRegion: 'awsRegion',
    availabilityZone: { path: 'availabilityZone', keep: true },
    itemStatus: 'configurationItemStatus',
    captured: 'configurationItemCaptureTime',
    itemVersion: 'configurationItemVersion',
    stateId: 'configurationStateId',
    configuration: 'configuration',
    // These hold whatever keys a service has: opened, they would be thousands.
    supplementary: { path: 'supplementaryConfiguration', keep: true },
    tags: { path: 'tags', keep: true },
    relationships: { path: 'relationships', keep: true },
    relatedEvents: { path: 'relatedEvents', keep: true },
    messageType: { path: 'notice.messageType', keep: true },
    diffType: { path: 'notice.configurationItemDiff.changeType', keep: true },
    changedProperties: { path: 'notice.configurationItemDiff.changedProperties', keep: true },
    ruleName: 'compliance.configRuleName',
    ruleArn: 'compliance.configRuleARN',
    ruleAccount: 'compliance.awsAccountId',
    ruleRegion: 'compliance.awsRegion',
    ruleResourceType: 'compliance.resourceType',
    ruleResourceId: 'compliance.resourceId',
    ruleMessage: { path: 'compliance.messageType', keep: true },
    noticeTime: { path: 'compliance.notificationCreationTime', keep: true },
    complianceType: 'compliance.newEvaluationResult.complianceType',
    annotation: 'compliance.newEvaluationResult.annotation',
    recorded: 'compliance.newEvaluationResult.resultRecordedTime',
    oldCompliance: { path: 'compliance.oldEvaluationResult.complianceType', keep: true },
  },
});

/** A file of items, an item, or what AWS Config says in events and notifications. */
function isConfig(sample: ObjectSample): boolean {
  const notice = firstNotice(sample, 'configurationItems');
  if (notice === undefined) return sample.firstJson === undefined ? isFile(sample.text) : isEmptyFile(sample.firstJson);
  const { event } = notice.around;
  if (isJsonObject(event)) return event['source'] === 'aws.config';
  return isItem(notice.document) || isMessage(notice.document);
}

function isItem(record: JsonObject): boolean {
  return 'resourceType' in record && ('configurationItemStatus' in record || 'configurationItemCaptureTime' in record);
}

function isMessage(record: JsonObject): boolean {
  return 'configurationItem' in record || 'configurationItemSummary' in record || 'configRuleARN' in record;
}

/** The sample ends within the first item of a file. */
function isFile(text: string): boolean {
  return /^\s*\{[^[\]]{0,500}"configurationItems"\s*:\s*\[/.test(text.slice(0, 1024));
}

function isEmptyFile(document: unknown): boolean {
  return isJsonObject(document) && Array.isArray(document['configurationItems']);
}
