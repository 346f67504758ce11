import { describe, expect, test } from 'vitest';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { ProblemChange } from '#ports/state-store.ts';
import {
  creation,
  itemOf,
  keyOf,
  messageOf,
  problemOf,
  T0,
  threadOf,
} from '../../../test/contract/state-store/fixtures.ts';
import { createAnsweringClient, type DynamoAnswer, type DynamoCall } from '../../../test/stand-ins/dynamodb-answers.ts';
import { createFakeClock, createSeededRandom, createSkippingSleeper } from '../../../test/stand-ins/time.ts';
import { createDynamoStore } from './dynamo-store.ts';
import errors from './fixtures/aws-errors.json' with { type: 'json' };

/** DynamoDB's JSON of an item, as far as these tests look. */
type WireItem = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;
type WirePut = { readonly Item?: WireItem };

const PASSING = errors.filter(({ kind }) => kind === 'throttled' || kind === 'conflict');

function storeAnswering(answer: (call: DynamoCall) => DynamoAnswer) {
  const answering = createAnsweringClient(answer);
  const store = createDynamoStore({
    client: answering.client,
    table: 'yagura',
    clock: createFakeClock(T0),
    random: createSeededRandom(3),
    sleeper: createSkippingSleeper(),
  });
  return { ...answering, store };
}

/** The items that a call puts. */
function putsOf({ input }: DynamoCall): WireItem[] {
  const writes = (input['TransactItems'] ?? [{ Put: input }]) as readonly { readonly Put?: WirePut }[];
  return writes.flatMap(({ Put }) => (Put?.Item === undefined ? [] : [Put.Item]));
}

function errorNamed(name: string): DynamoAnswer {
  const { status, body } = errors.find((error) => error.name === name) ?? {};
  if (status === undefined) throw new Error(`no such error: ${name}`);
  return { status, body };
}

describe('while DynamoDB throttles', () => {
  /** Answers each transaction up to four times with one of AWS's errors, some sooner than others, and keeps what went through. */
  function throttled() {
    const tries = new Map<string, number>();
    const kept: WireItem[] = [];
    const { store } = storeAnswering((call) => {
      const problem = String(putsOf(call)[0]?.['pk']?.S);
      const tried = tries.get(problem) ?? 0;
      tries.set(problem, tried + 1);
      const error = PASSING[(tries.size + tried) % PASSING.length];
      if (tried < problem.charCodeAt(problem.length - 1) % 5 && error !== undefined) return error;
      kept.push(...putsOf(call));
      return {};
    });
    return { store, kept };
  }

  test('every change is written once, with all that belongs to it', async () => {
    const { store, kept } = throttled();
    const changes = Array.from({ length: 40 }, (_, n) =>
      creation(`p${n}`, { outbox: [itemOf(`i${n}`)], history: [{ at: T0, what: 'opened', by: 'yagura', detail: '' }] }),
    );

    const lost = await store.apply(changes);

    const written = kept.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`);
    expect(lost).toEqual([]);
    expect(written.sort()).toEqual(
      changes.flatMap((_, n) => [`P#p${n} P`, `P#p${n} H#0000000000000001`, `O#i${n} O`]).sort(),
    );
  });

  test('the order of the outbox is the order given, whoever got through first', async () => {
    const { store, kept } = throttled();
    const names = Array.from({ length: 40 }, (_, n) => `i${n}`);

    await store.apply(names.map((name) => creation(`p ${name}`, { outbox: [itemOf(name)] })));

    const rows = kept.filter(({ sk }) => sk?.S === 'O');
    const inOrder = rows.sort((a, b) => (String(a['listSk']?.S) < String(b['listSk']?.S) ? -1 : 1));
    expect(inOrder.map(({ pk }) => pk?.S)).toEqual(names.map((name) => `O#${name}`));
  });

  test('without end the caller is told, after the changes that got through', async () => {
    const { store, calls } = storeAnswering((call) =>
      putsOf(call).some(({ pk }) => pk?.S === 'P#stuck') ? errorNamed('on-demand table warming up') : {},
    );

    const applied = store.apply(['a', 'stuck', 'b'].map((name) => creation(name)));

    await expect(applied).rejects.toMatchObject({ code: 'store.throttled', retryable: true });
    expect(calls.flatMap(putsOf).filter(({ pk }) => pk?.S !== 'P#stuck')).toHaveLength(2);
  });
});

