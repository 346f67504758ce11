import { MINUTE } from '#core/sample-organization/calendar.ts';
import { controlChecks } from '#core/sample-organization/posture.ts';
import { stableIndex } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import type { LogWorld } from './log-world.ts';

/** The API call after which a control check of Security Hub changed its mind. */
export type ControlCause = {
  readonly at: number;
  readonly control: string;
  readonly resource: Resource;
  readonly service: string;
  readonly name: string;
  /** Request parameters as JSON text. */
  readonly request: string;
  readonly isFix: boolean;
  /** True for the rollout of the story, which CloudFormation carries out. */
  readonly isRollout: boolean;
};

type Row = readonly [
  control: string,
  service: string,
  fix: string,
  fixRequest: string,
  fault: string,
  faultRequest: string,
];

const DB = '"dBInstanceIdentifier":"{id}","applyImmediately":true,';
const ENDS = '"groupId":"{id}","ipPermissions":{"items":[{"ipProtocol":"-1","groups":{"items":[{"groupId":"{id}"}]}}]}';

// biome-ignore format: one control a line reads as a table.
const rows: readonly Row[] = [
  ['Account.1', 'account', 'PutAlternateContact', '"alternateContactType":"SECURITY","emailAddress":"HIDDEN_DUE_TO_SECURITY_REASONS"', 'DeleteAlternateContact', '"alternateContactType":"SECURITY"'],
  ['CloudTrail.5', 'cloudtrail', 'UpdateTrail', '"name":"{name}","cloudWatchLogsLogGroupArn":"arn:aws:logs:{region}:{account}:log-group:example-org-trail:*"', 'UpdateTrail', '"name":"{name}","cloudWatchLogsLogGroupArn":""'],
  ['DynamoDB.2', 'dynamodb', 'UpdateContinuousBackups', '"tableName":"{id}","pointInTimeRecoverySpecification":{"pointInTimeRecoveryEnabled":true}', 'UpdateContinuousBackups', '"tableName":"{id}","pointInTimeRecoverySpecification":{"pointInTimeRecoveryEnabled":false}'],
  ['DynamoDB.6', 'dynamodb', 'UpdateTable', '"tableName":"{id}","deletionProtectionEnabled":true', 'UpdateTable', '"tableName":"{id}","deletionProtectionEnabled":false'],
  ['EC2.2', 'ec2', 'RevokeSecurityGroupIngress', ENDS, 'AuthorizeSecurityGroupIngress', ENDS],
  ['EC2.3', 'ec2', 'AttachVolume', '"volumeId":"{id}","encrypted":true', 'AttachVolume', '"volumeId":"{id}","encrypted":false'],
  ['EC2.6', 'ec2', 'CreateFlowLogs', '"CreateFlowLogsRequest":{"ResourceType":"VPC","ResourceId":{"tag":1,"content":"{id}"},"TrafficType":"ALL"}', 'DeleteFlowLogs', '"DeleteFlowLogsRequest":{"ResourceId":{"tag":1,"content":"{id}"}}'],
  ['EC2.7', 'ec2', 'EnableEbsEncryptionByDefault', '"EnableEbsEncryptionByDefaultRequest":""', 'DisableEbsEncryptionByDefault', '"DisableEbsEncryptionByDefaultRequest":""'],
  ['EC2.8', 'ec2', 'ModifyInstanceMetadataOptions', '"ModifyInstanceMetadataOptionsRequest":{"InstanceId":"{id}","HttpTokens":"required"}', 'ModifyInstanceMetadataOptions', '"ModifyInstanceMetadataOptionsRequest":{"InstanceId":"{id}","HttpTokens":"optional"}'],
  ['EC2.9', 'ec2', 'DisassociateAddress', '"instanceId":"{id}"', 'AssociateAddress', '"instanceId":"{id}"'],
  ['EC2.15', 'ec2', 'ModifySubnetAttribute', '"subnetId":"{id}","mapPublicIpOnLaunch":{"value":false}', 'ModifySubnetAttribute', '"subnetId":"{id}","mapPublicIpOnLaunch":{"value":true}'],
  ['ECR.1', 'ecr', 'PutImageScanningConfiguration', '"repositoryName":"{id}","imageScanningConfiguration":{"scanOnPush":true}', 'PutImageScanningConfiguration', '"repositoryName":"{id}","imageScanningConfiguration":{"scanOnPush":false}'],
  ['ECR.2', 'ecr', 'PutImageTagMutability', '"repositoryName":"{id}","imageTagMutability":"IMMUTABLE"', 'PutImageTagMutability', '"repositoryName":"{id}","imageTagMutability":"MUTABLE"'],
  ['ECR.3', 'ecr', 'PutLifecyclePolicy', '"repositoryName":"{id}"', 'DeleteLifecyclePolicy', '"repositoryName":"{id}"'],
  ['EKS.1', 'eks', 'UpdateClusterConfig', '"name":"{id}","resourcesVpcConfig":{"endpointPublicAccess":false}', 'UpdateClusterConfig', '"name":"{id}","resourcesVpcConfig":{"endpointPublicAccess":true}'],
  ['EKS.2', 'eks', 'UpdateClusterVersion', '"name":"{id}","version":"1.31"', 'UpdateClusterConfig', '"name":"{id}"'],
  ['EKS.8', 'eks', 'UpdateClusterConfig', '"name":"{id}","logging":{"clusterLogging":[{"types":["audit"],"enabled":true}]}', 'UpdateClusterConfig', '"name":"{id}","logging":{"clusterLogging":[{"types":["audit"],"enabled":false}]}'],
  ['ELB.1', 'elasticloadbalancing', 'ModifyListener', '"loadBalancerArn":"{arn}","defaultActions":[{"type":"redirect"}]', 'ModifyListener', '"loadBalancerArn":"{arn}","defaultActions":[{"type":"forward"}]'],
  ['ELB.4', 'elasticloadbalancing', 'ModifyLoadBalancerAttributes', '"loadBalancerArn":"{arn}","attributes":[{"key":"routing.http.drop_invalid_header_fields.enabled","value":"true"}]', 'ModifyLoadBalancerAttributes', '"loadBalancerArn":"{arn}","attributes":[{"key":"routing.http.drop_invalid_header_fields.enabled","value":"false"}]'],
  ['ELB.6', 'elasticloadbalancing', 'ModifyLoadBalancerAttributes', '"loadBalancerArn":"{arn}","attributes":[{"key":"deletion_protection.enabled","value":"true"}]', 'ModifyLoadBalancerAttributes', '"loadBalancerArn":"{arn}","attributes":[{"key":"deletion_protection.enabled","value":"false"}]'],
  ['GuardDuty.1', 'guardduty', 'UpdateDetector', '"enable":true', 'UpdateDetector', '"enable":false'],
  ['IAM.2', 'iam', 'DetachUserPolicy', '"userName":"{name}","policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"', 'AttachUserPolicy', '"userName":"{name}","policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"'],
  ['IAM.3', 'iam', 'CreateAccessKey', '"userName":"{name}"', '', ''],
  ['IAM.6', 'iam', 'EnableMFADevice', '"userName":"root","serialNumber":"arn:aws:iam::{account}:mfa/root"', 'DeactivateMFADevice', '"userName":"root","serialNumber":"arn:aws:iam::{account}:mfa/root"'],
  ['IAM.7', 'iam', 'UpdateAccountPasswordPolicy', '"minimumPasswordLength":16,"requireSymbols":true', 'DeleteAccountPasswordPolicy', ''],
  ['IAM.8', 'iam', 'DeleteLoginProfile', '"userName":"{name}"', '', ''],
  ['IAM.9', 'iam', 'EnableMFADevice', '"userName":"root","serialNumber":"arn:aws:iam::{account}:mfa/root-virtual"', 'DeactivateMFADevice', '"userName":"root","serialNumber":"arn:aws:iam::{account}:mfa/root-virtual"'],
  ['Inspector.1', 'inspector2', 'Enable', '"accountIds":["{account}"],"resourceTypes":["EC2"]', 'Disable', '"accountIds":["{account}"],"resourceTypes":["EC2"]'],
  ['KMS.4', 'kms', 'EnableKeyRotation', '"keyId":"{id}"', 'DisableKeyRotation', '"keyId":"{id}"'],
  ['Lambda.1', 'lambda', 'RemovePermission20150331v2', '"functionName":"{id}","statementId":"public"', 'AddPermission20150331v2', '"functionName":"{id}","statementId":"public","principal":"*","action":"lambda:InvokeFunction"'],
  ['Lambda.2', 'lambda', 'UpdateFunctionConfiguration20150331v2', '"functionName":"{id}","runtime":"nodejs22.x"', 'UpdateFunctionConfiguration20150331v2', '"functionName":"{id}","runtime":"nodejs16.x"'],
  ['RDS.1', 'rds', 'ModifyDBSnapshotAttribute', '"dBSnapshotIdentifier":"{id}","attributeName":"restore","valuesToRemove":["all"]', 'ModifyDBSnapshotAttribute', '"dBSnapshotIdentifier":"{id}","attributeName":"restore","valuesToAdd":["all"]'],
  ['RDS.2', 'rds', 'ModifyDBInstance', `${DB}"publiclyAccessible":false`, 'ModifyDBInstance', `${DB}"publiclyAccessible":true`],
  ['RDS.3', 'rds', 'RestoreDBInstanceFromDBSnapshot', '"dBInstanceIdentifier":"{id}"', 'RestoreDBInstanceFromDBSnapshot', '"dBInstanceIdentifier":"{id}"'],
  ['RDS.5', 'rds', 'ModifyDBInstance', `${DB}"multiAZ":true`, 'ModifyDBInstance', `${DB}"multiAZ":false`],
  ['RDS.6', 'rds', 'ModifyDBInstance', `${DB}"monitoringInterval":60`, 'ModifyDBInstance', `${DB}"monitoringInterval":0`],
  ['RDS.8', 'rds', 'ModifyDBInstance', `${DB}"deletionProtection":true`, 'ModifyDBInstance', `${DB}"deletionProtection":false`],
  ['RDS.13', 'rds', 'ModifyDBInstance', `${DB}"autoMinorVersionUpgrade":true`, 'ModifyDBInstance', `${DB}"autoMinorVersionUpgrade":false`],
  ['S3.1', 's3', 'PutAccountPublicAccessBlock', '"accountId":"{account}","PublicAccessBlockConfiguration":{"BlockPublicPolicy":true}', 'DeleteAccountPublicAccessBlock', '"accountId":"{account}"'],
  ['S3.2', 's3', 'DeleteBucketPolicy', '"bucketName":"{id}"', 'PutBucketPolicy', '"bucketName":"{id}"'],
  ['S3.5', 's3', 'PutBucketPolicy', '"bucketName":"{id}","bucketPolicy":{"Statement":[{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}', 'DeleteBucketPolicy', '"bucketName":"{id}"'],
  ['S3.8', 's3', 'PutBucketPublicAccessBlock', '"bucketName":"{id}","PublicAccessBlockConfiguration":{"BlockPublicPolicy":true}', 'DeleteBucketPublicAccessBlock', '"bucketName":"{id}"'],
  ['S3.9', 's3', 'PutBucketLogging', '"bucketName":"{id}","BucketLoggingStatus":{"LoggingEnabled":{"TargetPrefix":"s3-access-logs/"}}', 'PutBucketLogging', '"bucketName":"{id}","BucketLoggingStatus":""'],
  ['S3.13', 's3', 'PutBucketLifecycle', '"bucketName":"{id}","LifecycleConfiguration":{"Rule":{"Status":"Enabled"}}', 'DeleteBucketLifecycle', '"bucketName":"{id}"'],
  ['SecretsManager.1', 'secretsmanager', 'RotateSecret', '"secretId":"{arn}"', 'CancelRotateSecret', '"secretId":"{arn}"'],
  ['SNS.4', 'sns', 'SetTopicAttributes', '"topicArn":"{arn}","attributeName":"Policy"', 'SetTopicAttributes', '"topicArn":"{arn}","attributeName":"Policy"'],
  ['SQS.3', 'sqs', 'SetQueueAttributes', '"queueUrl":"https://sqs.{region}.amazonaws.com/{account}/{id}","attributes":{"Policy":""}', 'SetQueueAttributes', '"queueUrl":"https://sqs.{region}.amazonaws.com/{account}/{id}","attributes":{"Policy":"*"}'],
];

