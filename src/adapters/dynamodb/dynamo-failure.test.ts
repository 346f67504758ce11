import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { createAnsweringClient, type DynamoAnswer } from '../../../test/stand-ins/dynamodb-answers.ts';
import { dynamoFailure, storeError } from './dynamo-failure.ts';
import errors from './fixtures/aws-errors.json' with { type: 'json' };

/** What the SDK throws for an answer. */
async function thrownFor(answer: DynamoAnswer): Promise<unknown> {
  const { client } = createAnsweringClient(() => answer);
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [] }));
  } catch (thrown) {
    return thrown;
  }
  throw new Error('the call went through');
}

describe('an error of AWS', () => {
  test.each(errors)('is sorted: $name', async ({ status, body, kind, failed }) => {
    const thrown = await thrownFor({ status, body });

    expect(dynamoFailure(thrown)).toEqual(failed === undefined ? { kind } : { kind, failed });
  });

  test.each(errors)('becomes an error of the store: $name', async ({ status, body, code, retryable }) => {
    const thrown = await thrownFor({ status, body });

    const error = storeError(thrown, 'PutItem', 'yagura');

    expect(error).toBeInstanceOf(YaguraError);
    expect(error).toMatchObject({ code, retryable, cause: thrown });
    expect(String(error)).toContain('dynamodb:PutItem on table yagura failed');
  });
});

test('a lost answer is an unavailable store that may be tried again', async () => {
  const thrown = await thrownFor('lost');

  expect(dynamoFailure(thrown)).toEqual({ kind: 'unavailable' });
  expect(storeError(thrown, 'PutItem', 'yagura')).toMatchObject({ code: 'store.unavailable', retryable: true });
});

test('reads the reasons from the message where the SDK gives no list', () => {
  const thrown = Object.assign(new Error('Transaction cancelled, … specific reasons [None, ConditionalCheckFailed]'), {
    name: 'TransactionCanceledException',
  });

  expect(dynamoFailure(thrown)).toEqual({ kind: 'condition', failed: [1] });
});

test('says which table is missing and what to do', async () => {
  const missing = errors.find(({ name }) => name === 'no such table');

  const error = storeError(await thrownFor({ status: 400, body: missing?.body }), 'Query', 'yagura');

  expect(String(error)).toContain('Deploy the stack that creates the table yagura');
});

test('leaves a mistake of the program as it is', () => {
  const bug = Object.assign(new TypeError('x is not a function'), { $metadata: { attempts: 1 } });

  expect(dynamoFailure(bug)).toEqual({ kind: 'bug' });
  expect(storeError(bug, 'PutItem', 'yagura')).toBe(bug);
});
