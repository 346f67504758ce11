import type { Language } from '#core/notification/destination.ts';

/** Kinds of resources as people call them: the type without `AWS` and colons, in small letters. */
// biome-ignore format: one type a line reads as a table.
const TYPES: Readonly<Record<string, readonly [en: string, ja: string]>> = {
  account: ['AWS account', 'AWS アカウント'],
  apigatewayrestapi: ['API Gateway REST API', 'API Gateway REST API'],
  apigatewaystage: ['API Gateway stage', 'API Gateway ステージ'],
  autoscalingautoscalinggroup: ['Auto Scaling group', 'Auto Scaling グループ'],
  certificatemanagercertificate: ['ACM certificate', 'ACM 証明書'],
  cloudformationstack: ['CloudFormation stack', 'CloudFormation スタック'],
  cloudfrontdistribution: ['CloudFront distribution', 'CloudFront ディストリビューション'],
  cloudtrailtrail: ['CloudTrail trail', 'CloudTrail 証跡'],
  codebuildproject: ['CodeBuild project', 'CodeBuild プロジェクト'],
  container: ['Container', 'コンテナ'],
  dmsreplicationinstance: ['DMS replication instance', 'DMS レプリケーションインスタンス'],
  dynamodbtable: ['DynamoDB table', 'DynamoDB テーブル'],
  ec2instance: ['EC2 instance', 'EC2 インスタンス'],
  ec2launchtemplate: ['EC2 launch template', 'EC2 起動テンプレート'],
  ec2networkinterface: ['Network interface', 'ネットワークインターフェイス'],
  ec2securitygroup: ['Security group', 'セキュリティグループ'],
  ec2snapshot: ['EBS snapshot', 'EBS スナップショット'],
  ec2subnet: ['Subnet', 'サブネット'],
  ec2volume: ['EBS volume', 'EBS ボリューム'],
  ec2vpc: ['VPC', 'VPC'],
  ecrcontainerimage: ['Container image', 'コンテナイメージ'],
  ecrrepository: ['ECR repository', 'ECR リポジトリ'],
  ecscluster: ['ECS cluster', 'ECS クラスター'],
  ecsservice: ['ECS service', 'ECS サービス'],
  ecstaskdefinition: ['ECS task definition', 'ECS タスク定義'],
  efsfilesystem: ['EFS file system', 'EFS ファイルシステム'],
  ekscluster: ['EKS cluster', 'EKS クラスター'],
  elasticloadbalancingv2loadbalancer: ['Load balancer', 'ロードバランサー'],
  elbv2loadbalancer: ['Load balancer', 'ロードバランサー'],
  elbloadbalancer: ['Load balancer', 'ロードバランサー'],
  entity: ['', ''],
  iamaccesskey: ['Access key', 'アクセスキー'],
  iamgroup: ['IAM group', 'IAM グループ'],
  iampolicy: ['IAM policy', 'IAM ポリシー'],
  iamrole: ['IAM role', 'IAM ロール'],
  iamuser: ['IAM user', 'IAM ユーザー'],
  kmskey: ['KMS key', 'KMS キー'],
  lambdafunction: ['Lambda function', 'Lambda 関数'],
  logsloggroup: ['Log group', 'ロググループ'],
  opensearchservicedomain: ['OpenSearch domain', 'OpenSearch ドメイン'],
  other: ['', ''],
  rdsdbcluster: ['RDS database cluster', 'RDS データベースクラスター'],
  rdsdbclustersnapshot: ['RDS cluster snapshot', 'RDS クラスタースナップショット'],
  rdsdbinstance: ['RDS database', 'RDS データベース'],
  rdsdbsnapshot: ['RDS snapshot', 'RDS スナップショット'],
  redshiftcluster: ['Redshift cluster', 'Redshift クラスター'],
  resource: ['', ''],
  s3accountpublicaccessblock: ['S3 settings of the account', 'アカウントの S3 設定'],
  s3bucket: ['S3 bucket', 'S3 バケット'],
  s3object: ['S3 object', 'S3 オブジェクト'],
  sagemakernotebookinstance: ['SageMaker notebook', 'SageMaker ノートブック'],
  secretsmanagersecret: ['Secret', 'シークレット'],
  snstopic: ['SNS topic', 'SNS トピック'],
  sqsqueue: ['SQS queue', 'SQS キュー'],
  ssmdocument: ['Systems Manager document', 'Systems Manager ドキュメント'],
  wafv2webacl: ['WAF web ACL', 'WAF ウェブ ACL'],
};

/** A resource type in a reader's words, `EC2 instance` for both `AWS::EC2::Instance` and `AwsEc2Instance`; null for one that is not known. */
export function resourceWords(type: string, language: Language): string | null {
  const name = type.slice(0, 100).replaceAll(':', '').toLowerCase().replace(/^aws/, '');
  const row = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  return row === undefined ? null : language === 'ja' ? row[1] : row[0];
}