const byControl: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row[0], row]));

/** Every change of a check that an API call explains; those of the story's own beats are told there. */
export function controlCauses(world: LogWorld): ControlCause[] {
  const rollout = world.story.beat('posture/ebs-encryption-rollout');
  const causes = controlChecks(world).flatMap(({ control, resource, states }) =>
    states.flatMap((state): ControlCause[] => {
      const isRollout = state.beat === rollout.id;
      const isFix = state.cause === 'fixed';
      if ((!isFix && state.cause !== 'regressed') || (state.beat !== null && !isRollout)) return [];
      const row = byControl.get(control);
      if (row === undefined || (!isFix && row[4] === '')) return [];
      const [, service, fix, fixRequest, fault, faultRequest] = row;
      const lag = (4 + stableIndex(`cause|${control}|${resource.key}`, 30)) * MINUTE;
      return [
        {
          at: isRollout ? rollout.at + (stableIndex(`rollout|${resource.key}`, 80) + 5) * MINUTE : state.at - lag,
          control,
          resource,
          service,
          name: isFix ? fix : fault,
          request: `{${filled(isFix ? fixRequest : faultRequest, resource)}}`,
          isFix,
          isRollout,
        },
      ];
    }),
  );
  return causes.filter(({ at }) => at >= world.start && at < world.end);
}

function filled(request: string, { id, name, arn, account, region }: Resource): string {
  return request
    .replaceAll('{id}', id)
    .replaceAll('{name}', name)
    .replaceAll('{arn}', arn)
    .replaceAll('{account}', account)
    .replaceAll('{region}', region);
}
