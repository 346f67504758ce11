import { describe, expect, it } from 'vitest';
import { controls, controlWords } from './control-words.ts';
import { en } from './en.ts';
import { findingWords } from './finding-words.ts';
import { guardDutyAdvice } from './guardduty-advice.ts';
import { guardDutyTypes } from './guardduty-types.ts';
import { guardDutyWords } from './guardduty-words.ts';
import { healthWords } from './health-words.ts';
import { ja } from './ja.ts';
import { lifecycleWords } from './lifecycle-words.ts';
import { resourceWords } from './resource-words.ts';
import { texts } from './texts.ts';

type Text = { readonly path: string; readonly text: string };

/** Every text of a catalog; functions are called with the names of their places. */
function textsOf(catalog: unknown, path = ''): Text[] {
  if (typeof catalog === 'string') return [{ path, text: catalog }];
  if (typeof catalog === 'function') {
    const places = Array.from({ length: catalog.length }, (_, index) => `⟦${index}⟧`);
    const values = new Proxy({}, { get: (_, name) => `⟦${String(name)}⟧` });
    const isAnswer = path.startsWith('.answers.');
    return [{ path, text: String(isAnswer ? catalog(values) : catalog(...places)) }];
  }
  return Object.entries(catalog as Record<string, unknown>).flatMap(([key, value]) => textsOf(value, `${path}.${key}`));
}

const english = textsOf(en);
const japanese = textsOf(ja);

/** What is written with Latin letters in Japanese too: names of products and protocols, codes, units. */
const NAMES = new RegExp(
  [
    ...[
      'AWS',
      'Amazon',
      'Yagura',
      'Slack',
      'GuardDuty',
      'Security Hub',
      'Health',
      'Config',
      'Inspector',
      'Macie',
      'IAM Access Analyzer',
    ],
    ...[
      'CloudTrail',
      'CloudWatch Logs',
      'CloudFront',
      'CloudFormation',
      'Control Tower',
      'Firewall Manager',
      'Patch Manager',
      'Session Manager',
    ],
    ...[
      'Fleet Manager',
      'Secrets Manager',
      'Parameter Store',
      'Systems Manager',
      'Auto Scaling',
      'API Gateway',
      'CodeBuild',
      'DynamoDB',
    ],
    ...[
      'DocumentDB',
      'Elasticsearch',
      'OpenSearch',
      'Redshift',
      'SageMaker',
      'Lambda',
      'Bedrock',
      'Kubernetes',
      'Kubeflow',
      'Docker',
      'Pod',
    ],
    ...[
      'Kali Linux',
      'Parrot Security Linux',
      'Pentoo Linux',
      'Linux',
      'WinRM',
      'Tor',
      'OAuth',
      'Connections',
      'kube-system',
      'root',
    ],
    ...[
      'system:anonymous',
      'system:unauthenticated',
      'aws:SecureTransport',
      'false',
      'DNS over HTTPS',
      'DNS over TLS',
      'REST',
      'IPv[46]',
    ],
    ...['UTC', 'webhook', 'DoS', 'IMDSv[12]', '[A-Z][A-Z0-9&]{1,8}s?'],
  ]
    .map((name) => `(?<![A-Za-z])${name}(?![A-Za-z])`)
    .join('|'),
  'g',
);

function latinIn(text: string): string {
  return text
    .replaceAll(/⟦\w+⟧/g, '')
    .replaceAll(/\{\w+\}/g, '')
    .replaceAll(NAMES, '')
    .replaceAll(/[^A-Za-z ]/g, '')
    .trim();
}

describe('the texts of messages', () => {
  it('are the same ones in both languages', () => {
    expect(japanese.map(({ path }) => path).sort()).toEqual(english.map(({ path }) => path).sort());
  });

  it('are never empty', () => {
    const mayBeEmpty = ['.resolved.gap', '.duration.join'];

    const empty = [...english, ...japanese].filter(({ path, text }) => text === '' && !mayBeEmpty.includes(path));

    expect(empty).toEqual([]);
  });

  it('have the same places in both languages', () => {
    const places = (all: readonly Text[]) =>
      Object.fromEntries(all.map(({ path, text }) => [path, [...new Set(text.match(/⟦\w+⟧/g))].sort()]));

    expect(places(japanese)).toEqual(places(english));
  });

  it('hold no English in Japanese', () => {
    const left = japanese.filter(({ text }) => latinIn(text) !== '');

    expect(left).toEqual([]);
  });

  it('hold no Japanese in English', () => {
    const left = english.filter(({ text }) => /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]/.test(text));

    expect(left).toEqual([]);
  });

  it('are chosen by language', () => {
    expect(texts('ja').severities.HIGH).toBe('高');
    expect(texts('en').severities.HIGH).toBe('HIGH');
  });
});

