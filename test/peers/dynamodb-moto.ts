import { randomUUID } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable } from '#adapters/dynamodb/create-table.ts';
import { createDynamoStore } from '#adapters/dynamodb/dynamo-store.ts';
import type { StateStore } from '#ports/state-store.ts';
import { motoAccess } from '../stand-ins/moto.ts';

/** A client for moto that sends one request at a time. */
export function createMotoClient(): DynamoDBClient {
  const client = new DynamoDBClient({ ...motoAccess(), maxAttempts: 1 });
  // moto rolls a cancelled transaction back by restoring a copy of the whole table, with whatever other requests wrote meanwhile.
  let turn: Promise<unknown> = Promise.resolve();
  client.middlewareStack.add(
    (next) => (args) => {
      const sent = turn.then(() => next(args));
      turn = sent.catch(() => undefined);
      return sent;
    },
    { step: 'finalizeRequest', name: 'oneAtATime', priority: 'low' },
  );
  return client;
}

/** Makes a table of its own for a test, and removes it. */
export async function createTestTable(
  client: DynamoDBClient,
): Promise<{ readonly table: string; remove(): Promise<void> }> {
  const table = `yagura-${randomUUID()}`;
  await createTable(client, table);
  return {
    table,
    remove: async () => {
      await client.send(new DeleteTableCommand({ TableName: table }));
    },
  };
}

/** Opens a store on a table that goes when the store is closed. */
export async function openMotoStore(client: DynamoDBClient): Promise<StateStore> {
  const { table, remove } = await createTestTable(client);
  return { ...createDynamoStore({ client, table }), close: remove };
}
