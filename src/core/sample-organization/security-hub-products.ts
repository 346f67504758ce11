import { type AsffFinding, asffResource, imported, type Label } from './asff.ts';
import { DAY, HOUR, MINUTE, SECOND } from './calendar.ts';
import { accountIdOf } from './cast-accounts.ts';
import { resourceOf } from './cast-resources.ts';
import { momentIn } from './detection.ts';
import { stableHex, stableIndex, stableUuid } from './random.ts';
import type { Json, SampleEvent } from './types.ts';
import type { World } from './world.ts';

/** One finding of another product with the moments at which it is sent. */
type Sent = {
  readonly key: string;
  readonly beat: string | null;
  readonly finding: Omit<AsffFinding, 'updatedAt' | 'lastObservedAt' | 'workflow' | 'recordState'>;
  readonly states: readonly { readonly at: number; readonly closed: boolean }[];
};

/** What Macie, IAM Access Analyzer, AWS Config and a partner product report through Security Hub. */
export function productEvents(world: World): SampleEvent[] {
  return [...macie(world), ...accessAnalyzer(world), ...configRules(world), ...partner(world)].flatMap((sent) =>
    sent.states.flatMap((state, index) => {
      const label = `product|${sent.key}|${index}`;
      return imported({
        finding: {
          ...sent.finding,
          lastObservedAt: state.at,
          updatedAt: state.at,
          workflow: state.closed ? 'RESOLVED' : 'NEW',
          recordState: state.closed ? 'ARCHIVED' : 'ACTIVE',
        },
        time: state.at + (10 + stableIndex(label, 60)) * SECOND,
        beat: sent.beat,
        label,
        alsoFromMember: stableIndex(sent.key, 5) === 0,
      });
    }),
  );
}

function macie(world: World): Sent[] {
  const opened = world.story.beat('public-bucket/made-public');
  const closed = world.story.beat('public-bucket/made-private');
  const found = [
    ['bucket/example-data-exports', 'exports/2026/partners.csv', 'Personal', 'HIGH', 9],
    ['bucket/example-data-lake-raw', 'raw/signups/part-0007.json', 'Personal', 'MEDIUM', 30],
    ['bucket/example-sandbox-data-tmp', 'tmp/dump.sql', 'Credentials', 'HIGH', 17],
    ['bucket/example-storefront-uploads', 'contact/inquiries.xlsx', 'Personal', 'LOW', 51],
  ] as const;
  const publicBucket = macieFinding('public', 'bucket/example-data-exports', opened.at + 45 * MINUTE, 'HIGH', {
    type: 'Effects/Data Exposure/Policy:IAMUser-S3BucketPublic',
    title: 'The S3 bucket can be read by everybody',
    description: 'The policy of the bucket lets anybody on the internet read its objects.',
  });
  return [
    {
      ...publicBucket,
      beat: opened.id,
      states: [...publicBucket.states, { at: closed.at + 75 * MINUTE, closed: true }],
    },
    ...found.map(([bucket, path, category, label, hours]) =>
      macieFinding(path, bucket, world.calendar.at(1, '02:00') + hours * HOUR, label, {
        type: `Sensitive Data Identifications/${category === 'Personal' ? 'PII' : 'Passwords'}/SensitiveData:S3Object-${category}`,
        title: category === 'Personal' ? 'The S3 object holds personal data' : 'The S3 object holds credentials',
        description: `Macie found ${category === 'Personal' ? 'names and addresses' : 'passwords'} in ${path}.`,
        path,
      }),
    ),
  ];
}

type MacieText = {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly path?: string;
};

