import { accountIdOf, HOME_REGION } from './cast-accounts.ts';

/** An AWS resource of the company. */
export type Resource = {
  /** Our own name for it in the story, e.g. `bucket/example-data-exports`. */
  readonly key: string;
  /** CloudFormation type, e.g. `AWS::S3::Bucket`. */
  readonly type: string;
  /** Security Hub's name of the type, e.g. `AwsS3Bucket`. */
  readonly asffType: string;
  readonly account: string;
  readonly region: string;
  /** AWS's own id, e.g. `i-0…`, or the name where AWS has no other. */
  readonly id: string;
  /** What Security Hub puts into `Resources[0].Id`. */
  readonly arn: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
};

export type ResourceKind = {
  readonly prefix: string;
  readonly type: string;
  readonly asffType: string;
  /** ARN with `{r}` for the Region, `{a}` for the account and `{i}` for the id. */
  readonly arn: string;
};

export const kinds = {
  account: kind('account', 'AWS::::Account', 'AwsAccount', 'AWS::::Account:{a}'),
  alb: kind(
    'alb',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AwsElbv2LoadBalancer',
    'arn:aws:elasticloadbalancing:{r}:{a}:loadbalancer/app/{i}',
  ),
  bucket: kind('bucket', 'AWS::S3::Bucket', 'AwsS3Bucket', 'arn:aws:s3:::{i}'),
  database: kind('rds', 'AWS::RDS::DBInstance', 'AwsRdsDbInstance', 'arn:aws:rds:{r}:{a}:db:{i}'),
  detector: kind(
    'detector',
    'AWS::GuardDuty::Detector',
    'AwsGuardDutyDetector',
    'arn:aws:guardduty:{r}:{a}:detector/{i}',
  ),
  ebsSnapshot: kind('snapshot', 'AWS::EC2::Snapshot', 'AwsEc2Snapshot', 'arn:aws:ec2:{r}:{a}:snapshot/{i}'),
  ebsVolume: kind('volume', 'AWS::EC2::Volume', 'AwsEc2Volume', 'arn:aws:ec2:{r}:{a}:volume/{i}'),
  eksCluster: kind('eks', 'AWS::EKS::Cluster', 'AwsEksCluster', 'arn:aws:eks:{r}:{a}:cluster/{i}'),
  function: kind('lambda', 'AWS::Lambda::Function', 'AwsLambdaFunction', 'arn:aws:lambda:{r}:{a}:function:{i}'),
  instance: kind('instance', 'AWS::EC2::Instance', 'AwsEc2Instance', 'arn:aws:ec2:{r}:{a}:instance/{i}'),
  kmsKey: kind('kms', 'AWS::KMS::Key', 'AwsKmsKey', 'arn:aws:kms:{r}:{a}:key/{i}'),
  queue: kind('sqs', 'AWS::SQS::Queue', 'AwsSqsQueue', 'arn:aws:sqs:{r}:{a}:{i}'),
  rdsSnapshot: kind('rds-snapshot', 'AWS::RDS::DBSnapshot', 'AwsRdsDbSnapshot', 'arn:aws:rds:{r}:{a}:snapshot:{i}'),
  repository: kind('ecr', 'AWS::ECR::Repository', 'AwsEcrRepository', 'arn:aws:ecr:{r}:{a}:repository/{i}'),
  role: kind('role', 'AWS::IAM::Role', 'AwsIamRole', 'arn:aws:iam::{a}:role/{i}'),
  secret: kind(
    'secret',
    'AWS::SecretsManager::Secret',
    'AwsSecretsManagerSecret',
    'arn:aws:secretsmanager:{r}:{a}:secret:{i}',
  ),
  securityGroup: kind('sg', 'AWS::EC2::SecurityGroup', 'AwsEc2SecurityGroup', 'arn:aws:ec2:{r}:{a}:security-group/{i}'),
  subnet: kind('subnet', 'AWS::EC2::Subnet', 'AwsEc2Subnet', 'arn:aws:ec2:{r}:{a}:subnet/{i}'),
  table: kind('dynamodb', 'AWS::DynamoDB::Table', 'AwsDynamoDbTable', 'arn:aws:dynamodb:{r}:{a}:table/{i}'),
  topic: kind('sns', 'AWS::SNS::Topic', 'AwsSnsTopic', 'arn:aws:sns:{r}:{a}:{i}'),
  trail: kind('trail', 'AWS::CloudTrail::Trail', 'AwsCloudTrailTrail', 'arn:aws:cloudtrail:{r}:{a}:trail/{i}'),
  user: kind('user', 'AWS::IAM::User', 'AwsIamUser', 'arn:aws:iam::{a}:user/{i}'),
  vpc: kind('vpc', 'AWS::EC2::VPC', 'AwsEc2Vpc', 'arn:aws:ec2:{r}:{a}:vpc/{i}'),
} as const satisfies Record<string, ResourceKind>;

type ResourceOptions = {
  readonly id?: string;
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
};

/** Builds a resource of a kind in a named account. */
export function resource(of: ResourceKind, accountName: string, name: string, options: ResourceOptions = {}): Resource {
  const account = accountIdOf(accountName);
  const region = options.region ?? HOME_REGION;
  const id = options.id ?? name;
  return {
    key: `${of.prefix}/${name}`,
    type: of.type,
    asffType: of.asffType,
    account,
    region,
    id,
    arn: of.arn.replace('{r}', region).replace('{a}', account).replace('{i}', id),
    name,
    tags: options.tags ?? {},
  };
}

function kind(prefix: string, type: string, asffType: string, arn: string): ResourceKind {
  return { prefix, type, asffType, arn };
}
