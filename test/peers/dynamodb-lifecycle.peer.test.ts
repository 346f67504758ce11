import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  ProvisionedThroughputExceededException,
  ScanCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoStore } from '#adapters/dynamodb/dynamo-store.ts';
import { brokenLink } from '#core/audit/audit-entry.ts';
import type { StateStore } from '#ports/state-store.ts';
import {
  creation,
  DESTINATION,
  historyOf,
  ids,
  itemOf,
  keyOf,
  messageOf,
  nextOf,
  problemOf,
  T0,
  threadOf,
} from '../contract/state-store/fixtures.ts';
import { motoMissing } from '../stand-ins/moto.ts';
import { createFakeClock, createSeededRandom, createSkippingSleeper } from '../stand-ins/time.ts';
import { createMotoClient, createTestTable } from './dynamodb-moto.ts';

const DAY_SECONDS = 86_400;
const NOW_SECONDS = T0 / 1_000;

describe.skipIf(motoMissing)('the DynamoDB store over its time', () => {
  let client: DynamoDBClient;
  let table: string;
  let remove: () => Promise<void>;
  let store: StateStore;

  function openStore(on: DynamoDBClient, seed = 1): StateStore {
    const clock = createFakeClock(T0);
    return createDynamoStore({
      ...{ client: on, table, clock },
      random: createSeededRandom(seed),
      sleeper: createSkippingSleeper(clock),
    });
  }

  beforeEach(async () => {
    client = createMotoClient();
    ({ table, remove } = await createTestTable(client));
    store = openStore(client);
  });
  afterEach(async () => {
    await remove();
    client.destroy();
  });

  /** Days left of every item whose key starts so; null for one that stays. */
  async function daysLeft(start: string): Promise<Record<string, number | null>> {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    const found = Items.map((item): [string, number | null] => [
      `${item['pk']?.S} ${item['sk']?.S}`,
      item['ttl']?.N === undefined ? null : (Number(item['ttl'].N) - NOW_SECONDS) / DAY_SECONDS,
    ]);
    return Object.fromEntries(found.filter(([key]) => key.startsWith(start)));
  }

  describe('expiry', () => {
    const first = problemOf('p');
    const resolved = { ...first, version: 2, status: 'resolved', resolvedAt: T0 } as const;

    test('an open problem, its history and raw event stay', async () => {
      await store.apply([creation('p', { history: [historyOf('1')], rawEvent: '{}' })]);

      expect(await daysLeft('P#p')).toEqual({ 'P#p P': null, 'P#p R': null, 'P#p H#0000000000000001': null });
    });

    test('a problem that is over takes its history and raw event with it after 400 days', async () => {
      await store.apply([creation('p', { history: [historyOf('1')], rawEvent: '{}' })]);

      await store.apply([nextOf(first, resolved, { history: [historyOf('2')] })]);

      expect(await daysLeft('P#p')).toEqual({
        'P#p P': 400,
        'P#p R': 400,
        'P#p H#0000000000000001': 400,
        'P#p H#0000000000000002': 400,
      });
    });

    test('a problem that comes back stays, with its raw event; the history of the episode that ended goes in its time', async () => {
      await store.apply([creation('p', { history: [historyOf('1')], rawEvent: '{}' })]);
      await store.apply([nextOf(first, resolved)]);

      await store.apply([nextOf(resolved, { status: 'open', episode: 2 }, { history: [historyOf('3')] })]);

      expect(await daysLeft('P#p')).toEqual({
        'P#p P': null,
        'P#p R': null,
        'P#p H#0000000000000001': 400,
        'P#p H#0000000000000003': null,
      });
      expect(await store.rawEvent(first.key)).toBe('{}');
    });

    test('outbox rows end 30 days after they were sent or covered, never before', async () => {
      await store.apply([
        creation('p', { outbox: ['sent', 'covered', 'parked', 'retry', 'sending'].map((id) => itemOf(id)) }),
      ]);
      await store.claim(DESTINATION, T0, 10, 'worker');
      await store.settle('worker', {
        outcomes: [
          { id: 'sent', outcome: { kind: 'sent', messageId: 'm', at: T0 } },
          { id: 'covered', outcome: { kind: 'covered', messageId: 'm', at: T0 } },
          { id: 'parked', outcome: { kind: 'parked', error: 'x', at: T0 } },
          { id: 'retry', outcome: { kind: 'retry', dueAt: T0, error: 'x', countsAsAttempt: true } },
        ],
        threads: [threadOf('q')],
        messages: [messageOf('m', { problemKeys: [keyOf('q')] })],
      });

      expect(await daysLeft('O#')).toEqual({
        'O#sent O': 30,
        'O#covered O': 30,
        'O#parked O': null,
        'O#retry O': null,
        'O#sending O': null,
      });
      expect(await daysLeft('M#')).toEqual({ 'M#m M': 90 });
      expect(Object.values(await daysLeft('P#q')).sort()).toEqual([800, 90]);
    });

    test('unknown events end after 400 days; settings, exceptions and the audit log never', async () => {
      await store.keepUnknown([{ id: 'u', at: T0, detailType: 'x', reason: 'y', raw: '{}' }]);
      await store.putSetting('s', '1');
      await store.appendAudit({ at: T0, actor: 'a', action: 'b', target: 'c', detail: {} });

      expect(await daysLeft('')).toEqual({ 'U#u U': 400, 'S#s S': null, 'A 0000000000000001': null });
    });
  });

  describe('a problem that comes back after its end expired', () => {
    const post = itemOf('post', { problemKey: keyOf('p') });

    /** Told, given up, ended, and gone before its threads and outbox rows are. */
    async function liveAndExpire(): Promise<void> {
      await store.apply([creation('p', { outbox: [post] })]);
      await store.claim(DESTINATION, T0, 10, 'worker');
      await store.settle('worker', {
        outcomes: [{ id: 'post', outcome: { kind: 'parked', error: 'x', at: T0 } }],
        threads: [threadOf('p')],
        messages: [],
      });
      await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: 'P#p' }, sk: { S: 'P' } } }));
    }

    test('is news: no thread of its earlier life counts, and its first message waits to be sent', async () => {
      await liveAndExpire();

      const lost = await store.apply([creation('p', { outbox: [{ ...post, createdAt: T0 + 1 }] })]);

      expect(lost).toEqual([]);
      expect(await store.threadsOf(keyOf('p'))).toEqual([]);
      expect((await store.threads([keyOf('p')], DESTINATION)).size).toBe(0);
      const claimed = await store.claim(DESTINATION, T0 + 1, 10, 'next');
      expect(claimed).toMatchObject([{ id: 'post', createdAt: T0 + 1, attempts: 0, lastError: null }]);
    });

    test('has a thread again as soon as it is told', async () => {
      await liveAndExpire();
      await store.apply([creation('p', { outbox: [post] })]);

      await store.settle('nobody', { outcomes: [], threads: [threadOf('p', { messageId: 'new' })], messages: [] });

      expect(await store.threadsOf(keyOf('p'))).toEqual([threadOf('p', { messageId: 'new' })]);
    });

    test('leaves the outbox row of another problem alone that has the same id', async () => {
      await store.apply([creation('q', { outbox: [itemOf('post', { problemKey: keyOf('q') })] })]);

      const lost = await store.apply([creation('p', { outbox: [post] })]);

      expect(lost).toEqual([]);
      expect(await store.outboxItem('post')).toMatchObject({ problemKey: 'q' });
    });
  });

  test('the table expires items and can be restored to a point in time', async () => {
    const expires = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName: table }));

    expect(expires.TimeToLiveDescription).toEqual({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
      'ENABLED',
    );
  });

  describe('large values', () => {
    const large = (name: string): string =>
      `${name} ${Array.from({ length: 130_000 }, (_, n) => (n * 48_271) % 2_147_483_647).join(' ')}`;

    test('of a raw event are read whole while they are replaced, and leave nothing behind', async () => {
      await store.apply([creation('p', { rawEvent: large('1') })]);
      const writing = (async () => {
        for (let version = 1; version < 6; version += 1)
          await store.apply([nextOf(problemOf('p', { version }), {}, { rawEvent: large(String(version + 1)) })]);
      })();

      const reader = openStore(client, 2);
      const seen = await Promise.all(Array.from({ length: 8 }, () => reader.rawEvent(keyOf('p'))));
      await writing;

      const whole = new Set(Array.from({ length: 6 }, (_, n) => large(String(n + 1))));
      expect(seen.every((text) => text !== undefined && whole.has(text))).toBe(true);
      const parts = Object.keys(await daysLeft('P#p R#'));
      expect(parts.length).toBeGreaterThan(1);
      expect(parts.every((key) => key.startsWith('P#p R#0000000000000006'))).toBe(true);
    });

    test('of a problem that lost are removed', async () => {
      await store.apply([creation('p')]);

      const lost = await store.apply([creation('p', { rawEvent: large('x') })]);

      expect(lost).toEqual(['p']);
      expect(Object.keys(await daysLeft('P#p'))).toEqual(['P#p P']);
    });

    test('of a setting are removed when it is replaced or was not set', async () => {
      await store.putSetting('directory', large('1'));
      await store.putSetting('directory', large('2'), { value: 'something else' });

      await store.putSetting('directory', 'small');

      expect(Object.keys(await daysLeft('S#'))).toEqual(['S#directory S']);
    });

    test('of a problem itself are stored, listed and found by their text', async () => {
      const resources = Array.from({ length: 100 }, (_, n) => ({
        type: 'x',
        id: `${n} ${large(String(n)).slice(0, 9_000)}`,
      }));
      const problem = problemOf('p', { observation: { resources, description: large('d') } });

      await store.apply([creation('p', { problem })]);

      expect((await store.problems([problem.key])).get(problem.key)).toEqual(problem);
      expect((await store.problemPage({ text: '99 99 0 48271' })).items).toEqual([problem]);
      expect(await store.problemFacet('team')).toEqual([{ value: 'payments', count: 1 }]);
    });
  });

  describe('with two processes', () => {
    test('one claims, the other waits', async () => {
      const other = openStore(client, 2);
      await store.apply([creation('p', { outbox: [itemOf('a'), itemOf('b')] })]);

      const claims = await Promise.all([
        store.claim(DESTINATION, T0, 1, 'one'),
        other.claim(DESTINATION, T0, 1, 'two'),
        store.claim(DESTINATION, T0, 1, 'three'),
        other.claim(DESTINATION, T0, 1, 'four'),
      ]);

      expect(ids(claims.flat())).toEqual(['a']);
    });

    test('the audit log stays one chain', async () => {
      const other = openStore(client, 2);

      await Promise.all(
        Array.from({ length: 24 }, (_, n) =>
          (n % 2 === 0 ? store : other).appendAudit({ at: T0, actor: 'a', action: 'b', target: `${n}`, detail: {} }),
        ),
      );

      const entries = await store.auditEntries(0, 100);
      expect(entries).toHaveLength(24);
      expect(entries.map((entry, n) => brokenLink(entry, entries[n - 1])).filter(Boolean)).toEqual([]);
    });
  });

  /** Makes every request fail that `fails` picks, before it reaches the server. */
  function failing(fails: (command: string, nth: number) => Error | undefined): DynamoDBClient {
    const faulty = createMotoClient();
    let nth = 0;
    faulty.middlewareStack.add(
      (next, context) => async (args) => {
        nth += 1;
        const error = fails(String(context.commandName), nth);
        if (error !== undefined) throw error;
        return await next(args);
      },
      { step: 'finalizeRequest', name: 'faults', priority: 'high' },
    );
    return faulty;
  }

  const throttledTransaction = (): Error =>
    new TransactionCanceledException({
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [ThrottlingError]',
      $metadata: {},
      CancellationReasons: [{ Code: 'ThrottlingError' }],
    });
  const throttled = (): Error => new ProvisionedThroughputExceededException({ message: 'exceeded', $metadata: {} });

  test('while every other request is throttled nothing is lost and the order stays', async () => {
    const faulty = openStore(
      failing((command, nth) => {
        if (nth % 2 === 0) return undefined;
        return command === 'TransactWriteItemsCommand' ? throttledTransaction() : throttled();
      }),
    );
    const names = Array.from({ length: 12 }, (_, n) => `i${n}`);

    await faulty.apply(
      names.map((name) => creation(`p ${name}`, { outbox: [itemOf(name, { problemKey: keyOf(name) })] })),
    );
    const sent: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const token = `round ${round}`;
      const claimed = await faulty.claim(DESTINATION, T0, 3, token);
      const outcome = { kind: 'sent', messageId: token, at: T0 } as const;
      await faulty.settle(token, { outcomes: claimed.map(({ id }) => ({ id, outcome })), threads: [], messages: [] });
      sent.push(...ids(claimed));
    }

    expect(sent).toEqual(names);
    expect(await store.outboxCounts()).toEqual([{ destinationKey: DESTINATION, state: 'sent', count: 12 }]);
  });

  test('a claim that breaks off in the middle gives what it has, and its destination opens again when that is settled', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `i${n}`);
    await store.apply(
      [names.slice(0, 75), names.slice(75)].map((some, n) =>
        creation(`p${n}`, { outbox: some.map((name) => itemOf(name, { problemKey: keyOf(name) })) }),
      ),
    );
    let transactions = 0;
    const faulty = openStore(
      failing((command) => {
        transactions += command === 'TransactWriteItemsCommand' ? 1 : 0;
        return transactions > 1 ? throttledTransaction() : undefined;
      }),
    );

    const claimed = await faulty.claim(DESTINATION, T0, 150, 'first');
    const meanwhile = await store.claim(DESTINATION, T0, 150, 'second');
    const outcome = { kind: 'sent', messageId: 'm', at: T0 } as const;
    await store.settle('first', { outcomes: claimed.map(({ id }) => ({ id, outcome })), threads: [], messages: [] });
    const rest = await store.claim(DESTINATION, T0, 150, 'third');

    expect(ids(claimed)).toEqual(names.slice(0, 99));
    expect(meanwhile).toEqual([]);
    expect(ids(rest)).toEqual(names.slice(99));
  });

  test('a table that does not exist is an error that says what to do', async () => {
    const nowhere = createDynamoStore({ client, table: 'missing' });

    await expect(nowhere.problems([keyOf('p')])).rejects.toMatchObject({
      code: 'store.unavailable',
      retryable: false,
      message: expect.stringContaining('Deploy the stack that creates the table missing'),
    });
  });
});
