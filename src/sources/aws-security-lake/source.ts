import { defineLogSource, parquetRows } from '#core/lake/source/log-source.ts';
import { awsColumns } from './attribute-paths.ts';

export const source = defineLogSource({
  id: 'aws.security-lake',
  title: 'Amazon Security Lake: its own Parquet objects, source versions 1 and 2',
  vendor: 'AWS',
  classes: [
    'api_activity',
    'authentication',
    'account_change',
    'network_activity',
    'http_activity',
    'dns_activity',
    'vulnerability_finding',
    'compliance_finding',
    'detection_finding',
  ],
  native: ['CLOUD_TRAIL_MGMT', 'LAMBDA_EXECUTION', 'S3_DATA', 'VPC_FLOW', 'ROUTE53', 'SH_FINDINGS', 'EKS_AUDIT', 'WAF'],
  profiles: ['cloud', 'security_control'],
  recognise: {
    key: /(?:^|\/)aws\/(?:CLOUD_TRAIL_MGMT|LAMBDA_EXECUTION|S3_DATA|VPC_FLOW|ROUTE53|SH_FINDINGS|EKS_AUDIT|WAF)\/[0-9]+\.[0-9]+\/region=[^/]+\/accountId=[^/]+\/eventDay=[0-9]{8}\/[^/]+\.parquet$/,
    content: ({ parquetColumns = [] }) =>
      ['class_uid', 'metadata', 'type_uid'].every((name) => parquetColumns.includes(name)) &&
      !parquetColumns.includes('_object'),
  },
  decode: parquetRows(),
  fields: awsColumns,
});
