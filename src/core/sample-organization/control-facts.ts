import type { Label } from './asff.ts';

/** A Security Hub control: AWS's id, severity, schedule, Config rule and standards; the words are ours. */
export type ControlFact = {
  readonly id: string;
  readonly severity: Label;
  readonly configRule: string;
  /** Part of the AWS Foundational Security Best Practices standard. */
  readonly fsbp: boolean;
  /** Number of the rule in the CIS AWS Foundations Benchmark 1.2.0, where it is one. */
  readonly cis: string | null;
  readonly title: string;
  readonly description: string;
};

const C = 'CRITICAL';
const H = 'HIGH';
const M = 'MEDIUM';
const L = 'LOW';

type Row = readonly [
  id: string,
  severity: Label,
  configRule: string,
  cis: string | null,
  title: string,
  description: string,
];

// biome-ignore format: one control a line reads as a table.
const fsbpRows: readonly Row[] = [
  ['Account.1', M, 'security-account-information-provided', null, 'The account names a security contact', 'Looks for a security contact of the account.'],
  ['CloudTrail.5', M, 'cloud-trail-cloud-watch-logs-enabled', '2.4', 'CloudTrail also writes to CloudWatch Logs', 'Looks whether the trail sends its events to a log group.'],
  ['DynamoDB.2', M, 'dynamodb-pitr-enabled', null, 'DynamoDB tables can be restored to a point in time', 'Looks whether point-in-time recovery is on.'],
  ['DynamoDB.6', M, 'dynamodb-table-deletion-protection-enabled', null, 'DynamoDB tables are protected from deletion', 'Looks whether deletion protection is on.'],
  ['EC2.1', C, 'ebs-snapshot-public-restorable-check', null, 'EBS snapshots are not public', 'Looks for EBS snapshots that any AWS account can restore.'],
  ['EC2.2', H, 'vpc-default-security-group-closed', '4.3', 'Default security groups allow no traffic', 'Looks for rules in the default security group of the VPC.'],
  ['EC2.3', M, 'encrypted-volumes', null, 'Attached EBS volumes are encrypted', 'Looks whether attached volumes are encrypted.'],
  ['EC2.6', M, 'vpc-flow-logs-enabled', '2.9', 'VPC flow logs are on', 'Looks for flow logs of the VPC.'],
  ['EC2.7', M, 'ec2-ebs-encryption-by-default', null, 'New EBS volumes are encrypted by default', 'Looks whether default encryption of EBS volumes is on in this Region.'],
  ['EC2.8', H, 'ec2-imdsv2-check', null, 'EC2 instances demand IMDSv2', 'Looks whether the instance metadata service accepts requests without a token.'],
  ['EC2.9', H, 'ec2-instance-no-public-ip', null, 'EC2 instances have no public address', 'Looks for a public IPv4 address of the instance.'],
  ['EC2.15', M, 'subnet-auto-assign-public-ip-disabled', null, 'Subnets hand out no public addresses', 'Looks whether the subnet gives new instances a public address.'],
  ['EC2.18', H, 'vpc-sg-open-only-to-authorized-ports', null, 'Only allowed ports are open to the internet', 'Looks for ports other than 80 and 443 that anybody can reach.'],
  ['EC2.19', C, 'restricted-common-ports', null, 'High-risk ports are not open to the internet', 'Looks for ports such as 22, 3389 or 8080 that anybody can reach.'],
  ['ECR.1', H, 'ecr-private-image-scanning-enabled', null, 'Container images are scanned', 'Looks whether images are scanned when they are pushed.'],
  ['ECR.2', M, 'ecr-private-tag-immutability-enabled', null, 'Image tags cannot be moved', 'Looks whether tags of the repository are immutable.'],
  ['ECR.3', M, 'ecr-private-lifecycle-policy-configured', null, 'Old container images are removed', 'Looks for a lifecycle policy of the repository.'],
  ['EKS.1', H, 'eks-endpoint-no-public-access', null, 'The Kubernetes API is not public', 'Looks whether the endpoint of the cluster can be reached from the internet.'],
  ['EKS.2', H, 'eks-cluster-supported-version', null, 'EKS clusters run a supported version', 'Looks whether the Kubernetes version is still supported.'],
  ['EKS.8', M, 'eks-cluster-log-enabled', null, 'EKS clusters write audit logs', 'Looks whether audit logging of the cluster is on.'],
  ['ELB.1', M, 'alb-http-to-https-redirection-check', null, 'Load balancers redirect HTTP to HTTPS', 'Looks for HTTP listeners that do not redirect.'],
  ['ELB.4', M, 'alb-http-drop-invalid-header-enabled', null, 'Load balancers drop invalid headers', 'Looks whether requests with invalid headers are dropped.'],
  ['ELB.6', M, 'elb-deletion-protection-enabled', null, 'Load balancers are protected from deletion', 'Looks whether deletion protection is on.'],
  ['GuardDuty.1', H, 'guardduty-enabled-centralized', null, 'GuardDuty is on', 'Looks for an enabled detector in this account and Region.'],
  ['IAM.2', L, 'iam-user-no-policies-check', '1.16', 'IAM users have no policies of their own', 'Looks for policies attached to the user instead of a group.'],
  ['IAM.3', M, 'access-keys-rotated', '1.4', 'Access keys are not older than 90 days', 'Looks at the age of the active access keys of the user.'],
  ['IAM.5', M, 'mfa-enabled-for-iam-console-access', '1.2', 'Console users have MFA', 'Looks for users with a password and without MFA.'],
  ['IAM.6', C, 'root-account-hardware-mfa-enabled', '1.14', 'The root user has hardware MFA', 'Looks for a hardware MFA device of the root user.'],
  ['IAM.7', M, 'iam-password-policy', null, 'The password policy is strong', 'Looks at the password policy of the account.'],
  ['IAM.8', M, 'iam-user-unused-credentials-check', '1.3', 'Unused IAM credentials are removed', 'Looks for passwords and keys not used for 90 days.'],
  ['Inspector.1', H, 'inspector-ec2-scan-enabled', null, 'Inspector scans EC2 instances', 'Looks whether Inspector EC2 scanning is on.'],
  ['Lambda.1', C, 'lambda-function-public-access-prohibited', null, 'Lambda functions are not public', 'Looks for function policies that let anybody call the function.'],
  ['Lambda.2', M, 'lambda-function-settings-check', null, 'Lambda functions use supported runtimes', 'Looks at the runtime of the function.'],
  ['RDS.1', C, 'rds-snapshots-public-prohibited', null, 'RDS snapshots are private', 'Looks for database snapshots that any AWS account can restore.'],
  ['RDS.2', C, 'rds-instance-public-access-check', null, 'Databases are not public', 'Looks whether the database can be reached from the internet.'],
  ['RDS.3', M, 'rds-storage-encrypted', null, 'Databases are encrypted at rest', 'Looks whether the storage of the database is encrypted.'],
  ['RDS.5', M, 'rds-multi-az-support', null, 'Databases run in several Availability Zones', 'Looks for a standby in another Availability Zone.'],
  ['RDS.6', L, 'rds-enhanced-monitoring-enabled', null, 'Databases have enhanced monitoring', 'Looks whether enhanced monitoring is on.'],
  ['RDS.8', L, 'rds-instance-deletion-protection-enabled', null, 'Databases are protected from deletion', 'Looks whether deletion protection is on.'],
  ['RDS.13', H, 'rds-automatic-minor-version-upgrade-enabled', null, 'Databases take minor upgrades', 'Looks whether minor versions are installed automatically.'],
  ['S3.1', M, 's3-account-level-public-access-blocks-periodic', null, 'The account blocks public buckets', 'Looks at Block Public Access of the account.'],
  ['S3.2', C, 's3-bucket-public-read-prohibited', null, 'Buckets cannot be read by everybody', 'Looks at policy, ACL and Block Public Access of the bucket.'],
  ['S3.5', M, 's3-bucket-ssl-requests-only', null, 'Buckets demand TLS', 'Looks for a policy that refuses requests without TLS.'],
  ['S3.8', H, 's3-bucket-level-public-access-prohibited', null, 'Buckets block public access', 'Looks at Block Public Access of the bucket.'],
  ['S3.9', M, 's3-bucket-logging-enabled', null, 'Buckets log their requests', 'Looks whether server access logging is on.'],
  ['S3.13', L, 's3-lifecycle-policy-check', null, 'Buckets have lifecycle rules', 'Looks for lifecycle rules of the bucket.'],
  ['SecretsManager.1', M, 'secretsmanager-rotation-enabled-check', null, 'Secrets rotate automatically', 'Looks whether rotation of the secret is on.'],
  ['SNS.4', C, 'sns-topic-no-public-access', null, 'SNS topics are not public', 'Looks for topic policies that let anybody publish or subscribe.'],
  ['SQS.3', C, 'sqs-queue-no-public-access', null, 'SQS queues are not public', 'Looks for queue policies that let anybody in.'],
];

