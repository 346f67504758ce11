import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createDynamoStore } from '#adapters/dynamodb/dynamo-store.ts';
import type { StateStore } from '#ports/state-store.ts';

/** The state of the AWS home, with the caller's own credentials. */
export function openTable(table: string): StateStore {
  // The store retries by itself.
  return createDynamoStore({ client: createAwsClients({ maxAttempts: 2 })(DynamoDBClient), table });
}