function macieFinding(key: string, bucketKey: string, at: number, label: Label, text: MacieText): Sent {
  const bucket = resourceOf(bucketKey);
  const objectEntry: readonly Json[] =
    text.path === undefined
      ? []
      : [{ Type: 'AwsS3Object', Id: `${bucket.arn}/${text.path}`, Partition: 'aws', Region: bucket.region }];
  return {
    key: `macie|${bucketKey}|${key}`,
    beat: null,
    finding: {
      id: stableHex(`macie|${bucketKey}|${key}`, 32),
      product: 'aws/macie',
      productName: 'Macie',
      companyName: 'Amazon',
      generatorId: 'aws/macie',
      account: bucket.account,
      region: bucket.region,
      types: [text.type],
      firstObservedAt: at,
      createdAt: at,
      label,
      title: text.title,
      description: text.description,
      productFields: {
        'S3Bucket.effectivePermission': text.path === undefined ? 'PUBLIC' : 'NOT_PUBLIC',
        ...(text.path === undefined
          ? {}
          : { 'S3Object.Path': `${bucket.name}/${text.path}`, OriginType: 'AUTOMATED_SENSITIVE_DATA_DISCOVERY' }),
      },
      resources: [asffResource(bucket), ...objectEntry],
      more: { Sample: false },
    },
    states: [{ at, closed: false }],
  };
}

function accessAnalyzer(world: World): Sent[] {
  const opened = world.story.beat('public-bucket/made-public');
  const closed = world.story.beat('public-bucket/made-private');
  const shared = [
    ['role/payments-batch-instance', 'IAM role', 'LOW', 20],
    ['kms/data-lake', 'KMS key', 'LOW', 66],
    ['sqs/storefront-mail-queue', 'SQS queue', 'MEDIUM', 150],
    ['bucket/example-storefront-assets', 'S3 bucket', 'LOW', 201],
  ] as const;
  return [
    analyzed('bucket/example-data-exports', 'HIGH', 'public access', opened.at + 19 * MINUTE, {
      beat: opened.id,
      closedAt: closed.at + 12 * MINUTE,
    }),
    ...shared.map(([key, what, label, hours]) =>
      analyzed(key, label, `cross-account access (${what})`, world.calendar.start + hours * HOUR, { beat: null }),
    ),
  ];
}

const outsider = accountIdOf('sandbox-data');

type AnalyzedOptions = { readonly beat: string | null; readonly closedAt?: number };

function analyzed(key: string, label: Label, what: string, at: number, options: AnalyzedOptions): Sent {
  const resource = resourceOf(key);
  const isPublic = what === 'public access';
  const details = {
    Other: {
      'External Principal Type': 'AWS',
      'External Principal': isPublic ? '*' : outsider,
      Condition: 'none',
      'Action Granted': isPublic ? 's3:GetObject,s3:ListBucket' : 'sts:AssumeRole',
    },
  };
  return {
    key: `access-analyzer|${key}`,
    beat: options.beat,
    finding: {
      id: `arn:aws:access-analyzer:${resource.region}:${resource.account}:analyzer/organization/${resource.arn}`,
      product: 'aws/access-analyzer',
      productName: 'IAM Access Analyzer',
      companyName: 'AWS',
      generatorId: 'aws/access-analyzer',
      account: resource.account,
      region: resource.region,
      types: ['Software and Configuration Checks/AWS Security Best Practices/External Access Granted'],
      firstObservedAt: at,
      createdAt: at,
      label,
      title: `${resource.asffType}/${resource.arn}/ allows ${what}`,
      description: `The policy of ${resource.name} lets somebody outside the zone of trust in.`,
      remediation: { text: 'Take the statement out of the policy, or archive the finding if the access is wanted.' },
      sourceUrl: `https://console.aws.amazon.com/access-analyzer/home?region=${resource.region}#/findings/details/${stableUuid(key)}`,
      productFields: { ResourceOwnerAccount: resource.account },
      resources: [
        { Type: resource.asffType, Id: resource.arn, Partition: 'aws', Region: resource.region, Details: details },
      ],
    },
    states: [
      { at, closed: false },
      ...(options.closedAt === undefined ? [] : [{ at: options.closedAt, closed: true }]),
    ],
  };
}