// These belong to CIS 1.2.0 and not to FSBP.
// biome-ignore format: one control a line reads as a table.
const cisOnlyRows: readonly Row[] = [
  ['EC2.13', H, 'restricted-ssh', '4.1', 'SSH is not open to the internet', 'Looks for port 22 that anybody can reach.'],
  ['EC2.14', H, 'restricted-common-ports', '4.2', 'RDP is not open to the internet', 'Looks for port 3389 that anybody can reach.'],
  ['IAM.9', C, 'root-account-mfa-enabled', '1.13', 'The root user has MFA', 'Looks for an MFA device of the root user.'],
  ['KMS.4', M, 'cmk-backing-key-rotation-enabled', '2.8', 'KMS keys rotate', 'Looks whether yearly rotation of the key is on.'],
];

/** The controls that the sample organization is checked against. */
export const controlFacts: ReadonlyMap<string, ControlFact> = new Map(
  [...fsbpRows.map((row) => fact(row, true)), ...cisOnlyRows.map((row) => fact(row, false))].map((entry) => [
    entry.id,
    entry,
  ]),
);

/** A control by its id, such as `EC2.19`. */
export function controlFact(id: string): ControlFact {
  const found = controlFacts.get(id);
  if (found === undefined) throw new RangeError(`no control ${id} in the sample organization`);
  return found;
}

function fact([id, severity, configRule, cis, title, description]: Row, fsbp: boolean): ControlFact {
  return { id, severity, configRule, fsbp, cis, title, description };
}
