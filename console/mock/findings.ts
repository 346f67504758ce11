import type { FindingDetail, FindingSummary } from '../../src/ports/http-api.ts';
import { ACCOUNTS, NOW, SEVERITIES, TEAMS } from './organization.ts';

type Template = {
  readonly kind: FindingSummary['kind'];
  readonly type: string;
  readonly title: string;
  readonly severity: number;
  readonly resource: readonly [type: string, id: string];
};

const TEMPLATES: readonly Template[] = [
  {
    kind: 'guardduty',
    type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    title: 'Credentials of the role deploy were used from 203.0.113.57 outside AWS',
    severity: 4,
    resource: ['AwsIamAccessKey', 'AKIAIOSFODNN7EXAMPLE'],
  },
  {
    kind: 'guardduty',
    type: 'CryptoCurrency:EC2/BitcoinTool.B!DNS',
    title: 'EC2 instance i-0abc12de34f567890 queries a domain name of a Bitcoin pool',
    severity: 3,
    resource: ['AwsEc2Instance', 'i-0abc12de34f567890'],
  },
  {
    kind: 'securityhub',
    type: 'S3.8',
    title: 'S3 general purpose buckets should block public access',
    severity: 3,
    resource: ['AwsS3Bucket', 'arn:aws:s3:::example-product-images'],
  },
  {
    kind: 'securityhub',
    type: 'EC2.19',
    title: 'Security groups should not allow unrestricted access to ports with high risk',
    severity: 4,
    resource: ['AwsEc2SecurityGroup', 'arn:aws:ec2:ap-northeast-1:111122223333:security-group/sg-0a1b2c3d4e5f67890'],
  },
  {
    kind: 'securityhub',
    type: 'CVE-2026-10001',
    title: 'CVE-2026-10001 - openssl, openssl-libs',
    severity: 3,
    resource: ['AwsEcrContainerImage', 'arn:aws:ecr:ap-northeast-1:111122223333:repository/payments-api/sha256:4e5f'],
  },
  {
    kind: 'securityhub',
    type: 'IAM.6',
    title: 'Hardware MFA should be enabled for the root user',
    severity: 2,
    resource: ['AwsAccount', 'AWS::::Account:111122223333'],
  },
  {
    kind: 'health',
    type: 'AWS_RDS_MAINTENANCE_SCHEDULED',
    title: 'RDS maintenance scheduled',
    severity: 2,
    resource: ['Entity', 'arn:aws:rds:ap-northeast-1:111122223333:db:payments-primary'],
  },
  {
    kind: 'guardduty',
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    title: '<script>alert(1)</script> *bold* <!channel> ＜試験＞ instance is being probed',
    severity: 1,
    resource: ['AwsEc2Instance', 'i-0fedcba9876543210'],
  },
  {
    kind: 'account',
    type: 'CreateManagedAccount',
    title: 'Account sandbox-ml was created',
    severity: 0,
    resource: ['AwsAccount', '901234567890'],
  },
];

const REGIONS = ['ap-northeast-1', 'us-east-1', 'ap-northeast-3', 'eu-west-1'] as const;
const MINUTE_MS = 60_000;

/** A small generator of numbers from 0 to 1: the same seed, the same world. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` findings, newest first. */
export function makeFindings(count: number): FindingSummary[] {
  const random = seeded(7);
  return Array.from({ length: count }, (_, index) => makeFinding(index, random));
}

function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

