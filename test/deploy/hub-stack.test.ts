import { describe, expect, it } from 'vitest';
import { lambdaNames } from '../../scripts/bundle-lambdas.ts';
import { tableDefinition } from '../../src/adapters/dynamodb/table-definition.ts';
import { channelsConfig } from './configurations.ts';
import { type Resource, resourcesOf, stackNamed, synthesize } from './synthesized.ts';

type Statement = { readonly Effect: string; readonly Action: string | string[]; readonly Resource: unknown };

const synthesized = synthesize(channelsConfig);
const hub = stackNamed(synthesized, 'YaguraHub');
const functions = resourcesOf([hub], 'AWS::Lambda::Function');

function policyOf(name: string): Statement[] {
  const role = Object.entries(hub.resources).find(
    ([, { Properties }]) => Properties['RoleName'] === `yagura-${name}`,
  )?.[0];
  return resourcesOf([hub], 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties['Roles']).includes(`"${role}"`))
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

const actionsOf = (name: string): string[] => policyOf(name).flatMap(({ Action }) => Action);

function named(name: string): Resource {
  const found = functions.find(({ Properties }) => Properties['FunctionName'] === `yagura-${name}`);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

const environmentOf = (name: string): Record<string, unknown> =>
  (named(name).Properties['Environment'] as { Variables: Record<string, unknown> }).Variables;

describe('the functions of the hub', () => {
  it('are the ones that are bundled', () => {
    expect(functions.map(({ Properties }) => Properties['FunctionName']).sort()).toEqual(
      lambdaNames.map((name) => `yagura-${name}`).sort(),
    );
  });

  it.each(lambdaNames)('run %s on Node 24, arm64, outside of any VPC, with a log group of its own', (name) => {
    expect(named(name).Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
    });
    expect(named(name).Properties['VpcConfig']).toBeUndefined();
  });

  it('know where everything is', () => {
    expect(environmentOf('delivery')).toEqual({
      YAGURA_TABLE: { Ref: expect.stringMatching(/^State/) },
      YAGURA_CONFIG: expect.stringMatching(
        /^s3:\/\/cdk-hnb659fds-assets-444455556666-ap-northeast-1\/[0-9a-f]{64}\.yaml$/,
      ),
      YAGURA_SECRET_ID: { Ref: expect.stringMatching(/^Secrets/) },
      YAGURA_DELIVERY_QUEUE_URL: { Ref: expect.stringMatching(/^QueuesDelivery/) },
      YAGURA_SLACK_QUEUE_URL: { Ref: expect.stringMatching(/^QueuesSlack/) },
      YAGURA_MANAGEMENT_ROLE_ARN: 'arn:aws:iam::777788889999:role/YaguraOrganizationRead',
      YAGURA_EXTERNAL_ID: 'yagura-o-exampleorgid',
      YAGURA_LOG_LEVEL: 'info',
      YAGURA_METRIC_NAMESPACE: 'Yagura',
    });
  });

  it('never run two sweeps or Health polls at once, unless the account cannot reserve concurrency', () => {
    const without = synthesize(channelsConfig, { reservedConcurrency: 'false' });

    expect(named('sweeper').Properties['ReservedConcurrentExecutions']).toBe(1);
    expect(named('health-poller').Properties['ReservedConcurrentExecutions']).toBe(1);
    expect(stackNamed(without, 'YaguraHub').text).not.toContain('ReservedConcurrentExecutions');
  });

  it('do without Health poller, Slack endpoint and Slack worker where nobody needs them', () => {
    const webhooks = synthesize(channelsConfig.replaceAll(/"#[\w-]+"/g, '{ webhook: soc }'), {
      healthPolling: 'false',
    });
    const small = stackNamed(webhooks, 'YaguraHub');

    expect(resourcesOf([small], 'AWS::Lambda::Function').map(({ Properties }) => Properties['FunctionName'])).toEqual([
      'yagura-router',
      'yagura-delivery',
      'yagura-sweeper',
      'yagura-directory-refresh',
    ]);
    expect(resourcesOf([small], 'AWS::ApiGatewayV2::Api')).toEqual([]);
    expect(small.text).not.toContain('YAGURA_SLACK_QUEUE_URL');
    expect(stackNamed(webhooks, 'YaguraManagement').text).not.toContain('health:');
  });
});

describe('the roles of the functions', () => {
  it.each(lambdaNames)('let %s do named actions on named resources only', (name) => {
    const statements = policyOf(name);

    expect(statements.length).toBeGreaterThan(0);
    for (const { Action, Resource } of statements) {
      expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
      expect(JSON.stringify(Resource)).not.toContain('*');
    }
  });

  it('give the secret to those that talk to Slack, and to nobody else', () => {
    const readers = lambdaNames.filter((name) => actionsOf(name).includes('secretsmanager:GetSecretValue'));

    expect(readers).toEqual(['delivery', 'sweeper', 'slack-endpoint', 'slack-worker']);
  });

  it('let only the directory refresh and the Health poller into the management account', () => {
    const users = lambdaNames.filter((name) => actionsOf(name).includes('sts:AssumeRole'));

    expect(users).toEqual(['health-poller', 'directory-refresh']);
  });

  it('let the public endpoint read the table and change nothing in it', () => {
    expect([...new Set(actionsOf('slack-endpoint').filter((action) => action.startsWith('dynamodb:')))].sort()).toEqual(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
    );
  });

  it('let nobody scan the table', () => {
    expect(lambdaNames.filter((name) => actionsOf(name).includes('dynamodb:Scan'))).toEqual([]);
  });

  it('let delivery publish to the Amazon Q topics of yagura.yaml', () => {
    const publish = policyOf('delivery').filter(({ Action }) => Action === 'sns:Publish');

    expect(publish.flatMap(({ Resource }) => Resource)).toContain('arn:aws:sns:ap-northeast-1:444455556666:payments');
  });
});

