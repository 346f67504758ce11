import { describe, expect, test } from 'vitest';
import { createAnsweringClient, type DynamoAnswer, type DynamoCall } from '../../../test/stand-ins/dynamodb-answers.ts';
import { createSeededRandom, createSkippingSleeper } from '../../../test/stand-ins/time.ts';
import { createDynamoTable, documentClient } from './dynamo-table.ts';
import errors from './fixtures/aws-errors.json' with { type: 'json' };
import type { ItemKey } from './keys.ts';

const KEY: ItemKey = { pk: 'P#a', sk: 'P' };
const RETRYABLE = errors.filter(({ kind }) => kind === 'throttled' || kind === 'conflict' || kind === 'unavailable');

function errorNamed(name: string): DynamoAnswer {
  const found = errors.find((error) => error.name === name);
  if (found === undefined) throw new Error(`no such error: ${name}`);
  return { status: found.status, body: found.body };
}

/** A table whose calls get the answers in turn, the last one again and again. */
function tableAnswering(answer: DynamoAnswer[] | ((call: DynamoCall) => DynamoAnswer)) {
  const queue = Array.isArray(answer) ? [...answer] : [];
  const answering = createAnsweringClient(
    Array.isArray(answer) ? () => (queue.length > 1 ? queue.shift() : queue[0]) ?? {} : answer,
  );
  const sleeper = createSkippingSleeper();
  const random = createSeededRandom(1);
  const table = createDynamoTable({ client: documentClient(answering.client), table: 'yagura', random, sleeper });
  return { ...answering, table, sleeper };
}

const puts = (count: number) => Array.from({ length: count }, (_, n) => ({ pk: `P#${n}`, sk: 'P' }));
const put = { kind: 'put', item: { ...KEY, t: '1' } } as const;

describe('a call that fails for a while', () => {
  test.each(RETRYABLE)('is repeated after a pause: $name', async ({ status, body }) => {
    const { table, calls, sleeper } = tableAnswering([{ status, body }, { status, body }, {}]);

    const failed = await table.transact([put]);

    expect(failed).toEqual([]);
    expect(calls).toHaveLength(3);
    expect(sleeper.slept).toHaveLength(2);
  });

  test('is given up after ten tries with pauses that grow, are never long, and differ', async () => {
    const { table, calls, sleeper } = tableAnswering([errorNamed('on-demand table warming up')]);

    const written = table.write(put);

    await expect(written).rejects.toMatchObject({ code: 'store.throttled', retryable: true });
    expect(calls).toHaveLength(10);
    expect(sleeper.slept).toHaveLength(9);
    expect(sleeper.slept.every((ms, n) => ms >= 0 && ms <= Math.min(25 * 2 ** (n + 1), 2_000))).toBe(true);
    expect(new Set(sleeper.slept).size).toBe(9);
  });

  test.each(['no such table', 'no permission', 'expired credentials', 'item too large'])(
    'is not repeated where that cannot help: %s',
    async (name) => {
      const { table, calls } = tableAnswering([errorNamed(name)]);

      await expect(table.write(put)).rejects.toMatchObject({ retryable: false });
      expect(calls).toHaveLength(1);
    },
  );
});

describe('a condition', () => {
  test('that fails is an answer, not an error', async () => {
    const { table, calls } = tableAnswering([errorNamed('condition of one write')]);

    expect(await table.write(put)).toEqual({ written: false });
    expect(calls).toHaveLength(1);
  });

  test('that fails in a transaction tells which writes it concerns', async () => {
    const { table } = tableAnswering([errorNamed('cancelled by a condition')]);

    expect(await table.transact([put, put, put])).toEqual([1, 2]);
  });
});

describe('a transaction', () => {
  const tokens = (calls: readonly DynamoCall[]) => calls.map(({ input }) => input['ClientRequestToken']);

  test.each([
    ['lost' as const],
    [errorNamed('internal error')],
    [errorNamed('the same transaction is still going on')],
  ])('of unknown fate is repeated under its token, so that it happens once', async (answer) => {
    const { table, calls } = tableAnswering([answer, answer, {}]);

    await table.transact([put]);

    expect(new Set(tokens(calls)).size).toBe(1);
    expect(String(tokens(calls)[0])).toMatch(/^[\w-]{16,36}$/);
  });

  test('that was cancelled is tried again as a new one', async () => {
    const { table, calls } = tableAnswering([errorNamed('cancelled by a conflict'), {}]);

    await table.transact([put]);

    expect(new Set(tokens(calls)).size).toBe(2);
  });

  test('of more than 100 writes is refused before it is sent', async () => {
    const { table, calls } = tableAnswering([{}]);
    const writes = puts(101).map((item) => ({ kind: 'put', item }) as const);

    await expect(table.transact(writes)).rejects.toMatchObject({ code: 'input.invalid' });
    expect(calls).toEqual([]);
  });
});

