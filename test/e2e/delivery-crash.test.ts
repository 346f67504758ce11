import { afterEach, describe, expect, test } from 'vitest';
import { guardDutyEvent } from './delivery-events.ts';
import type { MayDie, Moment } from './delivery-mortal.ts';
import { type DeliveryWorld, outboxCounts, shownIn, startWorld, TEAM, type WorldOptions } from './delivery-world.ts';

let world: DeliveryWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function start(options: WorldOptions = {}): Promise<DeliveryWorld> {
  world = await startWorld(options);
  return world;
}

const shown = () => (world === undefined ? [] : shownIn(world.slack, TEAM));
const names = (count: number) => Array.from({ length: count }, (_, n) => `n${String(n).padStart(3, '0')}`);
const findings = (count: number) => names(count).map((id) => guardDutyEvent({ id }));
const messagesAbout = (id: string) => shown().filter(({ all }) => all.includes(`bucket-${id}`)).length;

/** The n-th time this call begins or ends. */
function at(call: string, moment: Moment, nth = 1): MayDie {
  let seen = 0;
  return (name, when) => name === call && when === moment && ++seen === nth;
}

/** Runs until the worker has died, and then with another one until everything is delivered. */
async function dieAndGoOn({ dieAt, pass, restart, drain }: DeliveryWorld, isTime: MayDie): Promise<void> {
  dieAt(isTime);
  await pass(30_000);
  restart();
  await drain();
}

const MOMENTS: [string, Moment][] = [
  ['claim', 'before'],
  ['claim', 'after'],
  ['takeTurn', 'after'],
  ['post', 'before'],
  ['post', 'after'],
  ['settle', 'before'],
  ['settle', 'after'],
];

describe('a worker that dies', () => {
  test.each(MOMENTS)('at a first message (%s, %s) neither loses nor doubles it', async (call, moment) => {
    const started = await start();
    await started.accept(...findings(3));

    await dieAndGoOn(started, at(call, moment, 2));

    expect(shown().map(({ text, isReply }) => [text.includes('payments-prod'), isReply])).toEqual([
      [true, false],
      [true, false],
      [true, false],
    ]);
    expect(await outboxCounts(started.store)).toEqual({ sent: 3 });
  });

  test.each([...MOMENTS, ['edit', 'before'], ['edit', 'after']] as [string, Moment][])(
    'at a follow-up (%s, %s) neither loses nor doubles it',
    async (call, moment) => {
      const started = await start();
      const { accept, drain, store } = started;
      await accept(...findings(1));
      await drain();
      await accept(guardDutyEvent({ id: 'n000', minute: 1, severity: 9.5 }));

      await dieAndGoOn(started, at(call, moment));
      await accept(guardDutyEvent({ id: 'n000', minute: 2, severity: 9.5, archived: true }));
      await drain();

      expect(shown().map(({ isReply, text }) => [isReply, /Resolved|Updated/.exec(text)?.[0]])).toEqual([
        [false, 'Resolved'],
        [true, 'Updated'],
        [true, 'Resolved'],
      ]);
      // The central team hears of what is critical: a message, and its end as an edit with an answer.
      expect(await outboxCounts(store)).toEqual({ sent: 5 });
    },
  );

  test.each(MOMENTS)('at a digest (%s, %s) neither loses nor doubles one of its findings', async (call, moment) => {
    const started = await start();
    await started.accept(...findings(70));

    await dieAndGoOn(started, at(call, moment));

    expect(names(70).map(messagesAbout)).toEqual(names(70).map(() => 1));
    expect(await outboxCounts(started.store)).toEqual({ sent: 70 });
  });

  test('while it looks whether a message arrived leaves it to the next one', async () => {
    const started = await start();
    const { accept, slack, dieAt, pass, restart, drain } = started;
    slack.fail({ kind: 'reset-after', method: 'chat.postMessage' });
    await accept(...findings(1));

    for (const moment of ['before', 'after', 'before', 'after'] as const) {
      dieAt(at('findPosted', moment));
      await pass(10_000);
      restart();
    }
    await drain();

    expect(shown()).toHaveLength(1);
  });

  test('and stays dead for two days is followed by one that still recognises what got through', async () => {
    const started = await start();
    const { accept, clock, dieAt, pass, restart, drain, slack } = started;
    await accept(...findings(1));
    dieAt(at('post', 'after'));
    await pass(10_000);
    clock.advance(48 * 3_600_000);
    for (let n = 0; n < 6_000; n++) slack.say(TEAM, `chatter ${n}`);

    restart();
    await drain();

    expect(shown().filter(({ text }) => text.includes('payments-prod'))).toHaveLength(1);
  });

  test('leaves a record that shows what was recognised', async () => {
    const started = await start();
    await started.accept(...findings(70));

    await dieAndGoOn(started, at('post', 'after'));

    const { items } = await started.store.messagePage({ limit: 100 });
    const told = new Set(items.flatMap(({ problemKeys }) => problemKeys));
    expect(told.size).toBe(70);
    expect(items.filter(({ text }) => text === '')).toEqual([]);
  });
});
