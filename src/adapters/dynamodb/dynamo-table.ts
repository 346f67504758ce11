import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Random, Sleeper } from '#ports/clock.ts';
import type { Caller } from './caller.ts';
import { createCaller } from './caller.ts';
import { inParallel } from './in-parallel.ts';
import type { ItemKey } from './keys.ts';
import type { Item, Query, Write } from './requests.ts';
import {
  chunksOf,
  lastOfEach,
  MAX_TRANSACTION,
  putInput,
  queryInput,
  transactionInput,
  updateInput,
} from './requests.ts';

/** One table, with what AWS asks of its callers: retries, batches, pages. */
export type DynamoTable = {
  readonly name: string;
  get(key: ItemKey): Promise<Item | undefined>;
  /** In any order; missing ones are left out. */
  getMany(keys: readonly ItemKey[]): Promise<readonly Item[]>;
  pages(query: Query): AsyncGenerator<readonly Item[], void>;
  all(query: Query): Promise<readonly Item[]>;
  /** `written` is false when the condition failed; `before` is what a put that asked for it replaced. */
  write(write: Write): Promise<{ readonly written: boolean; readonly before?: Item }>;
  /** All or nothing, once; returns the indexes of the writes whose condition failed, [] when it was committed. */
  transact(writes: readonly Write[]): Promise<readonly number[]>;
  putMany(items: readonly (Item & ItemKey)[]): Promise<void>;
  deleteMany(keys: readonly ItemKey[]): Promise<void>;
};

export type TableOptions = {
  readonly client: Sending;
  readonly table: string;
  readonly random: Random;
  readonly sleeper: Sleeper;
};
/** What is used of the document client. */
export type Sending = Pick<DynamoDBDocumentClient, 'send'>;

type BatchRequest =
  | { readonly PutRequest: { readonly Item: Item & ItemKey } }
  | { readonly DeleteRequest: { readonly Key: ItemKey } };

const MAX_BATCH_GET = 100;
const MAX_BATCH_WRITE = 25;
const PARALLEL_BATCHES = 8;

/** Wraps whichever client the caller has. */
export function documentClient(client: DynamoDBClient | DynamoDBDocumentClient): Sending {
  return client instanceof DynamoDBClient ? DynamoDBDocumentClient.from(client) : client;
}

/** Talks to one table. */
export function createDynamoTable({ client, table, random, sleeper }: TableOptions): DynamoTable {
  const caller = createCaller(table, random, sleeper);
  return {
    name: table,
    ...reads(client, table, caller),
    ...batchWrites(client, table, caller),
    write: async (write) =>
      await caller.send(
        write.kind === 'put' ? 'PutItem' : 'UpdateItem',
        () => writeOne(client, table, write),
        (failure) => (failure.kind === 'condition' ? { written: false } : undefined),
      ),
    transact: async (writes) => {
      if (writes.length > MAX_TRANSACTION) throw tooMany(writes.length);
      let token = random.id();
      return await caller.send<readonly number[]>(
        'TransactWriteItems',
        async () => {
          await client.send(new TransactWriteCommand(transactionInput(table, writes, token)));
          return [];
        },
        (failure, thrown) => {
          if (failure.kind === 'condition') return failure.failed;
          // One whose fate is unknown is repeated under its token, so that it happens once; a cancelled one did not happen.
          if (thrown instanceof Error && thrown.name === 'TransactionCanceledException') token = random.id();
          return undefined;
        },
      );
    },
  };
}

function reads(client: Sending, table: string, caller: Caller): Pick<DynamoTable, 'get' | 'getMany' | 'pages' | 'all'> {
  async function getBatch(keys: readonly ItemKey[], found: Item[]): Promise<readonly ItemKey[]> {
    const request = { RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } };
    const answer = await client.send(new BatchGetCommand(request));
    found.push(...(answer.Responses?.[table] ?? []));
    // What comes back unprocessed is what was asked for.
    return (answer.UnprocessedKeys?.[table]?.Keys ?? []) as ItemKey[];
  }

  async function* pages(query: Query): AsyncGenerator<readonly Item[], void> {
    let from: Record<string, unknown> | undefined;
    do {
      const input = queryInput(table, query, from);
      const answer = await caller.send('Query', () => client.send(new QueryCommand(input)));
      yield answer.Items ?? [];
      from = answer.LastEvaluatedKey;
    } while (from !== undefined);
  }

  return {
    pages,
    get: async (key) => {
      const input = { TableName: table, Key: key, ConsistentRead: true };
      return (await caller.send('GetItem', () => client.send(new GetCommand(input)))).Item;
    },
    getMany: async (keys) => {
      const found: Item[] = [];
      await inParallel(PARALLEL_BATCHES, chunksOf(distinct(keys), MAX_BATCH_GET), (chunk) =>
        caller.untilDone('BatchGetItem', chunk, (rest) => getBatch(rest, found)),
      );
      return found;
    },
    all: async (query) => {
      const found: Item[] = [];
      for await (const page of pages(query)) found.push(...page);
      return found;
    },
  };
}

function batchWrites(client: Sending, table: string, caller: Caller): Pick<DynamoTable, 'putMany' | 'deleteMany'> {
  async function writeBatch(requests: readonly BatchRequest[]): Promise<readonly BatchRequest[]> {
    const answer = await client.send(new BatchWriteCommand({ RequestItems: { [table]: [...requests] } }));
    // What comes back unprocessed is what was asked for.
    return (answer.UnprocessedItems?.[table] ?? []) as BatchRequest[];
  }

  async function writeAll(requests: readonly BatchRequest[]): Promise<void> {
    await inParallel(PARALLEL_BATCHES, chunksOf(requests, MAX_BATCH_WRITE), (chunk) =>
      caller.untilDone('BatchWriteItem', chunk, writeBatch),
    );
  }

  return {
    putMany: async (items) => await writeAll(lastOfEach(items).map((Item) => ({ PutRequest: { Item } }))),
    deleteMany: async (keys) => await writeAll(distinct(keys).map((Key) => ({ DeleteRequest: { Key } }))),
  };
}

async function writeOne(client: Sending, table: string, write: Write): ReturnType<DynamoTable['write']> {
  if (write.kind === 'put') {
    const { Attributes: before } = await client.send(new PutCommand(putInput(table, write)));
    return before === undefined ? { written: true } : { written: true, before };
  }
  await client.send(new UpdateCommand(updateInput(table, write)));
  return { written: true };
}

function distinct(keys: readonly ItemKey[]): ItemKey[] {
  return lastOfEach(keys.map(({ pk, sk }) => ({ pk, sk })));
}

function tooMany(count: number): YaguraError {
  return new YaguraError(
    'input.invalid',
    `One change needs ${count} writes, and DynamoDB takes ${MAX_TRANSACTION} in a transaction. Give the problem fewer destinations.`,
  );
}