describe('a batch of reads', () => {
  type Keys = { Keys: { pk: { S: string } }[] };
  const asked = ({ input }: DynamoCall): Keys['Keys'] =>
    (input['RequestItems'] as Record<string, Keys>)['yagura']?.Keys ?? [];

  test('asks again for what was left unprocessed until all is there', async () => {
    const { table, calls } = tableAnswering((call) => {
      const keys = asked(call);
      const half = Math.ceil(keys.length / 2);
      const rest = keys.slice(half);
      return {
        body: {
          Responses: { yagura: keys.slice(0, half) },
          UnprocessedKeys: rest.length === 0 ? {} : { yagura: { Keys: rest, ConsistentRead: true } },
        },
      };
    });

    const found = await table.getMany(puts(250));

    expect(new Set(found.map(({ pk }) => pk))).toEqual(new Set(puts(250).map(({ pk }) => pk)));
    expect(found).toHaveLength(250);
    expect(calls.every((call) => asked(call).length <= 100)).toBe(true);
  });

  test('asks for a key once, however often it is given', async () => {
    const { table, calls } = tableAnswering((call) => ({ body: { Responses: { yagura: asked(call) } } }));

    expect(await table.getMany([KEY, KEY, { ...KEY }])).toEqual([KEY]);
    expect(calls).toHaveLength(1);
  });

  test('gives up when nothing is processed ten times in a row', async () => {
    const { table } = tableAnswering((call) => ({
      body: { Responses: {}, UnprocessedKeys: { yagura: { Keys: asked(call) } } },
    }));

    await expect(table.getMany([KEY])).rejects.toMatchObject({ code: 'store.throttled', retryable: true });
  });

  test('of nothing calls nobody', async () => {
    const { table, calls } = tableAnswering([{}]);

    expect(await table.getMany([])).toEqual([]);
    expect(calls).toEqual([]);
  });
});

describe('a batch of writes', () => {
  type Request = { PutRequest: { Item: { pk: { S: string } } } };
  const asked = ({ input }: DynamoCall): Request[] =>
    (input['RequestItems'] as Record<string, Request[]>)['yagura'] ?? [];

  test('repeats what was left unprocessed or throttled: nothing is lost', async () => {
    const written: string[] = [];
    const random = createSeededRandom(4);
    const { table, calls } = tableAnswering((call) => {
      if (random.next() < 0.3) return errorNamed('provisioned throughput exceeded');
      const [done, left] = [asked(call).slice(0, 10), asked(call).slice(10)];
      written.push(...done.map(({ PutRequest }) => PutRequest.Item.pk.S));
      return { body: { UnprocessedItems: left.length === 0 ? {} : { yagura: left } } };
    });

    await table.putMany(puts(120));

    expect([...written].sort()).toEqual(
      puts(120)
        .map(({ pk }) => pk)
        .sort(),
    );
    expect(calls.every((call) => asked(call).length <= 25)).toBe(true);
  });

  test('writes the last of several values for one key', async () => {
    const { table, calls } = tableAnswering([{}]);

    await table.putMany([
      { ...KEY, t: '1' },
      { ...KEY, t: '2' },
    ]);

    expect(calls.flatMap(asked)).toMatchObject([{ PutRequest: { Item: { t: { S: '2' } } } }]);
  });
});

describe('a query', () => {
  test('goes on to the last page', async () => {
    const { table, calls } = tableAnswering([
      { body: { Items: [{ pk: { S: 'a' } }], LastEvaluatedKey: { pk: { S: 'a' } } } },
      errorNamed('account limit'),
      { body: { Items: [], LastEvaluatedKey: { pk: { S: 'b' } } } },
      { body: { Items: [{ pk: { S: 'c' } }] } },
    ]);

    const found = await table.all({ pk: 'x' });

    expect(found).toEqual([{ pk: 'a' }, { pk: 'c' }]);
    expect(calls.map(({ input }) => input['ExclusiveStartKey'])).toEqual([
      undefined,
      { pk: { S: 'a' } },
      { pk: { S: 'a' } },
      { pk: { S: 'b' } },
    ]);
  });

  test('of the table is consistent, of an index cannot be', async () => {
    const { table, calls } = tableAnswering([{}]);

    await table.all({ pk: 'x' });
    await table.all({ pk: 'x', index: 'list', prefix: 'a#' });

    expect(calls[0]?.input).toMatchObject({ ConsistentRead: true });
    expect(calls[1]?.input).not.toHaveProperty('ConsistentRead');
    expect(calls[1]?.input).toMatchObject({
      IndexName: 'list',
      ExpressionAttributeNames: { '#pk': 'listPk', '#sk': 'listSk' },
    });
  });
});
