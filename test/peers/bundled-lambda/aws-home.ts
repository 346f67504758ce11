import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createTable } from '#adapters/dynamodb/create-table.ts';
import { createDynamoStore } from '#adapters/dynamodb/dynamo-store.ts';
import type { StateStore } from '#ports/state-store.ts';
import { type BundledLambda, bundleLambdas, type LambdaName } from '../../../scripts/bundle-lambdas.ts';
import { motoAccess } from '../../stand-ins/moto.ts';
import type { SlackStandIn } from '../../stand-ins/slack/slack-stand-in.ts';
import { type AwsGate, startAwsGate } from './aws-gate.ts';
import { createQueue, type Polled, pollOnce, sendTo, type TestQueue } from './event-source.ts';
import { type LambdaProcess, startLambda } from './lambda-process.ts';
import { EXTERNAL_ID, MANAGEMENT_ROLE } from './organization.ts';

export const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

/** The bundled functions in an AWS account of moto, connected as the deployment connects them. */
export type AwsHome = {
  readonly gate: AwsGate;
  /** The same table, for looking. */
  readonly store: StateStore;
  readonly queues: Readonly<Record<'intake' | 'delivery' | 'slack', TestQueue>>;
  /** The warm container of a function, started when there is none. */
  lambda(name: LambdaName): Promise<LambdaProcess>;
  environment(name: LambdaName): Record<string, string>;
  send(events: readonly unknown[]): Promise<void>;
  poll(name: 'router' | 'delivery' | 'slack-worker', remainingMs?: number): Promise<Polled>;
  /** Moves the clock of all functions. */
  passTime(ms: number): Promise<void>;
  /** Polls all queues until nothing comes any more. */
  pump(): Promise<void>;
  stop(): Promise<void>;
};

export type AwsHomeSettings = {
  readonly bundles: Readonly<Record<string, BundledLambda>>;
  readonly config: string;
  readonly slack: SlackStandIn;
  readonly webhooks?: readonly string[];
};

const QUEUE_OF = { router: 'intake', delivery: 'delivery', 'slack-worker': 'slack' } as const;
const BATCH_SIZE = { router: 100, delivery: 10, 'slack-worker': 1 } as const;
let made = 0;

/** Bundles all functions into a folder of their own. */
export async function bundleAll(): Promise<Readonly<Record<string, BundledLambda>>> {
  return await bundleLambdas({ outDir: await mkdtemp(join(tmpdir(), 'yagura-lambda-')) });
}

/** Makes the account's resources; moto must have been reset and the organization made. */
export async function createAwsHome({ bundles, config, slack, webhooks = [] }: AwsHomeSettings): Promise<AwsHome> {
  made += 1;
  const [table, bucket, secret] = [`yagura-${made}`, `yagura-config-${made}`, `yagura/${made}`];
  const gate = await startAwsGate();
  await createTable(new DynamoDBClient(motoAccess()), table);
  await putConfig(bucket, config);
  await putSecret(secret, slack, webhooks);
  const queues = {
    intake: await createQueue('intake', { fifo: false, maxReceiveCount: 5 }),
    delivery: await createQueue('delivery', { fifo: true, maxReceiveCount: 10 }),
    slack: await createQueue('slack', { fifo: true, maxReceiveCount: 3 }),
  };
  const environment = (name: LambdaName): Record<string, string> => ({
    // What the deployment sets.
    YAGURA_TABLE: table,
    YAGURA_CONFIG: `s3://${bucket}/yagura.yaml`,
    YAGURA_SECRET_ID: secret,
    YAGURA_DELIVERY_QUEUE_URL: queues.delivery.url,
    YAGURA_SLACK_QUEUE_URL: queues.slack.url,
    YAGURA_MANAGEMENT_ROLE_ARN: MANAGEMENT_ROLE,
    YAGURA_EXTERNAL_ID: EXTERNAL_ID,
    YAGURA_LOG_LEVEL: 'info',
    YAGURA_METRIC_NAMESPACE: 'Yagura',
    // What Lambda sets.
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: name,
    AWS_SECRET_ACCESS_KEY: 'example',
    TZ: ':UTC',
    // What leads to the stand-ins.
    AWS_ENDPOINT_URL: gate.url,
    YAGURA_SLACK_API_URL: slack.apiUrl,
  });
  const running = new Map<LambdaName, LambdaProcess>();
  let passed = 0;
  const lambda = async (name: LambdaName): Promise<LambdaProcess> => {
    const warm = running.get(name);
    if (warm?.isRunning() === true) return warm;
    const started = await startLambda(bundles[name]?.file ?? '', environment(name));
    await started.passTime(passed);
    running.set(name, started);
    return started;
  };
  const poll: AwsHome['poll'] = async (name, remainingMs) => {
    const { invoke } = await lambda(name);
    return await pollOnce(queues[QUEUE_OF[name]], BATCH_SIZE[name], (event) => invoke(event, remainingMs));
  };
  return {
    ...{ gate, queues, lambda, environment, poll },
    store: createDynamoStore({ client: new DynamoDBClient({ ...motoAccess(), endpoint: gate.url }), table }),
    send: async (events) => {
      for (const event of events)
        await sendTo(queues.intake, typeof event === 'string' ? event : JSON.stringify(event));
    },
    passTime: async (ms) => {
      passed += ms;
      for (const each of running.values()) if (each.isRunning()) await each.passTime(ms);
    },
    pump: async () => {
      for (let moved = 1; moved > 0; ) {
        moved = 0;
        for (const name of ['router', 'slack-worker', 'delivery'] as const) moved += (await poll(name)).received;
      }
    },
    stop: async () => {
      await Promise.all([...running.values()].map((each) => each.kill()));
      await gate.close();
    },
  };
}

async function putConfig(Bucket: string, Body: string): Promise<void> {
  const s3 = new S3Client({ ...motoAccess(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'yagura.yaml', Body }));
}

async function putSecret(Name: string, slack: SlackStandIn, webhooks: readonly string[]): Promise<void> {
  const SecretString = JSON.stringify({
    slackBotToken: slack.botToken,
    slackSigningSecret: SIGNING_SECRET,
    webhooks: Object.fromEntries(webhooks.map((name) => [name, slack.webhookUrl(name)])),
  });
  await new SecretsManagerClient(motoAccess()).send(new CreateSecretCommand({ Name, SecretString }));
}
