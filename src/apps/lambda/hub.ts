import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Logger } from 'pino';
import { createAmazonQChat } from '#adapters/amazon-q/amazon-q-chat.ts';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createConfigSource } from '#adapters/config-source/config-source.ts';
import { createDynamoStore } from '#adapters/dynamodb/dynamo-store.ts';
import { createLogger } from '#adapters/logger/logger.ts';
import { createRedactor } from '#adapters/logger/redactor.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createStorePacer } from '#adapters/pacer/store-pacer.ts';
import { createSecretsManagerSecrets } from '#adapters/secrets/secrets-manager.ts';
import { createChatRouter } from '#adapters/slack/chat-router.ts';
import { createSlackWebChat } from '#adapters/slack/slack-web-chat.ts';
import { createSlackWebhookChat } from '#adapters/slack/slack-webhook-chat.ts';
import { createSqsWorkQueue } from '#adapters/sqs/sqs-work-queue.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import type { Config } from '#core/config/config-schema.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { DecisionContext } from '#core/notification/decide.ts';
import { type RoutingPolicy, routingPolicy } from '#core/notification/policy.ts';
import type { IntakePorts, QueuedItem } from '#engine/accept-events.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { type DirectoryKeeper, keepDirectory } from '#engine/keep-directory.ts';
import type { DirectorySource } from '#ports/directory-source.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import type { StateStore } from '#ports/state-store.ts';
import type { WorkQueue } from '#ports/work-queue.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the functions of the AWS home share; made once per container. */
export type Hub = {
  readonly env: Env;
  readonly config: Config;
  readonly policy: RoutingPolicy;
  readonly store: StateStore;
  readonly directory: DirectoryKeeper;
  readonly secrets: SecretSource;
  readonly intake: IntakePorts;
  readonly delivery: DeliveryPorts;
  readonly log: Logger;
  /** Tells delivery about new outbox rows; what it misses the sweeper finds. */
  nudge(items: readonly Pick<QueuedItem, 'id' | 'destinationKey' | 'dueAt'>[]): Promise<void>;
  context(): Promise<DecisionContext>;
};

const SLACK_INTERVAL_MS = 1_000;
/** A directory older than this is read again from the table. */
const DIRECTORY_FRESH_MS = 60_000;
const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

let opening: { readonly hub: Promise<Hub>; readonly at: number } | undefined;

/** The hub of this container; opened again after a failure, and once a minute so that new accounts are known. */
export function openHub(env: Env = process.env): Promise<Hub> {
  const now = createSystemClock().now();
  if (opening !== undefined && now - opening.at < DIRECTORY_FRESH_MS) return opening.hub;
  const hub = makeHub(env);
  opening = { hub, at: now };
  hub.catch(() => {
    opening = undefined;
  });
  return hub;
}

/** Opens everything, with a way to read the organization where the function has one. */
export async function makeHub(env: Env, source?: (config: Config) => DirectorySource | undefined): Promise<Hub> {
  const [clock, random, sleeper] = [createSystemClock(), createSystemRandom(), createSystemSleeper()];
  const redactor = createRedactor();
  const level = LEVELS.find((name) => name === env['YAGURA_LOG_LEVEL']) ?? 'info';
  const log = createLogger({ level, redactor });
  const aws = createAwsClients();
  const store = createDynamoStore({
    client: aws(DynamoDBClient),
    table: needed(env, 'YAGURA_TABLE'),
    clock,
    random,
    sleeper,
  });
  const config = await readConfig(needed(env, 'YAGURA_CONFIG'));
  const policy = routingPolicy(config);
  const directory = await keepDirectory(config, source?.(config), { store, clock });
  const secretId = env['YAGURA_SECRET_ID'] ?? '';
  const secrets = createSecretsManagerSecrets({
    secretId,
    clock,
    onSecret: (value) => redactor.hide(value),
    onProblem: (problem) => log.warn(problem),
  });
  const directoryNow = () => directory.current().directory;
  const queue = createSqsWorkQueue({ queueUrl: needed(env, 'YAGURA_DELIVERY_QUEUE_URL') });
  const { accessPortal } = config.organization;
  const { publicUrl } = config.server;
  const delivery: DeliveryPorts = {
    ...{ store, clock, sleeper, random },
    chat: chatOf(env, secrets),
    renderer: createRenderer(),
    pacer: createStorePacer(store),
    directory: directoryNow,
    links: {
      ...(publicUrl === undefined ? {} : { consoleUrl: publicUrl }),
      ...(accessPortal === undefined ? {} : { accessPortal }),
    },
    intervalMs: (destination) => (destination.kind === 'amazon-q' ? 0 : SLACK_INTERVAL_MS),
    log: (event) => log[event.level]({ destination: event.destinationKey, detail: event.detail }, event.message),
  };
  return {
    ...{ env, config, policy, store, directory, secrets, delivery, log },
    intake: { store, clock, random, directory: directoryNow, policy: () => policy },
    nudge: (items) => nudge(items, queue, clock.now(), log),
    context: async () => ({
      directory: directoryNow(),
      policy,
      exceptions: await store.exceptions(),
      now: clock.now(),
    }),
  };
}

function chatOf(env: Env, secrets: SecretSource): DeliveryPorts['chat'] {
  const base = env['YAGURA_SLACK_API_URL'];
  return createChatRouter({
    slack: createSlackWebChat({
      token: () => secrets.secret('slackBotToken'),
      ...(base === undefined ? {} : { baseUrl: base }),
    }),
    webhook: createSlackWebhookChat({
      resolveUrl: (name) => secrets.secret(`webhook:${name}`),
      ...(base === undefined ? {} : { allowedOrigins: [new URL(base).origin] }),
    }),
    amazonQ: createAmazonQChat({ sns: (region) => createAwsClients({ region })(SNSClient) }),
  });
}

async function nudge(items: readonly QueuedItem[], queue: WorkQueue, now: number, log: Logger): Promise<void> {
  const due = items.filter((item) => item.dueAt <= now);
  if (due.length === 0) return;
  const refused = await queue.enqueue(
    due.map((item) => ({ group: item.destinationKey, id: item.id, body: item.destinationKey })),
  );
  if (refused.length > 0)
    log.warn(
      { refused: refused.length, reason: refused[0]?.reason },
      'delivery was not told of everything; the sweeper will',
    );
}

async function readConfig(location: string): Promise<Config> {
  const { config, problems } = parseConfig(await createConfigSource(location).read());
  if (config !== undefined) return config;
  const [first] = problems;
  throw new YaguraError(
    'config.invalid',
    `${location} cannot be used: line ${first?.line ?? 1}: ${first?.message ?? 'unknown'}. Check it with: yagura config check`,
  );
}

/** A variable that the deployment sets. */
export function needed(env: Env, name: string): string {
  const value = env[name];
  if (value === undefined || value === '')
    throw new YaguraError('config.invalid', `The environment variable ${name} is not set; deploy again.`);
  return value;
}
