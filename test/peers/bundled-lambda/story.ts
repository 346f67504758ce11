import { awsEvent, type EventRecipe } from '../../stand-ins/events/aws-events.ts';
import { EXTERNAL_ID, MANAGEMENT_ROLE } from './organization.ts';

/** Webhook name -> the channel behind it. */
export const WEBHOOKS = { 'data-soc': '#data-soc' } as const;

export const CHANNELS: readonly string[] = [
  '#payments-guardduty',
  '#payments-securityhub',
  '#payments-health',
  '#web',
  '#sec-guardduty',
  '#sec-securityhub',
  '#soc-health',
];

/** Both homes read this very text. */
export const CONFIG = `
organization:
  name: Example
  aws: { roleArn: "${MANAGEMENT_ROLE}", externalId: "${EXTERNAL_ID}" }
  ous:
    Workloads/NonProd: { team: web, environment: non-prod }
  accessPortal: { url: "https://example.awsapps.com/start", roleName: SecurityRead }
teams:
  payments:
    name: 決済チーム
    language: ja
    slack: { guardduty: "#payments-guardduty", securityhub: "#payments-securityhub", health: "#payments-health" }
  web:
    name: Web
    slack: { guardduty: "#web", securityhub: "#web", health: "#web" }
  data:
    name: Data
    slack: { guardduty: { webhook: data-soc }, securityhub: { webhook: data-soc }, health: { webhook: data-soc } }
central:
  language: en
  slack: { guardduty: "#sec-guardduty", securityhub: "#sec-securityhub", health: "#soc-health" }
  minimumSeverity: { guardduty: CRITICAL, securityhub: CRITICAL, health: HIGH }
server:
  publicUrl: https://yagura.example.com
`;

/** An event of AWS, moved into an account of the organization. */
export function eventIn(account: string, recipe: EventRecipe): unknown {
  return JSON.parse(JSON.stringify(awsEvent(recipe)).replaceAll('111122223333', account));
}

/** One event of every kind, and what happens to some of them later. */
export function story(idOf: (name: string) => string): Readonly<Record<'first' | 'later' | 'end', readonly unknown[]>> {
  const [payments, web, dev, data, sandbox] = [
    'payments-prod',
    'web-prod',
    'web-dev',
    'data-prod',
    'sandbox-tanaka',
  ].map(idOf);
  const guardduty = (of: EventRecipe) => eventIn(payments ?? '', of);
  const control = (of: EventRecipe) => eventIn(payments ?? '', of);
  return {
    first: [
      guardduty('guardduty'),
      eventIn(sandbox ?? '', {
        of: 'guardduty',
        set: { 'detail.id': '26afba5c5c43e07c9e3e5e2e544e95df', 'detail.severity': 9.3 },
      }),
      control('control'),
      eventIn(web ?? '', 'control-cis'),
      eventIn(dev ?? '', 'control-v2'),
      eventIn(data ?? '', 'inspector'),
      eventIn(web ?? '', { of: 'inspector', set: OTHER_PRODUCT }),
      guardduty({
        of: 'guardduty-v2',
        set: {
          'finding.finding_info.uid': `arn:aws:guardduty:ap-northeast-1:111122223333:detector/5ab0f1a2b3c4d5e6f708192a3b4c5d6e/finding/36afba5c5c43e07c9e3e5e2e544e95df`,
        },
      }),
      eventIn(payments ?? '', 'health'),
      publicHealth(),
      awsEvent('account-created'),
      awsEvent('account-managed'),
      awsEvent('ec2-state'),
    ],
    later: [
      guardduty({ of: 'guardduty', minutes: 20, set: { 'detail.service.count': 41, 'detail.severity': 8 } }),
      control({ of: 'control', minutes: 5 }),
      eventIn(payments ?? '', {
        of: 'health',
        minutes: 30,
        set: { 'detail.communicationId': 'ffb0993207d81a09dcd552ebd1e633e36cf1f09a-1' },
      }),
    ],
    end: [
      control({ of: 'control', minutes: 60, set: { 'finding.Compliance.Status': 'PASSED' } }),
      eventIn(data ?? '', { of: 'inspector', minutes: 60, set: { 'finding.RecordState': 'ARCHIVED' } }),
      eventIn(payments ?? '', {
        of: 'health',
        minutes: 90,
        set: { 'detail.statusCode': 'closed', 'detail.communicationId': 'eeb0993207d81a09dcd552ebd1e633e36cf1f09a-1' },
      }),
    ],
  };
}

const OTHER_PRODUCT = {
  'finding.Id': 'arn:aws:access-analyzer:ap-northeast-1:111122223333:analyzer/organization/0a1b2c3d',
  'finding.ProductArn': 'arn:aws:securityhub:ap-northeast-1::product/aws/access-analyzer',
  'finding.ProductName': 'IAM Access Analyzer',
  'finding.GeneratorId': 'aws/access-analyzer',
  'finding.Types': ['Software and Configuration Checks/AWS Security Best Practices/External Access Granted'],
  'finding.Title': 'AwsS3Bucket/arn:aws:s3:::example-exports/ allows external access',
};

function publicHealth(): unknown {
  return awsEvent({
    of: 'health',
    set: {
      'detail.eventArn':
        'arn:aws:health:us-east-1::event/IAM/AWS_IAM_OPERATIONAL_ISSUE/AWS_IAM_OPERATIONAL_ISSUE_EXAMPLE',
      'detail.service': 'IAM',
      'detail.eventTypeCode': 'AWS_IAM_OPERATIONAL_ISSUE',
      'detail.eventScopeCode': 'PUBLIC',
      'detail.communicationId': 'ddb0993207d81a09dcd552ebd1e633e36cf1f09a-1',
      'detail.affectedEntities': [],
    },
    without: ['detail.affectedAccount'],
  });
}
