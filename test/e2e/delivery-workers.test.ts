import { expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { createMemoryChat } from '#adapters/memory-chat/memory-chat.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createStorePacer } from '#adapters/pacer/store-pacer.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { buildDirectory } from '#core/organization/directory.ts';
import { acceptEvents } from '#engine/accept-events.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
import { takeTurn } from '#engine/delivery/take-turn.ts';
import type { Chat } from '#ports/chat.ts';
import { createFakeClock, createSeededRandom } from '../stand-ins/time.ts';
import { guardDutyEvent } from './delivery-events.ts';
import { CONFIG, outboxCounts, TEAM } from './delivery-world.ts';

const KEY = `slack:${TEAM}`;

/** Workers as the AWS home has them: they share the store and nothing else. */
function createWorkers() {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const chat = createMemoryChat({ now: clock.now });
  const { config } = parseConfig(CONFIG);
  if (config === undefined) throw new Error('the configuration of this test is wrong');
  const directory = buildDirectory(config);
  const policy = routingPolicy(config);
  const postedAt: number[] = [];
  const noting: Chat = {
    ...chat,
    post: async (post) => {
      postedAt.push(clock.now());
      return await chat.post(post);
    },
    edit: async (edit) => {
      postedAt.push(clock.now());
      return await chat.edit(edit);
    },
  };
  const worker = (seed: number, own: Partial<DeliveryPorts> = {}): DeliveryPorts => ({
    ...{ store, chat: noting, clock, random: createSeededRandom(seed), renderer: createRenderer(), links: {} },
    sleeper: { sleep: async (ms) => clock.advance(ms) },
    pacer: createStorePacer(store),
    directory: () => directory,
    intervalMs: () => 1_000,
    log: () => {},
    ...own,
  });
  const random = createSeededRandom(99);
  const accept = async (...events: unknown[]) => {
    const intake = { store, clock, random, directory: () => directory, policy: () => policy };
    await acceptEvents(
      events.map((event) => ({ event })),
      intake,
    );
  };
  const told = () => chat.messages.map(({ message }) => /Finding (n\d+)/.exec(JSON.stringify(message))?.[1]);
  return { clock, store, chat, worker, accept, told, postedAt };
}

const gaps = (times: readonly number[]) => times.slice(1).map((at, n) => at - (times[n] ?? 0));
const findings = (count: number) => Array.from({ length: count }, (_, n) => guardDutyEvent({ id: `n${n}` }));

test('two workers at one destination keep its order and its rate, and send nothing twice', async () => {
  const { clock, accept, worker, told, postedAt, store } = createWorkers();
  const workers = [worker(1), worker(2)];
  await accept(...findings(10));

  for (let round = 0; round < 100; round++) {
    await Promise.all(workers.map((ports) => takeTurn(KEY, 10, ports)));
    clock.advance(130);
  }

  expect(told()).toEqual(findings(10).map((_, n) => `n${n}`));
  expect(Math.min(...gaps(postedAt))).toBeGreaterThanOrEqual(1_000);
  expect(await outboxCounts(store)).toEqual({ sent: 10 });
});

test('an edit and its answer are two messages to the rate', async () => {
  const { clock, accept, worker, postedAt } = createWorkers();
  await accept(guardDutyEvent({ id: 'n0' }));
  await takeTurn(KEY, 1, worker(1));
  await accept(
    guardDutyEvent({ id: 'n0', minute: 1, severity: 8.5, description: 'Another one.' }),
    ...findings(3).slice(1),
  );

  for (let round = 0; round < 60; round++) {
    await takeTurn(KEY, 3, worker(round));
    clock.advance(130);
  }

  expect(postedAt).toHaveLength(5);
  expect(Math.min(...gaps(postedAt))).toBeGreaterThanOrEqual(1_000);
});

test('what one worker is told to wait for, the other waits for', async () => {
  const { clock, accept, worker, chat, told } = createWorkers();
  await accept(...findings(1));
  chat.failNext({ kind: 'busy', retryAfterMs: 30_000 });

  const first = await takeTurn(KEY, 1, worker(1));
  clock.advance(29_000);
  const second = await takeTurn(KEY, 1, worker(2));
  clock.advance(1_001);
  const third = await takeTurn(KEY, 1, worker(2));

  expect([first.kind, second.kind, third.kind]).toEqual(['wait', 'wait', 'delivered']);
  expect(told()).toEqual(['n0']);
});

test('a worker that was held up until its claim may be another one’s does not send', async () => {
  const { clock, accept, worker, chat, store } = createWorkers();
  await accept(...findings(1));
  const slow = worker(1, {
    renderer: {
      ...createRenderer(),
      message: (input) => {
        clock.advance(200_000);
        return createRenderer().message(input);
      },
    },
  });

  const turn = await takeTurn(KEY, 1, slow);

  expect([turn.kind, chat.messages.length]).toEqual(['wait', 0]);
  expect(await outboxCounts(store)).toEqual({ queued: 1 });
});

test('of two sweepers that find the same claim one settles it', async () => {
  const { clock, accept, worker, store } = createWorkers();
  await accept(...findings(1));
  await store.claim(KEY, clock.now(), 1, 'single-0-left-behind');
  clock.advance(200_000);

  const came = await Promise.all([recoverClaims(clock.now(), worker(1)), recoverClaims(clock.now(), worker(2))]);

  expect(came.map(({ requeued }) => requeued).sort()).toEqual([0, 1]);
  expect(await outboxCounts(store)).toEqual({ queued: 1 });
});

test('a claim that a running worker holds is left alone', async () => {
  const { clock, accept, worker, store } = createWorkers();
  await accept(...findings(1));
  await store.claim(KEY, clock.now(), 1, 'single-0-at-work');

  const came = await recoverClaims(clock.now() - 120_000, worker(2));

  expect(came).toMatchObject({ requeued: 0, recognised: 0 });
  expect(await outboxCounts(store)).toEqual({ sending: 1 });
});

test('a problem that nobody stores any more is parked alone', async () => {
  const { accept, worker, store, told, clock } = createWorkers();
  await accept(...findings(2));
  const forgetful = { ...store, problems: async () => new Map() };

  await takeTurn(KEY, 2, worker(1, { store: forgetful }));
  clock.advance(1_000);
  await takeTurn(KEY, 1, worker(1));

  expect(await outboxCounts(store)).toEqual({ parked: 1, sent: 1 });
  expect(told()).toEqual(['n1']);
});
