import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { EventIntake } from '../constructs/event-intake.ts';
import type { HubResources } from '../constructs/function-grants.ts';
import { HubAlarms } from '../constructs/hub-alarms.ts';
import { createDashboard } from '../constructs/hub-dashboard.ts';
import { createHubFunction } from '../constructs/hub-function.ts';
import { HubQueues } from '../constructs/hub-queues.ts';
import { type ScheduledRun, Schedules } from '../constructs/schedules.ts';
import { SlackApi } from '../constructs/slack-api.ts';
import { createStateTable } from '../constructs/state-table.ts';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { functionsOf } from '../hub-functions.ts';
import { acknowledge } from '../nag.ts';

type HubStackProps = StackProps & {
  readonly settings: DeploymentSettings;
  /** Folder with one bundle per Lambda function. */
  readonly lambdaFolder: string;
};

// CloudFormation makes a new value whenever this text changes, which would wipe out the tokens people have stored.
const initialSecret = '{"slackBotToken":"","slackSigningSecret":"","webhooks":{}}';

/** The hub in the delegated administrator's account: everything from the intake queue to Slack. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, props);
    const { settings } = props;
    const alarms = new AlarmTopic(this, settings);
    const hub: HubResources = {
      table: createStateTable(this),
      secret: createSecret(this),
      config: new Asset(this, 'Config', { path: settings.configFile }),
      queues: new HubQueues(this, settings),
    };
    const functions = new Map(
      functionsOf(settings).map((entry) => [entry.name, createHubFunction(this, entry, { ...props, hub })]),
    );
    connectQueues(hub.queues, functions);
    const directoryRefresh = named(functions, 'directory-refresh');
    const intake = new EventIntake(this, { settings, intake: hub.queues.intake, directoryRefresh });
    new Schedules(this, schedulesOf(functions));
    new HubAlarms(this, { queues: hub.queues, action: alarms.action });
    createDashboard(this, { ...hub, functions });
    const endpoint = functions.get('slack-endpoint');
    if (endpoint !== undefined) {
      const api = new SlackApi(this, { endpoint, settings });
      output(this, 'SlackRequestUrl', `${api.url}slack/interactivity`, 'Request URL of the Slack app');
    }
    output(this, 'SecretArn', hub.secret.secretArn, 'Put the Slack token, signing secret and webhook URLs here');
    output(this, 'TableName', hub.table.tableName, 'State');
    output(
      this,
      'EventBusArn',
      intake.bus.eventBusArn,
      'Where the other Regions and the management account forward to',
    );
    output(this, 'IntakeQueueUrl', hub.queues.intake.queue.queueUrl, 'Events come in here');
    output(this, 'IntakeDeadLettersArn', hub.queues.intake.deadLetters.queueArn, 'Events that could not be processed');
  }
}

function createSecret(scope: Construct): Secret {
  const secret = new Secret(scope, 'Secrets', {
    description: 'Yagura: Slack tokens and all webhook URLs in one secret',
    generateSecretString: {
      secretStringTemplate: initialSecret,
      generateStringKey: 'eventsToken',
      excludePunctuation: true,
      passwordLength: 48,
    },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'Slack issues these tokens and URLs in its own pages; no function can rotate them. The guide says how to replace one.',
  );
  return secret;
}

function connectQueues(queues: HubQueues, functions: ReadonlyMap<string, LambdaFunction>): void {
  named(functions, 'router').addEventSource(
    new SqsEventSource(queues.intake.queue, {
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(5),
      reportBatchItemFailures: true,
      // More would only fight for the same rows of the table.
      maxConcurrency: 10,
    }),
  );
  named(functions, 'delivery').addEventSource(
    new SqsEventSource(queues.delivery.queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 50 }),
  );
  if (queues.slack !== undefined)
    named(functions, 'slack-worker').addEventSource(
      // No window: the person who pressed the button is waiting.
      new SqsEventSource(queues.slack.queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: 10 }),
    );
}

function schedulesOf(functions: ReadonlyMap<string, LambdaFunction>): ScheduledRun[] {
  const poller = functions.get('health-poller');
  return [
    { name: 'sweeper', every: Duration.minutes(1), run: named(functions, 'sweeper') },
    { name: 'directory-refresh', every: Duration.hours(1), run: named(functions, 'directory-refresh') },
    ...(poller === undefined ? [] : [{ name: 'health-poller', every: Duration.minutes(5), run: poller }]),
  ];
}

function named(functions: ReadonlyMap<string, LambdaFunction>, name: string): LambdaFunction {
  const found = functions.get(name);
  if (found === undefined) throw new Error(`hub-functions.ts has no function "${name}"`);
  return found;
}

function output(scope: Construct, name: string, value: string, description: string): void {
  new CfnOutput(scope, name, { value, description });
}
