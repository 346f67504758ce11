import { HOME_REGION } from '#core/sample-organization/cast-accounts.ts';
import { resources } from '#core/sample-organization/cast-resources.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import type { Call } from './cloudtrail-record.ts';

/** `{id}` and `{arn}` stand for each resource of the type; without a type the request is the same for all. */
type Row = readonly [service: string, name: string, request: string, type?: string];

const FILTERS = '"filterSet":{}';

// biome-ignore format: one call a line reads as a table.
const homeRows: readonly Row[] = [
  ['ec2', 'DescribeInstances', `{"maxResults":1000,"instancesSet":{},${FILTERS}}`],
  ['ec2', 'DescribeInstances', `{"instancesSet":{"items":[{"instanceId":"{id}"}]},${FILTERS}}`, 'AWS::EC2::Instance'],
  ['ec2', 'DescribeInstanceStatus', `{"instancesSet":{"items":[{"instanceId":"{id}"}]},${FILTERS},"includeAllInstances":false}`, 'AWS::EC2::Instance'],
  ['ec2', 'DescribeSecurityGroups', `{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"{id}"}]},${FILTERS}}`, 'AWS::EC2::SecurityGroup'],
  ['ec2', 'DescribeVolumes', `{"volumeSet":{"items":[{"volumeId":"{id}"}]},${FILTERS}}`, 'AWS::EC2::Volume'],
  ['ec2', 'DescribeVpcs', `{"vpcSet":{"items":[{"vpcId":"{id}"}]},${FILTERS}}`, 'AWS::EC2::VPC'],
  ['ec2', 'DescribeSubnets', `{"subnetSet":{"items":[{"subnetId":"{id}"}]},${FILTERS}}`, 'AWS::EC2::Subnet'],
  ['ec2', 'DescribeNetworkInterfaces', `{"networkInterfaceIdSet":{},${FILTERS}}`],
  ['ec2', 'DescribeFlowLogs', '{"DescribeFlowLogsRequest":{"MaxResults":100}}'],
  ['rds', 'DescribeDBInstances', '{"dBInstanceIdentifier":"{id}"}', 'AWS::RDS::DBInstance'],
  ['rds', 'DescribeDBSnapshots', '{"maxRecords":100}'],
  ['lambda', 'GetFunction20150331v2', '{"functionName":"{arn}"}', 'AWS::Lambda::Function'],
  ['lambda', 'ListFunctions20150331', '{"maxItems":50}'],
  ['s3', 'GetBucketPolicy', '{"bucketName":"{id}","Host":"{id}.s3.ap-northeast-1.amazonaws.com","policy":""}', 'AWS::S3::Bucket'],
  ['s3', 'GetBucketAcl', '{"bucketName":"{id}","Host":"{id}.s3.ap-northeast-1.amazonaws.com","acl":""}', 'AWS::S3::Bucket'],
  ['s3', 'GetBucketPublicAccessBlock', '{"bucketName":"{id}","Host":"{id}.s3.ap-northeast-1.amazonaws.com","publicAccessBlock":""}', 'AWS::S3::Bucket'],
  ['s3', 'GetBucketEncryption', '{"bucketName":"{id}","Host":"{id}.s3.ap-northeast-1.amazonaws.com","encryption":""}', 'AWS::S3::Bucket'],
  ['kms', 'DescribeKey', '{"keyId":"{id}"}', 'AWS::KMS::Key'],
  ['kms', 'ListAliases', '{"limit":100}'],
  ['elasticloadbalancing', 'DescribeLoadBalancers', '{"loadBalancerArns":["{arn}"]}', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  ['monitoring', 'DescribeAlarms', '{"maxRecords":100}'],
  ['logs', 'DescribeLogGroups', '{"limit":50}'],
  ['ecr', 'DescribeRepositories', '{"repositoryNames":["{id}"]}', 'AWS::ECR::Repository'],
  ['eks', 'DescribeCluster', '{"name":"{id}"}', 'AWS::EKS::Cluster'],
  ['dynamodb', 'DescribeTable', '{"tableName":"{id}"}', 'AWS::DynamoDB::Table'],
  ['sqs', 'GetQueueAttributes', '{"attributeNames":["All"],"queueUrl":"https://sqs.ap-northeast-1.amazonaws.com/{account}/{id}"}', 'AWS::SQS::Queue'],
  ['sns', 'GetTopicAttributes', '{"topicArn":"{arn}"}', 'AWS::SNS::Topic'],
  ['secretsmanager', 'DescribeSecret', '{"secretId":"{arn}"}', 'AWS::SecretsManager::Secret'],
  ['cloudformation', 'DescribeStacks', 'null'],
  ['ssm', 'DescribeInstanceInformation', '{"maxResults":50}'],
  ['autoscaling', 'DescribeAutoScalingGroups', '{"maxRecords":100}'],
  ['sts', 'GetCallerIdentity', 'null'],
];

// biome-ignore format: one call a line reads as a table.
const globalRows: readonly Row[] = [
  ['iam', 'ListUsers', 'null'],
  ['iam', 'ListRoles', '{"maxItems":100}'],
  ['iam', 'GetUser', '{"userName":"{id}"}', 'AWS::IAM::User'],
  ['iam', 'ListAccessKeys', '{"userName":"{id}"}', 'AWS::IAM::User'],
  ['iam', 'ListAttachedUserPolicies', '{"userName":"{id}"}', 'AWS::IAM::User'],
  ['iam', 'GetRole', '{"roleName":"{id}"}', 'AWS::IAM::Role'],
  ['iam', 'ListAttachedRolePolicies', '{"roleName":"{id}"}', 'AWS::IAM::Role'],
  ['iam', 'GetAccountPasswordPolicy', 'null'],
  ['iam', 'GetAccountSummary', 'null'],
  ['organizations', 'DescribeOrganization', 'null'],
  ['route53', 'ListHostedZones', 'null'],
  ['lambda', 'GetFunction20150331v2', '{"functionName":"{arn}"}', 'AWS::Lambda::Function'],
  ['health', 'DescribeEventAggregates', '{"aggregateField":"eventTypeCategory","filter":{}}'],
];

// What intruders make is told in the story.
const notYet: ReadonlySet<string> = new Set(['user/svc-backup', 'instance/miner-1', 'instance/miner-2']);

/** The calls that look around in an account, one for each thing it has. */
export function readingCalls(account: string, region: string): Call[] {
  const own = [...resources.values()].filter((one) => one.account === account && !notYet.has(one.key));
  const rows = region === HOME_REGION ? homeRows : globalRows;
  return rows.flatMap(([service, name, request, type]): Call[] => {
    const base = { service, name, region, isReadOnly: true, response: 'null' };
    if (type === undefined) return [{ ...base, request }];
    return own
      .filter((one) => one.type === type && (one.type.startsWith('AWS::IAM') || one.region === region))
      .map((one) => ({ ...base, request: filled(request, one) }));
  });
}

/** The same calls by somebody who may not make them. */
export function refusedCalls(calls: readonly Call[], arn: string): Call[] {
  return calls.map((call) => {
    const action = `${call.service}:${call.name.replace(/2015\d+(?:v\d)?$/, '')}`;
    const message = `User: ${arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
    return {
      ...call,
      error: { code: call.service === 'ec2' ? 'Client.UnauthorizedOperation' : 'AccessDenied', message },
    };
  });
}

function filled(request: string, { id, arn, account }: Resource): string {
  return request.replaceAll('{id}', id).replaceAll('{arn}', arn).replaceAll('{account}', account);
}
