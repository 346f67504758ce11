import { expect, test } from 'vitest';
import { createAnsweringClient } from '../../../test/stand-ins/dynamodb-answers.ts';
import { createTable } from './create-table.ts';
import { tableDefinition } from './table-definition.ts';

test('creates the table of the definition, on demand, with expiry and point-in-time recovery', async () => {
  const { client, callsOf } = createAnsweringClient(({ target }) =>
    target === 'DescribeTable' ? { body: { Table: { TableStatus: 'ACTIVE' } } } : {},
  );

  await createTable(client, 'yagura');

  const [input] = callsOf('CreateTable').map((call) => call.input);
  expect(input).toMatchObject({
    TableName: 'yagura',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      { IndexName: 'list', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['row'] } },
      { IndexName: 'related', Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
  });
  expect(input?.['AttributeDefinitions']).toHaveLength(2 + 2 * tableDefinition.indexes.length);
  expect(callsOf('UpdateTimeToLive')[0]?.input).toMatchObject({
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  });
  expect(callsOf('UpdateContinuousBackups')[0]?.input).toMatchObject({
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

test('names of index keys follow the name of the index, as queries expect', () => {
  for (const { name, partitionKey, sortKey } of tableDefinition.indexes)
    expect([partitionKey.name, sortKey.name]).toEqual([`${name}Pk`, `${name}Sk`]);
});
