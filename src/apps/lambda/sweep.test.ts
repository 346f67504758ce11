import { describe, expect, test } from 'vitest';
import { createLogger } from '#adapters/logger/logger.ts';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { createMemoryChat } from '#adapters/memory-chat/memory-chat.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createMemoryPacer } from '#adapters/pacer/memory-pacer.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { acceptEvents } from '#engine/accept-events.ts';
import type { StateStore } from '#ports/state-store.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../../test/stand-ins/events/fates.ts';
import { createMemoryWorkQueue } from '../../../test/stand-ins/queues.ts';
import { createFakeClock, createSeededRandom, createSkippingSleeper } from '../../../test/stand-ins/time.ts';
import { sweep } from './sweep.ts';

const PAYMENTS = 'slack:#payments-guardduty';

function prepare(yaml = '{}') {
  const clock = createFakeClock();
  const random = createSeededRandom();
  const memory = createMemoryStore();
  const store: StateStore = { ...memory };
  const { directory, policy } = contextOf('company');
  const { config } = parseConfig(yaml);
  if (config === undefined) throw new Error('the configuration is not valid');
  const queue = createMemoryWorkQueue();
  const parked: number[] = [];
  const lines: string[] = [];
  const intake = { store, clock, random, directory: () => directory, policy: () => policy };
  const hub = {
    ...{ config, store, clock, intake },
    log: createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
    context: async () => ({ directory, policy, exceptions: await store.exceptions(), now: clock.now() }),
  };
  const delivery = {
    ...{ store, clock, random, directory: () => directory, links: {} },
    sleeper: createSkippingSleeper(clock),
    chat: createMemoryChat({ now: clock.now }),
    renderer: createRenderer(),
    pacer: createMemoryPacer(),
    intervalMs: () => 1_000,
    log: () => undefined,
  };
  const run = () => sweep({ hub, delivery, queue, onParked: (count) => parked.push(count) });
  const accept = () =>
    acceptEvents(
      ['a', 'b'].map((id) => ({
        event: awsEvent({ of: 'guardduty', set: { 'detail.id': id.repeat(32), 'detail.severity': 8 } }),
      })),
      intake,
    );
  return { clock, memory, store, queue, parked, lines, run, accept };
}

describe('a sweep', () => {
  test('queues again what is due, as often as there are messages', async () => {
    const { queue, run, accept } = prepare();
    await accept();

    await run();

    expect(queue.take().map(({ body }) => body)).toEqual([PAYMENTS, PAYMENTS]);
  });

  test('gives back what a crash left claimed, and queues it in the same run', async () => {
    const { clock, memory, queue, run, accept } = prepare();
    await accept();
    await memory.claim(PAYMENTS, clock.now(), 1, 'single-of-a-dead-worker');
    clock.advance(121_000);

    await run();

    expect(queue.take()).toHaveLength(2);
  });

  test('tells how much is parked, and nothing while nothing is', async () => {
    const { clock, memory, parked, run, accept } = prepare();
    await accept();
    await run();
    const [item] = await memory.claim(PAYMENTS, clock.now(), 1, 'worker');
    const outcome = { kind: 'parked', error: 'channel_not_found', at: clock.now() } as const;
    await memory.settle('worker', { outcomes: [{ id: item?.id ?? '', outcome }], threads: [], messages: [] });
    clock.advance(60_000);

    await run();

    expect(parked).toEqual([1]);
  });

  test('reads no list that grows with what was ever sent', async () => {
    const { store, memory, run, accept } = prepare();
    await accept();
    store.outboxCounts = async () => {
      throw new Error('this reads the rows of thirty days');
    };
    const states: unknown[] = [];
    store.outboxPage = async (query) => {
      states.push(query.state);
      return memory.outboxPage(query);
    };

    await run();

    expect(states).toEqual([['parked']]);
  });

  test('does what it can when a part of it fails, and fails at its end', async () => {
    const { store, queue, lines, run, accept } = prepare();
    await accept();
    store.staleClaims = async () => {
      throw new Error('the table is away');
    };

    await expect(run()).rejects.toThrow('could not do everything: housekeeping');
    expect(queue.take()).toHaveLength(2);
    expect(lines.join()).toContain('the table is away');
  });

  test('stores the exceptions of yagura.yaml, and ends those that left it', async () => {
    const listed =
      '{ type: S3.8, account: "111122223333", reason: "public on purpose", owner: hanako, expires: 2026-12-31 }';
    const { memory, clock, run } = prepare(`exceptions:\n  - ${listed}\n`);
    await memory.saveException({
      ...{
        id: 'config:of-an-older-file',
        scope: { type: 'S3.1' },
        reason: 'old',
        owner: 'hanako',
        createdBy: 'yagura.yaml',
      },
      ...{ createdAt: 0, expiresAt: clock.now() + 1_000_000, removedAt: null, removedBy: null, silenced: 0 },
    });

    await run();
    await run();

    const stored = await memory.exceptions();
    expect(stored.map(({ scope, removedAt }) => [scope.type, removedAt])).toEqual([
      ['S3.8', null],
      ['S3.1', clock.now()],
    ]);
  });
});
