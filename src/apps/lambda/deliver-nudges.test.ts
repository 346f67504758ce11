import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { createMemoryChat } from '#adapters/memory-chat/memory-chat.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createStorePacer } from '#adapters/pacer/store-pacer.ts';
import { acceptEvents } from '#engine/accept-events.ts';
import type { DeliveryLog } from '#engine/delivery/delivery-ports.ts';
import type { StateStore } from '#ports/state-store.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom, createSkippingSleeper } from '../../../test/stand-ins/time.ts';
import { deliverNudges } from './deliver-nudges.ts';

const PAYMENTS = 'slack:#payments-securityhub';
const WEB = 'slack:#web';

/** Delivery with a store that counts what is read of queues, and that can be bent. */
function prepare() {
  const clock = createFakeClock();
  const sleeper = createSkippingSleeper(clock);
  const random = createSeededRandom();
  const memory = createMemoryStore();
  const chat = createMemoryChat({ now: clock.now });
  const { directory, policy } = contextOf('company');
  const reads: string[] = [];
  const logged: DeliveryLog[] = [];
  const noted = <T>(what: string, answer: T): T => {
    reads.push(what);
    return answer;
  };
  const store: StateStore = {
    ...memory,
    dueDestinations: (now) => noted('all queues', memory.dueDestinations(now)),
    outboxPage: (query) => noted(`queue of ${query.destinationKey}`, memory.outboxPage(query)),
    claim: (key, now, limit, token) => noted(`claim ${key}`, memory.claim(key, now, limit, token)),
  };
  const freeAt = new Map<string, number>();
  const ports = {
    ...{ store, clock, sleeper, random, chat, freeAt },
    renderer: createRenderer(),
    pacer: createStorePacer(memory),
    directory: () => directory,
    links: {},
    intervalMs: () => 1_000,
    log: (event: DeliveryLog) => void logged.push(event),
  };
  const intake = { store: memory, clock, random, directory: () => directory, policy: () => policy };
  /** Control findings, of the payments team's account or the web team's. */
  const accept = (names: readonly string[], account = '111122223333') =>
    acceptEvents(
      names.map((name) => ({ event: finding(name, account) })),
      intake,
    );
  const nudges = (keys: readonly string[], sentAt = clock.now()) => ({
    Records: keys.map((body, n) => ({ messageId: `m${n}`, body, attributes: { SentTimestamp: String(sentAt) } })),
  });
  const deliver = (keys: readonly string[], sentAt?: number, timeLeft = 240_000) =>
    deliverNudges(nudges(keys, sentAt), { ...ports, deadline: clock.now() + timeLeft });
  const sent = () => chat.messages.map(({ message }) => /arn:aws:s3:::([\w-]+)/.exec(JSON.stringify(message))?.[1]);
  return { clock, sleeper, memory, store, chat, reads, logged, freeAt, accept, deliver, sent };
}

function finding(name: string, account: string): unknown {
  const arn = `arn:aws:s3:::${name}`;
  const set = {
    'finding.Resources.0.Id': arn,
    'finding.ProductFields.Resources:0/Id': arn,
    'finding.AwsAccountId': account,
  };
  return awsEvent({ of: 'control', set });
}

const DONE = { batchItemFailures: [] };

