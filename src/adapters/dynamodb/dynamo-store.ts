import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import type { Clock, Random, Sleeper } from '#ports/clock.ts';
import type { StateStore } from '#ports/state-store.ts';
import { createAudit } from './audit.ts';
import { createContents } from './contents.ts';
import { createDynamoTable, documentClient } from './dynamo-table.ts';
import { createExceptions } from './exceptions.ts';
import { createMessages } from './messages.ts';
import { createOutbox } from './outbox.ts';
import { createProblems } from './problems.ts';
import { createSequence } from './sequence.ts';
import { createSettings } from './settings.ts';
import { createSettlement } from './settlement.ts';
import { createUnknownEvents } from './unknown-events.ts';

export type DynamoStoreOptions = {
  /** Stays the caller's: closing the store leaves it open. The store retries by itself, so the client needs few attempts. */
  readonly client: DynamoDBClient | DynamoDBDocumentClient;
  /** Name of a table made from `tableDefinition`. */
  readonly table: string;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly sleeper?: Sleeper;
};

/**
 * The state of one installation in one DynamoDB table.
 * @example const store = createDynamoStore({ client: new DynamoDBClient({}), table: 'yagura' });
 */
export function createDynamoStore(options: DynamoStoreOptions): StateStore {
  const { clock = createSystemClock(), random = createSystemRandom(), sleeper = createSystemSleeper() } = options;
  const table = createDynamoTable({ client: documentClient(options.client), table: options.table, random, sleeper });
  const contents = createContents(table, random);
  const tools = { table, contents, clock, random, sleeper };
  return {
    ...createProblems({ ...tools, nextSequence: createSequence(clock, random) }),
    ...createOutbox(tools),
    ...createSettlement(tools),
    ...createMessages(tools),
    ...createExceptions(table, contents),
    ...createAudit(tools),
    ...createUnknownEvents(tools),
    ...createSettings(tools),
    // DynamoDB removes items itself when their `ttl` has come (see retention.ts), without a request of ours.
    prune: async () => ({ outboxItems: 0, messages: 0, unknownEvents: 0, problems: 0 }),
    close: async () => undefined,
  };
}
