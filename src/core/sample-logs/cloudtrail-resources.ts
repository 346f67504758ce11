import type { Resource } from '#core/sample-organization/resource.ts';

/** `resources` of a record about a bucket. */
export function bucketResources({ account, arn }: Resource): string {
  return `[{"accountId":"${account}","type":"AWS::S3::Bucket","ARN":"${arn}"}]`;
}

/** `resources` of a record about an object. */
export function objectResources({ account, arn }: Resource, objectArn: string): string {
  return `[{"type":"AWS::S3::Object","ARN":"${objectArn}"},{"accountId":"${account}","type":"AWS::S3::Bucket","ARN":"${arn}"}]`;
}
