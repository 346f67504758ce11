import { TEST_EPOCH } from '../stand-ins/time.ts';

export type GuardDutyOver = {
  readonly id?: string;
  readonly account?: string;
  readonly severity?: number;
  readonly count?: number;
  readonly title?: string;
  readonly description?: string;
  readonly bucket?: string;
  readonly archived?: boolean;
  /** Minutes after the test's epoch. */
  readonly minute?: number;
};

/** A GuardDuty finding as EventBridge delivers it. */
export function guardDutyEvent(over: GuardDutyOver = {}): Record<string, unknown> {
  const { id = 'f1', account = '111122223333', severity = 8, count = 1, minute = 0, archived = false } = over;
  const at = new Date(TEST_EPOCH + minute * 60_000).toISOString();
  const { title = `Finding ${id}`, description = `What ${id} did.`, bucket = `bucket-${id}` } = over;
  return {
    version: '0',
    id: `00000000-0000-4000-8000-${id}`,
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account,
    time: at,
    region: 'ap-northeast-1',
    resources: [],
    detail: {
      schemaVersion: '2.0',
      accountId: account,
      region: 'ap-northeast-1',
      partition: 'aws',
      id,
      arn: `arn:aws:guardduty:ap-northeast-1:${account}:detector/d1/finding/${id}`,
      type: 'Stealth:S3/ServerAccessLoggingDisabled',
      resource: {
        resourceType: 'S3Bucket',
        s3BucketDetails: [{ arn: `arn:aws:s3:::${bucket}`, name: bucket, type: 'Destination' }],
      },
      service: {
        serviceName: 'guardduty',
        detectorId: 'd1',
        action: {
          actionType: 'AWS_API_CALL',
          awsApiCallAction: {
            api: 'PutBucketLogging',
            serviceName: 's3.amazonaws.com',
            remoteIpDetails: { ipAddressV4: '198.51.100.7', country: { countryName: 'Exampleland' } },
          },
        },
        archived,
        count,
        eventFirstSeen: new Date(TEST_EPOCH).toISOString(),
        eventLastSeen: at,
        additionalInfo: {},
      },
      severity,
      createdAt: new Date(TEST_EPOCH).toISOString(),
      updatedAt: at,
      title,
      description,
    },
  };
}