describe('the words for findings', () => {
  const advice = Object.values(guardDutyAdvice);
  const categories = ['issue', 'investigation', 'scheduledChange', 'accountNotification', ''];
  const lifecycle = ['created', 'moved', 'closed', 'left', 'created-failed'];
  const inJapanese = [
    ...Object.values(guardDutyTypes).map(([, what]) => what),
    ...advice.map((words) => words.ja),
    ...Object.values(controls).flatMap(([, what, , todo]) => [what, todo]),
    ...categories.map((category) => healthWords('AWS_X', category, 'ja').advice),
    ...lifecycle.flatMap((event) => Object.values(lifecycleWords(event, 'ja') ?? {})),
  ];

  it('hold no English in Japanese', () => {
    expect(inJapanese.filter((text) => latinIn(text) !== '')).toEqual([]);
  });

  it('tell people in Japanese politely what to do', () => {
    expect(advice.filter(({ ja: text }) => !/(?:てください|ないでください)。$/.test(text))).toEqual([]);
  });

  it('tell people in Japanese politely how to repair a control', () => {
    expect(Object.values(controls).filter(([, , , todo]) => !/ください。$/.test(todo))).toEqual([]);
  });

  it('say of every control what is wrong and what to do', () => {
    const broken = Object.entries(controls).filter(
      ([id, [what, , todo]]) =>
        !/^[A-Z]\w*\.\d+$/i.test(id) || !/^[A-Z].{5,80}[^.]$/.test(what) || !/^[A-Z].*\.$/.test(todo),
    );

    expect(broken).toEqual([]);
    expect(controlWords('S3.2', 'en')?.what).toBe('An S3 bucket can be read by everybody');
    expect(controlWords('constructor', 'en')).toBeUndefined();
  });

  it('are one or two sentences that end', () => {
    expect(advice.filter(({ en: text }) => !/^[A-Z].{20,220}\.$/.test(text))).toEqual([]);
  });

  it('leave room for the account in a header', () => {
    const long = Object.values(guardDutyTypes).filter(([first, second]) => first.length > 75 || second.length > 45);

    expect(long).toEqual([]);
  });
});

describe('a GuardDuty type', () => {
  it.each([
    ['CryptoCurrency:EC2/BitcoinTool.B!DNS', 'EC2 instance talks to a cryptocurrency network'],
    ['CryptoCurrency:EC2/BitcoinTool.B', 'EC2 instance talks to a cryptocurrency network'],
    ['CryptoCurrency:Lambda/BitcoinTool.B', 'Lambda function talks to a cryptocurrency network'],
    ['Backdoor:EC2/C&CActivity.B!DNS', 'EC2 instance talks to a command-and-control server'],
    ['Backdoor:Runtime/C&CActivity.B', 'Workload talks to a command-and-control server'],
    ['Recon:EC2/PortProbeUnprotectedPort', 'An open port of an EC2 instance is probed from the internet'],
    [
      'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
      'Credentials of an EC2 instance used outside AWS',
    ],
    ['Impact:S3/AnomalousBehavior.Delete', 'S3 objects deleted in an unusual way'],
    ['Discovery:IAMUser/AnomalousBehavior', 'Unusual API calls that explore the account'],
    ['IAMUser-AnomalousBehavior', 'Unusual API calls'],
    ['AttackSequence:New/Kind', 'Attack in several steps'],
    ['Execution:ECS/MaliciousFile', 'Malware found on an ECS task'],
  ])('%s says %s', (type, what) => {
    expect(guardDutyWords(type, 'en').what).toBe(what);
  });

  it.each([['Impact:EC2/SomethingNew'], ['constructor'], ['__proto__:__proto__/__proto__'], [''], [':/']])(
    'that nobody described (%s) still says what to do',
    (type) => {
      const { what, advice } = guardDutyWords(type, 'ja');

      expect(what).toBeNull();
      expect(advice).toMatch(/ください。$/);
    },
  );

  it('is described in both languages whenever it is in one', () => {
    const empty = Object.entries(guardDutyTypes).filter(([, [first, second]]) => first === '' || second === '');

    expect(empty).toEqual([]);
  });
});

describe('a Health event type', () => {
  it.each([
    ['AWS_EC2_OPERATIONAL_ISSUE', 'issue', 'operational issue'],
    ['AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED', 'scheduledChange', 'retirement scheduled'],
    ['AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED', 'scheduledChange', 'reboot scheduled'],
    ['AWS_RDS_MAINTENANCE_SCHEDULED', 'scheduledChange', 'maintenance scheduled'],
    ['AWS_LAMBDA_PLANNED_LIFECYCLE_EVENT', 'scheduledChange', 'upgrade or end of support ahead'],
    ['AWS_ACM_RENEWAL_STATE_CHANGE', 'accountNotification', 'certificate renewal changed state'],
    ['AWS_RISK_CREDENTIALS_EXPOSED', 'issue', 'access key exposed in public'],
    ['AWS_ABUSE_DOS_REPORT', 'issue', 'abuse report about your resources'],
  ])('%s says what it is about', (code, category, what) => {
    expect(healthWords(code, category, 'en').what).toBe(what);
  });

  it('that nobody described has the words of its category', () => {
    expect(healthWords('AWS_VPN_SOMETHING', 'accountNotification', 'ja')).toMatchObject({
      what: null,
      category: 'お知らせ',
    });
  });
});

describe('other words', () => {
  it('know a resource type in both spellings', () => {
    expect(resourceWords('AWS::EC2::SecurityGroup', 'ja')).toBe('セキュリティグループ');
    expect(resourceWords('AwsEc2SecurityGroup', 'ja')).toBe('セキュリティグループ');
    expect(resourceWords('AWS::Something::New', 'ja')).toBeNull();
    expect(resourceWords('__proto__', 'ja')).toBeNull();
  });

  it('know what Macie found', () => {
    const type = 'Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal';

    expect(findingWords('aws/macie', type, 'en').what).toBe('Personal data found in an S3 object');
    expect(findingWords('example/partner', type, 'en')).toEqual({ what: null, advice: null });
  });
});
