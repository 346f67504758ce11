import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Logger } from 'pino';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createDynamoStore } from '#adapters/dynamodb/dynamo-store.ts';
import { createLogger } from '#adapters/logger/logger.ts';
import { createRedactor, type Redactor } from '#adapters/logger/redactor.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock, Random, Sleeper } from '#ports/clock.ts';
import type { StateStore } from '#ports/state-store.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What a function keeps as long as its container lives. Making it asks AWS nothing. */
export type Container = {
  readonly env: Env;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleeper: Sleeper;
  readonly store: StateStore;
};

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
/** The store repeats calls itself, with pauses made for DynamoDB; the SDK only mends a connection that went stale. */
const STORE_ATTEMPTS = 2;

/** Makes the parts that every function has, from the variables that the deployment sets. */
export function createContainer(env: Env): Container {
  const [clock, random, sleeper] = [createSystemClock(), createSystemRandom(), createSystemSleeper()];
  const redactor = createRedactor();
  const level = LEVELS.find((name) => name === env['YAGURA_LOG_LEVEL']) ?? 'info';
  const client = createAwsClients({ maxAttempts: STORE_ATTEMPTS })(DynamoDBClient);
  const store = createDynamoStore({ client, table: needed(env, 'YAGURA_TABLE'), clock, random, sleeper });
  return { env, redactor, log: createLogger({ level, redactor }), clock, random, sleeper, store };
}

/** A variable that the deployment sets. */
export function needed(env: Env, name: string): string {
  const value = env[name];
  if (value === undefined || value === '')
    throw new YaguraError('config.invalid', `The environment variable ${name} is not set; deploy again.`);
  return value;
}