describe('a nudge', () => {
  test('sends one message, and the next one waits its second', async () => {
    const { clock, sleeper, accept, deliver, sent } = prepare();
    await accept(['a', 'b', 'c']);
    const start = clock.now();

    const answer = await deliver([PAYMENTS, PAYMENTS]);

    expect(answer).toEqual(DONE);
    expect(sent()).toEqual(['a', 'b']);
    expect(clock.now() - start).toBe(1_000);
    expect(sleeper.slept).toEqual([1_000]);
  });

  test('reads the queue of its destination only, and claims nothing before it may send', async () => {
    const { accept, deliver, reads } = prepare();
    await accept(['a', 'b']);

    await deliver([PAYMENTS, PAYMENTS]);

    const each = [`queue of ${PAYMENTS}`, `claim ${PAYMENTS}`];
    expect(reads).toEqual([...each, ...each]);
  });

  test('that is late and finds nothing is over at once, without a claim', async () => {
    const { clock, sleeper, deliver, reads } = prepare();

    await deliver([PAYMENTS], clock.now() - 1_000);

    expect(sleeper.slept).toEqual([]);
    expect(reads).toEqual([`queue of ${PAYMENTS}`]);
  });

  test('that is fresh and finds nothing looks again a second after it was sent', async () => {
    const { clock, sleeper, store, memory, accept, deliver, sent } = prepare();
    await accept(['a']);
    const sentAt = clock.now() - 300;
    let hidden = 1;
    store.outboxPage = async (query) =>
      hidden-- > 0 ? { items: [], total: 0, nextToken: null } : memory.outboxPage(query);

    await deliver([PAYMENTS], sentAt);

    expect(sleeper.slept).toEqual([700]);
    expect(sent()).toEqual(['a']);
  });

  test('looks again once, not for ever', async () => {
    const { sleeper, deliver } = prepare();

    await deliver([PAYMENTS]);

    expect(sleeper.slept).toEqual([1_000]);
  });

  test('merges a burst into one message, and counts only what is due', async () => {
    const { accept, deliver, chat, reads } = prepare();
    await accept(Array.from({ length: 70 }, (_none, n) => `bucket-${n}`));

    await deliver([PAYMENTS]);

    expect(reads.slice(0, 2)).toEqual([`queue of ${PAYMENTS}`, 'all queues']);
    expect(chat.messages).toHaveLength(1);
    expect(JSON.stringify(chat.messages[0]?.message)).toContain('bucket-1');
  });

  test('leaves a long pause to the sweeper, and so do those behind it, without claims', async () => {
    const { accept, deliver, chat, reads, sleeper } = prepare();
    await accept(['a', 'b', 'c']);
    chat.failNext({ kind: 'busy', retryAfterMs: 60_000 });

    const answer = await deliver([PAYMENTS, PAYMENTS, PAYMENTS]);

    expect(answer).toEqual(DONE);
    expect(reads.filter((read) => read.startsWith('claim'))).toHaveLength(1);
    expect(sleeper.slept).toEqual([]);
  });

  test('waits for a short pause', async () => {
    const { accept, deliver, chat, sent, sleeper } = prepare();
    await accept(['a']);
    chat.failNext({ kind: 'busy', retryAfterMs: 3_000 });

    await deliver([PAYMENTS]);

    expect(sleeper.slept).toEqual([3_000]);
    expect(sent()).toEqual(['a']);
  });

  test('stops in time', async () => {
    const { accept, deliver, sent } = prepare();
    await accept(['a', 'b', 'c', 'd']);

    const answer = await deliver([PAYMENTS, PAYMENTS, PAYMENTS, PAYMENTS], undefined, 1_500);

    expect(answer).toEqual(DONE);
    expect(sent()).toEqual(['a', 'b']);
  });

  test('finds out whether a message arrived whose answer was lost', async () => {
    const { accept, deliver, chat, sent, memory } = prepare();
    await accept(['a', 'b']);
    chat.failNext({ kind: 'unavailable', error: 'the connection broke' }, { afterwards: true });
    chat.failLookups({ kind: 'unavailable', error: 'the connection broke' });

    await deliver([PAYMENTS, PAYMENTS]);

    expect(sent()).toEqual(['a', 'b']);
    expect(await memory.outboxCounts()).toEqual([{ destinationKey: PAYMENTS, state: 'sent', count: 2 }]);
  });
});

test('a nudge sends its message again when it turns out that it never arrived', async () => {
  const { accept, deliver, chat, sent } = prepare();
  await accept(['a']);
  chat.failNext({ kind: 'unavailable', error: 'the connection broke' });
  chat.failLookups({ kind: 'unavailable', error: 'the connection broke' });

  await deliver([PAYMENTS]);

  expect(sent()).toEqual(['a']);
});

describe('a batch of nudges', () => {
  test('serves its destinations side by side', async () => {
    const { clock, accept, deliver, sent } = prepare();
    await accept(['a', 'b']);
    await accept(['w', 'x'], '222233334444');
    const start = clock.now();

    await deliver([PAYMENTS, PAYMENTS, WEB, WEB]);

    expect(sent().sort()).toEqual(['a', 'b', 'w', 'x']);
    // The skipping sleeper adds up what is waited for at the same time.
    expect(clock.now() - start).toBeLessThanOrEqual(2_000);
  });

  test('reports the first that failed and those behind it in its lane, and no others', async () => {
    const { store, memory, accept, deliver, sent, logged } = prepare();
    await accept(['a', 'b']);
    await accept(['w'], '222233334444');
    store.outboxPage = async (query) => {
      if (query.destinationKey === PAYMENTS) throw new Error('the table is away');
      return memory.outboxPage(query);
    };

    const answer = await deliver([PAYMENTS, WEB, PAYMENTS]);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }] });
    expect(sent()).toEqual(['w']);
    expect(logged).toMatchObject([
      { level: 'error', destinationKey: PAYMENTS, detail: expect.stringContaining('away') },
    ]);
  });
});