function makeFinding(index: number, random: () => number): FindingSummary {
  const template = index < TEMPLATES.length ? (TEMPLATES[index] ?? pick(TEMPLATES, random)) : pick(TEMPLATES, random);
  const account = index === 0 ? pick(ACCOUNTS.slice(0, 1), random) : pick(ACCOUNTS, random);
  const team = TEAMS.find((each) => each.id === account.team);
  const region = index === 0 ? 'ap-northeast-1' : pick(REGIONS, random);
  const lastSeenAt = NOW - index * 3 * MINUTE_MS - Math.floor(random() * MINUTE_MS);
  const roll = random();
  return {
    key: `${template.kind}:${template.type}:arn:aws:example:${region}:${account.id}:item/${String(index).padStart(5, '0')}`,
    kind: template.kind,
    type: template.type,
    title: template.title,
    severity: SEVERITIES[template.severity] ?? 'LOW',
    status: index < 6 || roll < 0.7 ? 'open' : roll < 0.95 ? 'resolved' : 'suppressed',
    account: account.known
      ? { id: account.id, name: account.name, ou: account.ou, environment: account.environment }
      : { id: account.id, name: null, ou: null, environment: null },
    team: team === undefined ? null : { id: team.id, name: team.name },
    region,
    resource: { type: template.resource[0], id: template.resource[1] },
    resourceCount: index % 11 === 3 ? 1_000 : 1,
    firstSeenAt: lastSeenAt - Math.floor(random() * 5 * 24 * 60) * MINUTE_MS,
    lastSeenAt,
    timesSeen: 1 + Math.floor(random() ** 3 * 1_500),
    sample: index % 17 === 16,
    acknowledgedBy: index % 7 === 5 ? '佐藤 花子' : null,
    assignedTo: index % 9 === 4 ? 'mika.tanaka' : null,
    exceptionId: null,
  };
}

/** What an event says of a finding, in the detail of our own words. */
export function observationOf(summary: FindingSummary): FindingDetail['observation'] {
  const resource = summary.resource ?? { type: 'Other', id: 'none' };
  return {
    kind: summary.kind,
    topic:
      summary.kind === 'guardduty'
        ? 'guardduty-finding'
        : summary.kind === 'health'
          ? 'health-event'
          : 'securityhub-control',
    // The mock's keys are keys by definition.
    key: summary.key as FindingDetail['observation']['key'],
    origin: 'mock',
    accountId: summary.account.id,
    region: summary.region,
    severity: summary.severity,
    severityStated: true,
    state: summary.status === 'open' ? 'active' : summary.status,
    updatedAt: summary.lastSeenAt,
    firstSeenAt: summary.firstSeenAt,
    lastSeenAt: summary.lastSeenAt,
    count: summary.timesSeen,
    type: summary.type,
    product: summary.kind === 'guardduty' ? 'GuardDuty' : 'Security Hub',
    title: summary.title,
    description:
      'Credentials created exclusively for an EC2 instance through an instance launch role are being used from the external IP address 203.0.113.57.\nSecond line with <b>markup</b> that must stay text.',
    advice: {
      text: 'Revoke the sessions of the role, then find out how the credentials left the instance.',
      url: 'https://docs.aws.amazon.com/guardduty/latest/ug/compromised-ec2.html',
    },
    resources: Array.from({ length: Math.min(summary.resourceCount, 100) }, (_, index) => ({
      type: resource.type,
      id: index === 0 ? resource.id : `${resource.id}-${index}`,
      ...(index === 0 ? { name: 'primary', status: 'FAILED' } : {}),
    })),
    resourceCount: summary.resourceCount,
    actor:
      summary.kind === 'guardduty'
        ? {
            ip: '203.0.113.57',
            country: 'Netherlands',
            city: 'Amsterdam',
            network: 'AS64500 Example',
            principal: 'role/deploy',
            action: 'GetCallerIdentity',
          }
        : null,
    sample: summary.sample,
    sourceUrl: 'https://ap-northeast-1.console.aws.amazon.com/guardduty/home',
    facts:
      summary.kind === 'health'
        ? [
            { label: 'service', value: 'RDS' },
            { label: 'startsAt', value: String(NOW + 3 * 24 * 60 * MINUTE_MS) },
          ]
        : [{ label: 'standards', value: 'AWS Foundational Security Best Practices v1.0.0' }],
    marks: {},
  };
}

/** The latest event as AWS would have sent it. */
export function rawEvent(summary: FindingSummary): string {
  return JSON.stringify({
    version: '0',
    id: 'c8c4daa7-a20c-2f03-0070-b7393dd542ad',
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account: summary.account.id,
    time: new Date(summary.lastSeenAt).toISOString(),
    region: summary.region,
    resources: [],
    detail: {
      schemaVersion: '2.0',
      accountId: summary.account.id,
      region: summary.region,
      id: summary.key,
      type: summary.type,
      title: summary.title,
      severity: 8,
      service: { count: summary.timesSeen, eventLastSeen: new Date(summary.lastSeenAt).toISOString() },
    },
  });
}
