import { afterEach, describe, expect, test } from 'vitest';
import { type GuardDutyOver, guardDutyEvent } from './delivery-events.ts';
import {
  CENTRAL,
  CONFIG,
  type DeliveryWorld,
  outboxCounts,
  shownIn,
  startWorld,
  TEAM,
  type WorldOptions,
} from './delivery-world.ts';

let world: DeliveryWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function start(options: WorldOptions = {}): Promise<DeliveryWorld> {
  world = await startWorld(options);
  return world;
}

/** Starts with one finding already told. */
async function startTold(over: GuardDutyOver = {}, options: WorldOptions = {}): Promise<DeliveryWorld> {
  const started = await start(options);
  await started.accept(guardDutyEvent(over));
  await started.drain();
  return started;
}

const shown = (channel = TEAM) => (world === undefined ? [] : shownIn(world.slack, channel));

describe('one problem', () => {
  test('is one message, however often it is reported', async () => {
    const { accept, drain } = await start();

    await accept(guardDutyEvent());
    await accept(guardDutyEvent(), guardDutyEvent(), guardDutyEvent({ minute: 1 }));
    await drain();

    expect(shown()).toMatchObject([{ isReply: false, edits: 0, all: expect.stringContaining('payments-prod') }]);
  });

  test('is one message at each destination that hears of it', async () => {
    await startTold({ severity: 9.5 });

    expect([shown(TEAM).length, shown(CENTRAL).length]).toEqual([1, 1]);
  });

  test('that changes has its message edited and an answer in the thread', async () => {
    const { accept, drain } = await startTold();

    await accept(guardDutyEvent({ minute: 5, severity: 9.2 }));
    await drain();

    expect(shown()).toMatchObject([
      { isReply: false, edits: 1, all: expect.stringContaining('CRITICAL') },
      { isReply: true, text: expect.stringContaining('Updated') },
    ]);
  });

  test('whose count grows has its message edited and nothing more', async () => {
    const { accept, drain } = await startTold();

    await accept(guardDutyEvent({ minute: 5, count: 7 }));
    await drain();

    expect(shown()).toMatchObject([{ isReply: false, edits: 1, all: expect.stringContaining('7') }]);
  });

  test('that ends has its message edited and an answer in the thread', async () => {
    const { accept, drain } = await startTold();

    await accept(guardDutyEvent({ minute: 5, archived: true }));
    await drain();

    expect(shown()).toMatchObject([
      { isReply: false, edits: 1, text: expect.stringContaining('Resolved') },
      { isReply: true, text: expect.stringContaining('Resolved') },
    ]);
  });

  test('that comes back is a new message, and the old one stays as it ended', async () => {
    const { accept, drain } = await startTold();

    await accept(guardDutyEvent({ minute: 5, archived: true }));
    await drain();
    await accept(guardDutyEvent({ minute: 9 }));
    await drain();

    expect(shown()).toMatchObject([
      { isReply: false, text: expect.stringContaining('Resolved') },
      { isReply: true },
      { isReply: false, edits: 0, text: expect.not.stringContaining('Resolved') },
    ]);
  });

  test('that changed, ended and came back while Slack was down ends the old message and begins one new', async () => {
    const { accept, drain, slack } = await startTold();
    slack.fail({ kind: 'http', status: 503, times: 3 });

    await accept(guardDutyEvent({ minute: 4, severity: 5 }));
    await accept(guardDutyEvent({ minute: 5, archived: true }));
    await accept(guardDutyEvent({ minute: 9, severity: 5 }));
    await drain();

    expect(shown()).toMatchObject([
      { isReply: false, text: expect.stringContaining('Resolved') },
      { isReply: true, text: expect.stringContaining('Resolved') },
      { isReply: false, edits: 0, text: expect.not.stringContaining('Resolved') },
    ]);
  });

  test('that ended before its first message is told as ended, once', async () => {
    const { accept, drain, slack, pass } = await start();
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 30 });

    await accept(guardDutyEvent());
    await pass(1_000);
    await accept(guardDutyEvent({ minute: 5, archived: true }));
    await drain();

    expect(shown()).toMatchObject([{ isReply: false, edits: 0, text: expect.stringContaining('Resolved') }]);
  });

  test('that came back too weak for a channel is told there as over, for the time it was not', async () => {
    const { accept, drain, slack } = await start();
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 30, times: 2 });

    await accept(guardDutyEvent({ severity: 9.5 }));
    await accept(guardDutyEvent({ minute: 5, archived: true }));
    await accept(guardDutyEvent({ minute: 9, severity: 5 }));
    await drain();

    expect(shown(TEAM)).toMatchObject([{ text: expect.not.stringContaining('Resolved') }]);
    expect(shown(CENTRAL)).toMatchObject([{ text: expect.stringContaining('Resolved') }]);
  });

  test('whose message somebody deleted is told anew when it changes, and nothing is parked', async () => {
    const { accept, drain, slack, store } = await startTold();
    slack.fail({ kind: 'error', error: 'message_not_found', method: 'chat.update' });

    await accept(guardDutyEvent({ minute: 5, severity: 9.2 }));
    await drain();
    await accept(guardDutyEvent({ minute: 6, severity: 9.2, count: 12 }));
    await drain();

    expect(shown()).toMatchObject([
      { isReply: false, edits: 0 },
      { isReply: false, edits: 1, all: expect.stringContaining('12') },
    ]);
    expect(await outboxCounts(store)).not.toHaveProperty('parked');
  });
});

describe('through a webhook, which can neither edit nor answer', () => {
  const config = CONFIG.replace(`"${TEAM}"`, '{ webhook: payments }');
  const webhooks = { payments: TEAM };

  test('a change and an end are messages, a higher count is none', async () => {
    const { accept, drain } = await startTold({}, { config, webhooks });

    await accept(guardDutyEvent({ minute: 4, count: 9 }));
    await drain();
    await accept(guardDutyEvent({ minute: 5, count: 10, severity: 9.2 }));
    await drain();
    await accept(guardDutyEvent({ minute: 6, count: 10, severity: 9.2, archived: true }));
    await drain();

    expect(shown()).toMatchObject([
      { isReply: false, edits: 0 },
      { isReply: false, edits: 0, all: expect.stringContaining('CRITICAL') },
      { isReply: false, edits: 0, text: expect.stringContaining('Resolved') },
    ]);
  });

  test('a refused message is tried again, and what is under way when an answer is lost is sent again', async () => {
    const { accept, drain, slack } = await start({ config, webhooks });
    slack.fail({ kind: 'http', status: 503 });
    slack.fail({ kind: 'reset-after' });

    await accept(guardDutyEvent());
    await drain();

    // Nobody can look into a webhook's channel: at least once is all there is.
    expect(shown()).toHaveLength(2);
  });
});