describe('a change', () => {
  test('is one transaction', async () => {
    const { store, calls } = storeAnswering(() => ({}));
    const outbox = [itemOf('a'), itemOf('b', { destinationKey: 'slack:#sec-guardduty' })];

    await store.apply([creation('p', { outbox, rawEvent: '{}', history: [] })]);

    // What is left of an earlier life of the problem is looked for first.
    expect(calls.map(({ target }) => target)).toEqual(['Query', 'TransactWriteItems']);
    expect(calls.flatMap(putsOf)).toHaveLength(4);
  });

  test('that brings nothing new but the problem itself is one plain put', async () => {
    const { store, calls } = storeAnswering(() => ({}));

    await store.apply([{ ...creation('p', { problem: problemOf('p', { version: 2 }) }), expectedVersion: 1 }]);

    expect(calls.map(({ target }) => target)).toEqual(['PutItem']);
    expect(calls[0]?.input).toMatchObject({
      ConditionExpression: '#v = :v',
      ExpressionAttributeValues: { ':v': { N: '1' } },
    });
  });

  test('leaves out rows that exist and keeps the rest together', async () => {
    const { store, callsOf } = storeAnswering((call) =>
      putsOf(call).length === 3
        ? {
            status: 400,
            body: {
              __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
              CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
            },
          }
        : {},
    );

    const lost = await store.apply([creation('p', { outbox: [itemOf('known'), itemOf('new')] })]);

    expect(lost).toEqual([]);
    expect(callsOf('TransactWriteItems').at(-1)).toSatisfy((call: DynamoCall) =>
      ['P#p', 'O#new'].every((pk, n) => putsOf(call)[n]?.['pk']?.S === pk),
    );
  });

  test('that follows a lost one in the same batch is lost with it', async () => {
    const { store, callsOf } = storeAnswering(({ target }) =>
      target === 'GetItem' || target === 'Query' ? {} : errorNamed('condition of one write'),
    );
    const follow: ProblemChange = { ...creation('p', { problem: problemOf('p', { version: 2 }) }), expectedVersion: 1 };

    const lost = await store.apply([creation('p'), follow]);

    expect(lost).toEqual(['p']);
    expect(callsOf('PutItem')).toHaveLength(1);
  });

  test('with more destinations than a transaction takes is refused whole', async () => {
    const { store, calls } = storeAnswering(() => ({}));
    const outbox = Array.from({ length: 100 }, (_, n) => itemOf(`i${n}`));

    await expect(store.apply([creation('p', { outbox })])).rejects.toMatchObject({ code: 'input.invalid' });
    expect(calls.flatMap(putsOf)).toEqual([]);
  });
});

describe('a write whose answer was lost', () => {
  /** Remembers what it puts, loses the first answer, and then finds the condition failed. */
  function forgetful() {
    let stored: WireItem | undefined;
    return storeAnswering(({ target, input }) => {
      if (target === 'Query') return { body: { Items: [] } };
      if (target === 'GetItem') return { body: { Item: stored } };
      if (stored !== undefined) return errorNamed('condition of one write');
      stored = input['Item'] as WireItem;
      return 'lost';
    });
  }

  test('is recognised by the audit log and not appended again', async () => {
    const { store, callsOf } = forgetful();

    const entry = await store.appendAudit({ at: T0, actor: 'cli:alice', action: 'x', target: 'y', detail: {} });

    expect(entry.sequence).toBe(1);
    expect(new Set(callsOf('PutItem').map(({ input }) => (input['Item'] as WireItem)['sk']?.S)).size).toBe(1);
  });

  test('is recognised by a problem that only repeats', async () => {
    expect(await forgetful().store.apply([creation('p')])).toEqual([]);
  });

  test('is recognised by a setting as its own', async () => {
    expect(await forgetful().store.putSetting('turn', 'me', { value: undefined })).toBe(true);
  });
});

describe('settling more than a transaction takes', () => {
  const TOKEN = 'worker';
  const names = Array.from({ length: 80 }, (_, n) => `i${n}`);
  const claimed = (id: string): OutboxItem => ({ ...itemOf(id), state: 'sending', claim: { token: TOKEN, at: T0 } });
  const rows = names.map((id) => ({
    ...{ pk: { S: `O#${id}` }, sk: { S: 'O' }, t: { S: JSON.stringify(claimed(id)) } },
    ...{ revision: { N: '2' }, sequence: { S: id } },
  }));

  test('records what was delivered before it settles the rows', async () => {
    const settled = new Set<unknown>();
    const { store, calls } = storeAnswering((call) => {
      if (call.target === 'BatchGetItem')
        return { body: { Responses: { yagura: rows.filter(({ pk }) => !settled.has(pk.S)) } } };
      for (const { pk } of putsOf(call)) settled.add(pk?.S);
      return {};
    });

    await store.settle(TOKEN, {
      outcomes: names.map((id) => ({ id, outcome: { kind: 'sent', messageId: 'digest', at: T0 } })),
      threads: names.map((name) => threadOf(name, { merged: true })),
      messages: [messageOf('digest', { problemKeys: names.map(keyOf) })],
    });

    const writes = calls.map(({ target }) => target).filter((target) => target !== 'BatchGetItem');
    expect(writes.indexOf('TransactWriteItems')).toBeGreaterThan(writes.lastIndexOf('BatchWriteItem'));
    expect(settled).toEqual(new Set(names.map((id) => `O#${id}`)));
  });
});
