import { afterEach, describe, expect, test } from 'vitest';
import type { Chat, ChatResult } from '#ports/chat.ts';
import { guardDutyEvent } from './delivery-events.ts';
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

const shown = (channel = TEAM) => (world === undefined ? [] : shownIn(world.slack, channel));
const MINUTE = 60_000;
const names = (count: number) => Array.from({ length: count }, (_, n) => `n${String(n).padStart(3, '0')}`);
const findings = (count: number) => names(count).map((id) => guardDutyEvent({ id }));
/** Which finding each message is about. */
const told = (channel = TEAM) => shown(channel).map(({ all }) => /Finding (n\d{3})/.exec(all)?.[1]);

/** The shortest time between two calls about a channel, by Slack's own count. */
function shortestGap({ slack }: DeliveryWorld, methods = ['chat.postMessage', 'chat.update']): number {
  const times = slack.requests.filter(({ method }) => methods.includes(method)).map(({ at }) => at);
  return Math.min(...times.slice(1).map((at, n) => at - (times[n] ?? 0)));
}

describe('Slack is in trouble', () => {
  test('answering 429 for a minute: it is left alone as long as it asks, then gets everything in order', async () => {
    const started = await start();
    const { accept, drain, slack, clock } = started;
    const from = clock.now();
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 20, until: from + MINUTE });

    await accept(...findings(5));
    await drain();

    expect(told()).toEqual(names(5));
    expect(slack.requests.filter(({ status }) => status === 429)).toHaveLength(3);
    expect(shortestGap(started)).toBeGreaterThanOrEqual(1_000);
  });

  test('being down for an hour: nothing is lost or doubled, the order is kept, and then it gets one message a second', async () => {
    const started = await start();
    const { accept, drain, slack, clock, pass, store } = started;
    const from = clock.now();
    slack.fail({ kind: 'http', status: 503, until: from + 60 * MINUTE });

    for (const event of findings(30)) {
      await accept(event);
      await pass(2 * MINUTE);
    }
    await drain();

    expect(told()).toEqual(names(30));
    expect(shortestGap(started, ['chat.postMessage'])).toBeGreaterThanOrEqual(1_000);
    expect(slack.requests.length).toBeLessThan(150);
    expect(await outboxCounts(store)).toEqual({ sent: 30 });
  });

  test('being down for an hour with more waiting than a minute holds: they are merged, and each is there', async () => {
    const { accept, drain, slack, clock, store } = await start();
    slack.fail({ kind: 'http', status: 503, until: clock.now() + 60 * MINUTE });

    await accept(...findings(150));
    await drain();

    const all = shown()
      .map((message) => message.all)
      .join('\n');
    expect(names(150).filter((id) => !all.includes(`bucket-${id}`))).toEqual([]);
    expect(shown().length).toBeLessThan(70);
    expect(await outboxCounts(store)).toEqual({ sent: 150 });
  });

  test.each(['hang-after', 'reset-after'] as const)('a lost answer (%s) does not double the message', async (kind) => {
    const { accept, drain, slack, store } = await start({ timeoutMs: 300 });
    slack.fail({ kind, method: 'chat.postMessage' });

    await accept(...findings(3));
    await drain();

    expect(told()).toEqual(names(3));
    expect(await outboxCounts(store)).toEqual({ sent: 3 });
  });

  test.each(['hang', 'reset'] as const)('a lost request (%s) does not lose the message', async (kind) => {
    const { accept, drain, slack } = await start({ timeoutMs: 300 });
    slack.fail({ kind, method: 'chat.postMessage' });

    await accept(...findings(3));
    await drain();

    expect(told()).toEqual(names(3));
  });

  test('a lost answer to an answer in a thread does not double it', async () => {
    const { accept, drain, slack } = await start();
    await accept(guardDutyEvent());
    await drain();
    slack.fail({ kind: 'reset-after', method: 'chat.postMessage' });

    await accept(guardDutyEvent({ minute: 1, severity: 9.5 }));
    await drain();

    expect(shown()).toMatchObject([
      { isReply: false, edits: 1 },
      { isReply: true, edits: 0 },
    ]);
  });

  test('a lost answer to a digest does not double it', async () => {
    const { accept, drain, slack, store } = await start();
    slack.fail({ kind: 'reset-after', method: 'chat.postMessage' });

    await accept(...findings(100));
    await drain();

    const messagesAbout = (id: string) => shown().filter(({ all }) => all.includes(`bucket-${id}`)).length;
    expect(names(100).map(messagesAbout)).toEqual(names(100).map(() => 1));
    expect(await outboxCounts(store)).toEqual({ sent: 100 });
  });

  test('as long as nobody can look whether a message arrived, it is not sent again', async () => {
    const { accept, drain, slack, clock } = await start();
    slack.fail({ kind: 'reset-after', method: 'chat.postMessage' });
    slack.fail({ kind: 'http', status: 503, method: 'conversations.history', until: clock.now() + 90 * MINUTE });
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 30, method: 'conversations.history' });

    await accept(...findings(2));
    await drain();

    expect(told()).toEqual(names(2));
    expect(slack.requests.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(2);
  });

  test('where nobody ever can look, the message is parked for a person and the others go on', async () => {
    const scopes = ['chat:write', 'channels:read', 'groups:read'];
    const { accept, drain, slack, store } = await start({ scopes });
    slack.fail({ kind: 'reset-after', method: 'chat.postMessage' });

    await accept(...findings(3));
    await drain();

    const parked = await store.outboxPage({ state: ['parked'] });
    expect(parked.items.map(({ lastError }) => lastError)).toEqual([
      expect.stringMatching(/missing_scope.*not known whether this message arrived/s),
    ]);
    expect(told()).toEqual(names(3));
  });
});