describe('the table', () => {
  const [table] = resourcesOf([hub], 'AWS::DynamoDB::Table');

  it('is the one the adapter defines', () => {
    expect(table?.Properties).toMatchObject({
      KeySchema: [
        { AttributeName: tableDefinition.partitionKey.name, KeyType: 'HASH' },
        { AttributeName: tableDefinition.sortKey.name, KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: tableDefinition.timeToLiveAttribute, Enabled: true },
    });
    expect(table?.Properties['GlobalSecondaryIndexes']).toMatchObject(
      tableDefinition.indexes.map(({ name }) => ({ IndexName: name })),
    );
    expect(table?.Properties['StreamSpecification']).toBeUndefined();
  });

  it('outlives the stack', () => {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', Properties: { DeletionProtectionEnabled: true } });
  });
});

describe('the secret', () => {
  const secrets = resourcesOf([hub], 'AWS::SecretsManager::Secret');

  it('is one for all tokens and webhook URLs, and outlives the stack', () => {
    expect(secrets).toHaveLength(1);
    expect(secrets[0]?.DeletionPolicy).toBe('Retain');
  });

  it('starts with the same text for ever, because CloudFormation overwrites it when that changes', () => {
    expect(secrets[0]?.Properties['GenerateSecretString']).toEqual({
      SecretStringTemplate: '{"slackBotToken":"","slackSigningSecret":"","webhooks":{}}',
      GenerateStringKey: 'eventsToken',
      ExcludePunctuation: true,
      PasswordLength: 48,
    });
  });
});

describe('the queues', () => {
  const mappings = resourcesOf([hub], 'AWS::Lambda::EventSourceMapping');
  const queues = Object.entries(hub.resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue');

  it('batch a hundred events or five seconds for the router, and report single failures', () => {
    expect(mappings[0]?.Properties).toMatchObject({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    for (const { Properties } of mappings)
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  });

  it.each(['Delivery', 'Slack'])('keep the order within a group of %s and let groups overtake each other', (name) => {
    const fifo = queues.find(([id]) => new RegExp(`^Queues${name}[0-9A-F]{8}$`).test(id))?.[1];

    expect(fifo?.Properties).toMatchObject({
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  it('hide a message for longer than its function may run', () => {
    for (const { Properties } of mappings) {
      const [queueId] = (Properties['EventSourceArn'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
      const run = hub.resources[(Properties['FunctionName'] as { Ref: string }).Ref];
      expect(Number(hub.resources[queueId]?.Properties['VisibilityTimeout'])).toBeGreaterThan(
        Number(run?.Properties['Timeout']),
      );
    }
    expect(mappings).toHaveLength(3);
  });

  it('are encrypted, refuse plain HTTP, and have dead letters of the same kind', () => {
    const policies = resourcesOf([hub], 'AWS::SQS::QueuePolicy').map(({ Properties }) => JSON.stringify(Properties));

    expect(queues).toHaveLength(6);
    for (const [id, { Properties }] of queues) {
      expect(Properties['SqsManagedSseEnabled'], id).toBe(true);
      expect(
        policies.some(
          (policy) => policy.includes(`"Queues":[{"Ref":"${id}"}]`) && policy.includes('aws:SecureTransport'),
        ),
        id,
      ).toBe(true);
      const redrive = Properties['RedrivePolicy'] as
        | { deadLetterTargetArn: { 'Fn::GetAtt': [string, string] } }
        | undefined;
      if (redrive === undefined) continue;
      const deadLetters = hub.resources[redrive.deadLetterTargetArn['Fn::GetAtt'][0]];
      expect(deadLetters?.Properties['FifoQueue'], id).toBe(Properties['FifoQueue']);
    }
  });
});

describe('alarms and logs', () => {
  it('watch dead letters, errors, throttles, age and parked deliveries', () => {
    const alarms = resourcesOf([hub], 'AWS::CloudWatch::Alarm');

    expect(alarms.map(({ Properties }) => Properties['AlarmName'])).toEqual([
      'yagura-intake-dead-letters',
      'yagura-delivery-dead-letters',
      'yagura-slack-dead-letters',
      'yagura-function-errors',
      'yagura-function-throttles',
      'yagura-delivery-age',
      'yagura-parked-deliveries',
    ]);
    for (const { Properties } of alarms) expect(Properties['AlarmActions']).toHaveLength(1);
  });

  it('reach the topic: it has no key that CloudWatch may not use, and lets CloudWatch publish', () => {
    const [topic] = resourcesOf([hub], 'AWS::SNS::Topic');
    const [policy] = resourcesOf([hub], 'AWS::SNS::TopicPolicy');

    expect(topic?.Properties['KmsMasterKeyId']).toBeUndefined();
    expect(policy?.Properties['PolicyDocument']).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
        }),
      ]),
    });
  });

  it('keep every log for the configured time', () => {
    const logGroups = resourcesOf(synthesized.stacks, 'AWS::Logs::LogGroup');

    expect(logGroups).toHaveLength(lambdaNames.length + 1);
    for (const { Properties } of logGroups) expect(Properties['RetentionInDays']).toBe(30);
  });
});

describe('the Slack address', () => {
  it('takes POST below /slack only, throttled and logged', () => {
    const [stage] = resourcesOf([hub], 'AWS::ApiGatewayV2::Stage');

    expect(resourcesOf([hub], 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties['RouteKey'])).toEqual([
      'POST /slack/{path+}',
    ]);
    expect(stage?.Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
      AccessLogSettings: { DestinationArn: expect.anything() },
    });
  });
});