function configRules(world: World): Sent[] {
  const rules = [
    ['example-required-tags', 'instance/sandbox-notebook-1'],
    ['example-required-tags', 'instance/payments-dev-api-1'],
    ['example-required-tags', 'lambda/shared-account-report'],
    ['example-approved-amis', 'instance/storefront-stg-web-2'],
    ['example-db-in-private-subnet', 'rds/storefront-stg-catalog'],
    ['example-backup-plan', 'rds/data-metastore'],
  ] as const;
  return rules.map(([rule, key]) => {
    const resource = resourceOf(key);
    const random = world.random(`config|${rule}|${key}`);
    const at = momentIn(world.calendar, random, 5 * DAY);
    const ruleArn = `arn:aws:config:${resource.region}:${resource.account}:config-rule/config-rule-${stableHex(`${rule}|${resource.account}`, 6)}`;
    return {
      key: `config|${rule}|${key}`,
      beat: null,
      finding: {
        id: `${ruleArn}/finding/${stableHex(`config|${rule}|${key}`, 40)}`,
        product: 'aws/config',
        productName: 'Config',
        companyName: 'AWS',
        generatorId: ruleArn,
        account: resource.account,
        region: resource.region,
        types: ['Software and Configuration Checks'],
        firstObservedAt: at,
        createdAt: at,
        label: 'MEDIUM',
        title: rule,
        description: `${resource.name} does not comply with the company's own Config rule ${rule}.`,
        productFields: {
          'aws/config/ConfigRuleArn': ruleArn,
          'aws/config/ConfigRuleName': rule,
          'aws/config/ConfigComplianceType': 'NON_COMPLIANT',
        },
        resources: [asffResource(resource)],
        more: { Compliance: { Status: 'FAILED' } },
      },
      states: [
        { at, closed: false },
        ...(random.chance(0.5) ? [{ at: at + random.between(20, 110) * HOUR, closed: true }] : []),
      ],
    };
  });
}

function partner(world: World): Sent[] {
  const checks = [
    ['iam_user_two_active_access_key', 'user/jenkins', 'MEDIUM', 'The user has two active access keys'],
    ['ec2_instance_older_than_specific_days', 'instance/shared-gitlab-1', 'MEDIUM', 'The instance is very old'],
    [
      'awslambda_function_no_secrets_in_variables',
      'lambda/payments-dev-webhook',
      'CRITICAL',
      'A variable of the function looks like a secret',
    ],
    ['s3_bucket_object_lock', 'bucket/example-terraform-state', 'INFORMATIONAL', 'Object Lock of the bucket is off'],
    ['s3_bucket_no_mfa_delete', 'bucket/example-org-cloudtrail-logs', 'LOW', 'Objects can be deleted without MFA'],
  ] as const;
  return checks.map(([check, key, label, title], index) => {
    const resource = resourceOf(key);
    const at = world.calendar.at(index % 2 === 0 ? 2 : 9, '03:30') + index * 7 * SECOND;
    return {
      key: `partner|${check}|${key}`,
      beat: null,
      finding: {
        id: `prowler-${check}-${resource.account}-${resource.region}-${stableHex(key, 9)}`,
        product: 'prowler/prowler',
        productName: 'Prowler',
        companyName: 'Prowler',
        generatorId: `prowler-${check}`,
        account: resource.account,
        region: resource.region,
        types: ['Software and Configuration Checks'],
        firstObservedAt: at,
        createdAt: at,
        label,
        title,
        description: `${title}: ${resource.name}.`,
        productFields: { ProviderName: 'Prowler', ProviderVersion: '5.0.0', ProwlerResourceName: resource.arn },
        resources: [asffResource(resource)],
        more: { Compliance: { Status: 'FAILED' } },
      },
      states: [
        { at, closed: false },
        { at: at + 3 * DAY, closed: false },
      ],
    };
  });
}