describe('a destination refuses', () => {
  test('a deleted channel is parked after five tries, shown, and told to the central team once; re-sending works after the repair', async () => {
    const { accept, drain, slack, store, clock } = await start();
    slack.setChannel(TEAM, { deleted: true });

    await accept(...findings(10));
    await drain();
    await accept(guardDutyEvent({ id: 'late' }));
    await drain();

    expect(await outboxCounts(store)).toEqual({ parked: 11 });
    expect(slack.requests.filter(({ error }) => error === 'channel_not_found')).toHaveLength(6);
    expect(shown('#sec-securityhub')).toMatchObject([
      { text: expect.stringMatching(/#payments-guardduty.*10 parked/s) },
    ]);

    slack.addChannel({ name: TEAM });
    for (const { id } of (await store.outboxPage({ state: ['parked'], limit: 100 })).items)
      await store.requeue(id, clock.now());
    await drain();

    expect(told()).toEqual([...names(10), undefined]);
    expect(await outboxCounts(store)).toEqual({ sent: 11 });
  });

  test('a channel that dies again after its repair is told again', async () => {
    const { accept, drain, slack, store, clock } = await start();
    slack.setChannel(TEAM, { archived: true });
    await accept(guardDutyEvent({ id: 'n001' }));
    await drain();
    slack.setChannel(TEAM, { archived: false });
    for (const { id } of (await store.outboxPage({ state: ['parked'] })).items) await store.requeue(id, clock.now());
    await drain();

    slack.setChannel(TEAM, { archived: true });
    await accept(guardDutyEvent({ id: 'n002' }));
    await drain();

    expect(shown('#sec-securityhub')).toHaveLength(2);
  });

  test('a revoked token parks every destination, says so in the log, and a new token delivers after re-sending', async () => {
    const { accept, drain, slack, store, clock, log } = await start();
    slack.setToken('revoked');

    await accept(...findings(2), guardDutyEvent({ id: 'n009', severity: 9.5 }));
    await drain();
    const parked = (await store.outboxPage({ state: ['parked'], limit: 100 })).items;
    slack.setToken('valid');
    for (const { id } of parked) await store.requeue(id, clock.now());
    await drain();

    expect(parked.map(({ lastError }) => lastError)).toEqual(
      parked.map(() => expect.stringMatching(/token_revoked.*Install the app again/)),
    );
    expect(log.filter(({ level, message }) => level === 'error' && message.includes('parked'))).toHaveLength(2);
    expect(told()).toEqual([...names(2), 'n009']);
    expect(await outboxCounts(store)).toEqual({ sent: 4 });
  });

  test('one refused four times only loses no patience', async () => {
    const { accept, drain, slack, store } = await start();
    slack.fail({ kind: 'error', error: 'not_in_channel', times: 4 });

    await accept(...findings(3));
    await drain();

    expect(told()).toEqual(names(3));
    expect(await outboxCounts(store)).toEqual({ sent: 3 });
  });

  test('parking is on the audit log', async () => {
    const { accept, drain, slack, store } = await start();
    slack.setChannel(TEAM, { archived: true });

    await accept(...findings(3));
    await drain();

    expect(await store.auditEntries(0, 10)).toMatchObject([
      { action: 'delivery.park', target: `slack:${TEAM}`, detail: { parked: 3 } },
    ]);
  });
});

describe('a message refused for its content', () => {
  test.each(['invalid_blocks', 'msg_too_long'])('(%s) is sent as plain text', async (error) => {
    const { accept, drain, slack, store } = await start();
    slack.fail({ kind: 'error', error, method: 'chat.postMessage' });

    await accept(guardDutyEvent({ title: '<!channel> *bold* & more' }));
    await drain();

    const [message] = slack.messages(TEAM);
    expect(message?.blocks).toEqual([]);
    expect(message?.text).toContain('payments-prod (111122223333)');
    expect(message?.text).toContain('bucket-f1');
    expect(message?.text).not.toContain('<!channel>');
    expect(await outboxCounts(store)).toEqual({ sent: 1 });
  });

  test('twice is parked alone; what waits behind it goes on', async () => {
    const { accept, drain, slack, store } = await start();
    slack.fail({ kind: 'error', error: 'invalid_blocks', times: 2, method: 'chat.postMessage' });

    await accept(...findings(3));
    await drain();

    expect(told()).toEqual(['n001', 'n002']);
    expect(await outboxCounts(store)).toEqual({ sent: 2, parked: 1 });
  });

  test('as a digest is sent as plain lines, one for each finding', async () => {
    const { accept, drain, slack } = await start();
    slack.fail({ kind: 'error', error: 'msg_blocks_too_long', method: 'chat.postMessage' });

    await accept(...findings(70));
    await drain();

    const [digest] = slack.messages(TEAM);
    expect(digest?.blocks).toEqual([]);
    expect(digest?.text.match(/bucket-n\d{3}/g)?.length).toBeGreaterThan(20);
    const all = shown()
      .map((message) => message.all)
      .join('\n');
    expect(names(70).filter((id) => !all.includes(`bucket-${id}`))).toEqual([]);
  });

  test('when edited is edited as plain text', async () => {
    const { accept, drain, slack } = await start();
    await accept(guardDutyEvent());
    await drain();
    slack.fail({ kind: 'error', error: 'invalid_blocks', method: 'chat.update' });

    await accept(guardDutyEvent({ minute: 1, count: 3 }));
    await drain();

    expect(shown()).toMatchObject([{ edits: 1, text: expect.stringContaining('payments-prod') }]);
  });
});

describe('something of ours is broken', () => {
  test('a renderer that throws costs one message its looks and no other message anything', async () => {
    const { accept, drain, ports, store } = await start();
    ports.renderer.digests = () => {
      throw new Error('a bug');
    };

    await accept(...findings(80));
    await drain();

    const all = shown()
      .map((message) => message.all)
      .join('\n');
    expect(names(80).filter((id) => !all.includes(`bucket-${id}`))).toEqual([]);
    expect(await outboxCounts(store)).toEqual({ sent: 80 });
  });

  test('a chat that throws after sending doubles nothing', async () => {
    let isBroken = true;
    const chat = (inner: Chat): Chat => ({
      ...inner,
      post: async (post): Promise<ChatResult> => {
        const result = await inner.post(post);
        if (isBroken) {
          isBroken = false;
          throw new Error('a bug');
        }
        return result;
      },
    });
    const { accept, drain } = await start({ chat });

    await accept(...findings(3));
    await drain();

    expect(told()).toEqual(names(3));
  });

  test('a store that fails while a delivery is written down doubles nothing', async () => {
    const { accept, drain, store } = await start();
    const settle = store.settle;
    let failures = 3;
    store.settle = async (...settlement) => {
      if (failures-- > 0) throw new Error('the disk is full');
      await settle(...settlement);
    };

    await accept(...findings(3));
    await drain();

    expect(told()).toEqual(names(3));
  });
});
