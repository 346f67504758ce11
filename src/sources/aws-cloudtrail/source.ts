import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';

export const source = defineLogSource({
  id: 'aws.cloudtrail',
  title: 'AWS CloudTrail: management, data, Insights and network activity events',
  vendor: 'AWS',
  classes: ['api_activity', 'authentication', 'account_change'],
  native: ['CLOUD_TRAIL_MGMT', 'S3_DATA', 'LAMBDA_EXECUTION'],
  profiles: ['cloud'],
  recognise: {
    key: /\/CloudTrail(?:-Insight|-NetworkActivity)?\/|_CloudTrail(?:-Insight|-NetworkActivity)?_/,
    content: isCloudTrail,
  },
  decode: jsonRecords({ at: ['Records'] }),
  fields: {
    eventVersion: 'eventVersion',
    eventTime: 'eventTime',
    logTime: '@timestamp',
    eventSource: 'eventSource',
    eventName: 'eventName',
    awsRegion: 'awsRegion',
    sourceIPAddress: 'sourceIPAddress',
    userAgent: 'userAgent',
    errorCode: 'errorCode',
    errorMessage: 'errorMessage',
    requestParameters: 'requestParameters',
    responseElements: 'responseElements',
    requestID: 'requestID',
    eventID: 'eventID',
    eventType: 'eventType',
    apiVersion: 'apiVersion',
    recipientAccountId: 'recipientAccountId',
    vpcEndpointId: 'vpcEndpointId',
    eventCategory: 'eventCategory',
    resources: 'resources',
    managementEvent: { path: 'managementEvent', keep: true },
    insightSource: { path: 'insightDetails.eventSource', keep: true },
    insightName: { path: 'insightDetails.eventName', keep: true },
    identityType: 'userIdentity.type',
    principalId: 'userIdentity.principalId',
    identityArn: 'userIdentity.arn',
    accountId: 'userIdentity.accountId',
    accessKeyId: 'userIdentity.accessKeyId',
    userName: 'userIdentity.userName',
    invokedBy: 'userIdentity.invokedBy',
    identityProvider: 'userIdentity.identityProvider',
    credentialId: 'userIdentity.credentialId',
    onBehalfOfUser: 'userIdentity.onBehalfOf.userId',
    identityStore: 'userIdentity.onBehalfOf.identityStoreArn',
    issuerArn: 'userIdentity.sessionContext.sessionIssuer.arn',
    issuerName: { path: 'userIdentity.sessionContext.sessionIssuer.userName', keep: true },
    sessionCreated: 'userIdentity.sessionContext.attributes.creationDate',
    sessionMfa: { path: 'userIdentity.sessionContext.attributes.mfaAuthenticated', keep: true },
    federatedProvider: 'userIdentity.sessionContext.webIdFederationData.federatedProvider',
    loginTo: 'additionalEventData.LoginTo',
    mfaUsed: { path: 'additionalEventData.MFAUsed', keep: true },
    identityCenterUser: 'additionalEventData.UserName',
    credentialType: 'additionalEventData.CredentialType',
    verification: 'serviceEventDetails.CredentialVerification',
    authentication: 'serviceEventDetails.UserAuthentication',
  },
});

/** A record, or a document of records, with the four values that every CloudTrail record has. */
function isCloudTrail(sample: ObjectSample): boolean {
  const first = firstRecord(sample.firstJson);
  if (first !== undefined) return hasCloudTrailKeys(Object.keys(first));
  return /"Records"\s*:\s*\[/.test(sample.text) ? hasCloudTrailKeys(keysSeen(sample.text)) : isRecordText(sample.text);
}

function firstRecord(value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const records: unknown = Array.isArray(value) ? value : 'Records' in value ? value.Records : value;
  const first: unknown = Array.isArray(records) ? records[0] : records;
  return typeof first === 'object' && first !== null ? first : undefined;
}

function hasCloudTrailKeys(keys: readonly string[]): boolean {
  return ['eventVersion', 'eventSource', 'eventName', 'eventTime'].filter((key) => keys.includes(key)).length >= 3;
}

function keysSeen(text: string): readonly string[] {
  return ['eventVersion', 'eventSource', 'eventName', 'eventTime'].filter((key) => text.includes(`"${key}"`));
}

function isRecordText(text: string): boolean {
  return /^\s*[[{]/.test(text) && hasCloudTrailKeys(keysSeen(text));
}
