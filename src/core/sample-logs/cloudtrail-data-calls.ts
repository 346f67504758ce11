import { HOME_REGION } from '#core/sample-organization/cast-accounts.ts';
import { resourceOf, resources } from '#core/sample-organization/cast-resources.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import { keysOfRole } from './cloudtrail-callers.ts';
import type { Call } from './cloudtrail-record.ts';
import { bucketResources, objectResources } from './cloudtrail-resources.ts';

const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  'example-payments-receipts': ['2026/11/receipt-10001.pdf', '2026/11/receipt-10002.pdf', '2026/11/index.json'],
  'example-payments-artifacts': ['payments-api/build-1182.tgz', 'payments-settlement/build-212.tgz'],
  'example-storefront-uploads': ['avatars/4021.png', 'avatars/9917.png', 'contact/inquiries.xlsx'],
  'example-data-lake-raw': ['raw/orders/part-0001.json', 'raw/signups/part-0007.json', 'raw/clicks/part-0113.json'],
  'example-data-lake-curated': ['curated/orders/day=01/part-0.parquet', 'curated/clicks/day=01/part-0.parquet'],
  'example-terraform-state': ['payments-prod/terraform.tfstate', 'storefront-prod/terraform.tfstate'],
};

/** Reads and writes of the objects of a bucket, as data events. */
export function objectCalls(bucketName: string, name: 'GetObject' | 'PutObject' | 'HeadObject'): Call[] {
  const bucket = resourceOf(`bucket/${bucketName}`);
  const host = `${bucket.name}.s3.${bucket.region}.amazonaws.com`;
  const isWrite = name === 'PutObject';
  return (OBJECTS[bucketName] ?? []).map((key, index) => {
    const size = 4096 + index * 9173;
    const moved = isWrite
      ? `"bytesTransferredIn":${size},"bytesTransferredOut":0`
      : `"bytesTransferredIn":0,"bytesTransferredOut":${size}`;
    return {
      service: 's3',
      name,
      region: bucket.region,
      isReadOnly: !isWrite,
      category: 'Data',
      request: `{"bucketName":"${bucket.name}","Host":"${host}","key":"${key}"}`,
      response: isWrite ? '{"x-amz-server-side-encryption":"AES256"}' : 'null',
      additional: `{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256",${moved},"AuthenticationMethod":"AuthHeader"}`,
      resources: objectResources(bucket, `${bucket.arn}/${key}`),
      host,
    };
  });
}

/** Invocations of every function of an account, as data events. */
export function invocations(account: string): Call[] {
  return ofType(account, 'AWS::Lambda::Function').map((lambda) => ({
    service: 'lambda',
    name: 'Invoke',
    region: lambda.region,
    isReadOnly: false,
    category: 'Data',
    request: `{"functionName":"${lambda.arn}","invocationType":"RequestResponse"}`,
    response: 'null',
    additional: `{"functionVersion":"${lambda.arn}:$LATEST"}`,
    resources: `[{"accountId":"${account}","type":"AWS::Lambda::Function","ARN":"${lambda.arn}"}]`,
  }));
}

/** Reads and writes of every table of an account, as data events. */
export function itemCalls(account: string): Call[] {
  return ofType(account, 'AWS::DynamoDB::Table').flatMap((table) =>
    (['GetItem', 'PutItem', 'Query'] as const).map((name) => ({
      service: 'dynamodb',
      name,
      region: table.region,
      isReadOnly: name !== 'PutItem',
      category: 'Data' as const,
      request: `{"tableName":"${table.name}","key":{"id":"HIDDEN_DUE_TO_SECURITY_REASONS"}}`,
      response: 'null',
      resources: `[{"accountId":"${account}","type":"AWS::DynamoDB::Table","ARN":"${table.arn}"}]`,
    })),
  );
}

/** Roles handed to AWS services and to what runs on them. */
export function roleCalls(account: string, roles: readonly string[]): Call[] {
  return roles.map((role) => {
    const arn = `arn:aws:iam::${account}:role/${role}`;
    const session = role.replace(/-role$/, '');
    const { id, accessKeyId } = keysOfRole(account, role);
    const response = {
      credentials: { accessKeyId, sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      assumedRoleUser: {
        assumedRoleId: `${id}:${session}`,
        arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      },
    };
    return {
      service: 'sts',
      name: 'AssumeRole',
      region: HOME_REGION,
      isReadOnly: true,
      request: `{"roleArn":"${arn}","roleSessionName":"${session}","durationSeconds":3600}`,
      response: JSON.stringify(response),
      resources: `[{"accountId":"${account}","type":"AWS::IAM::Role","ARN":"${arn}"}]`,
    };
  });
}

/** Keys of the account that seal and open data. */
export function keyCalls(account: string): Call[] {
  return ofType(account, 'AWS::KMS::Key').flatMap((key) =>
    (['Decrypt', 'GenerateDataKey'] as const).map((name) => ({
      service: 'kms',
      name,
      region: key.region,
      isReadOnly: true,
      request: `{"keyId":"${key.arn}","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::example"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}`,
      response: 'null',
      resources: `[{"accountId":"${account}","type":"AWS::KMS::Key","ARN":"${key.arn}"}]`,
    })),
  );
}

/** GetBucketAcl of the bucket in which the organization's trail lands. */
export function trailBucketCalls(): Call[] {
  const bucket = resourceOf('bucket/example-org-cloudtrail-logs');
  const request = `{"bucketName":"${bucket.name}","Host":"${bucket.name}.s3.${bucket.region}.amazonaws.com","acl":""}`;
  return [
    {
      service: 's3',
      name: 'GetBucketAcl',
      region: bucket.region,
      isReadOnly: true,
      request,
      response: 'null',
      resources: bucketResources(bucket),
    },
  ];
}

function ofType(account: string, type: string): Resource[] {
  return [...resources.values()].filter(
    (one) => one.account === account && one.type === type && one.region === HOME_REGION,
  );
}
