import { afterEach, describe, expect, test } from 'vitest';
import type { Chat, ChatMessage } from '#ports/chat.ts';
import { describeChat } from '../../../test/contract/chat.contract.ts';
import {
  type SlackStandIn,
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../../test/stand-ins/slack/slack-stand-in.ts';
import { createSlackWebhookChat } from './slack-webhook-chat.ts';

const NOW = 1_700_000_000_000;
const HOOK = { kind: 'slack-webhook', webhook: 'payments' } as const;
const MESSAGE: ChatMessage = { text: 'text', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'block' } }] };

function chatTo(slack: SlackStandIn, timeoutMs = 10_000): Chat {
  return createSlackWebhookChat({
    resolveUrl: async (name) => slack.webhookUrl(name),
    allowedOrigins: [slack.origin],
    timeoutMs,
  });
}

describeChat('Slack webhook', async () => {
  const slack = await startSlackStandIn({ webhooks: { payments: '#payments' }, now: () => NOW, minimumIntervalMs: 0 });
  return {
    chat: chatTo(slack),
    destination: HOOK,
    foreign: { kind: 'slack', channel: '#payments' },
    remembers: false,
    received: () => slack.messages('#payments').map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`),
    limitOnce: (seconds) => slack.fail({ kind: 'ratelimited', retryAfterSeconds: seconds }),
    breakOnce: () => slack.fail({ kind: 'http', status: 500, body: 'rollup_error' }),
    loseAnswerOnce: () => slack.fail({ kind: 'reset-after' }),
    endDestination: () => slack.setWebhook('payments', 'removed'),
    secret: 'secret1',
    now: () => NOW,
    stop: () => slack.stop(),
  };
});

let slack: SlackStandIn | undefined;
afterEach(async () => {
  await slack?.stop();
  slack = undefined;
});

async function start(options: SlackStandInOptions = {}): Promise<{ slack: SlackStandIn; chat: Chat }> {
  slack = await startSlackStandIn({ webhooks: { payments: '#payments' }, minimumIntervalMs: 0, ...options });
  return { slack, chat: chatTo(slack) };
}

const post = (chat: Chat, more: { threadTs?: string; message?: ChatMessage } = {}) =>
  chat.post({ destination: HOOK, message: MESSAGE, idempotencyKey: 'item-1', ...more });

test('leaves out buttons that nobody would answer and keeps those that are links', async () => {
  const { slack, chat } = await start();
  const acknowledge = { type: 'button', action_id: 'yagura.acknowledge', text: { type: 'plain_text', text: 'Ack' } };
  const open = {
    type: 'button',
    action_id: 'open',
    url: 'https://example.com/',
    text: { type: 'plain_text', text: 'Open' },
  };
  const buttons = { type: 'actions', block_id: 'yagura', elements: [acknowledge, open] };
  const onlyDead = { type: 'actions', elements: [acknowledge] };

  await post(chat, { message: { text: 't', blocks: [...MESSAGE.blocks, buttons, onlyDead] } });

  expect(slack.messages()[0]?.blocks).toEqual([...MESSAGE.blocks, { ...buttons, elements: [open] }]);
});

test('honours the rate of one message a second and the time Slack names', async () => {
  const { chat } = await start({ minimumIntervalMs: 1_000, now: () => NOW });

  expect([await post(chat), await post(chat)]).toEqual([
    { kind: 'sent', channelId: null, ts: null },
    { kind: 'busy', retryAfterMs: 1_000 },
  ]);
});

const REFUSED: [number, string, RegExp][] = [
  [400, 'invalid_payload', /report/],
  [400, 'invalid_blocks', /report/],
  [403, 'action_prohibited', /administrator/],
  [403, 'invalid_token', /store the new URL/],
  [404, 'channel_not_found', /Create the channel/],
  [404, 'no_service', /create a new one and store its URL/],
  [404, 'no_team', /whole URL/],
  [410, 'channel_is_archived', /Unarchive/],
  [404, '<html>not Slack at all</html>', /HTTP 404/],
  [418, 'something_new_in_2031', /HTTP 418/],
];
test.each(REFUSED)('rejects HTTP %i %s for good and says what to do', async (status, body, advice) => {
  const { slack, chat } = await start();
  slack.fail({ kind: 'http', status, body });

  const result = await post(chat);

  expect(result).toMatchObject({ kind: 'rejected', error: expect.stringMatching(advice) });
  expect(result).toMatchObject({ error: expect.stringContaining('webhook payments') });
});

test('refuses to follow a redirect, and never calls the other server', async () => {
  const { slack, chat } = await start();
  slack.fail({ kind: 'redirect', location: `${slack.origin}/stolen` });

  expect(await post(chat)).toMatchObject({ kind: 'rejected', error: expect.stringContaining('redirected') });
  expect(slack.requests).toHaveLength(1);
});

test('is unavailable when Slack hangs or the connection breaks', async () => {
  const { slack } = await start();
  const chat = chatTo(slack, 200);
  slack.fail({ kind: 'hang' });
  slack.fail({ kind: 'reset' });

  expect(await post(chat)).toMatchObject({ kind: 'unavailable', error: expect.stringContaining('0.2 s') });
  expect((await post(chat)).kind).toBe('unavailable');
});

describe('the URL', () => {
  const never = async () => {
    throw new Error('a request was sent');
  };

  const UNSAFE: [string, string | undefined][] = [
    ['nothing stored', undefined],
    ['an empty value', ' '],
    ['no URL', 'hooks.slack.com/services/T/B/secret'],
    ['plain http', 'http://hooks.slack.com/services/T/B/secret'],
    ['another host', 'https://hooks.slack.com.example.com/services/T/B/secret'],
    ['the cloud metadata service', 'http://169.254.169.254/services/T/B/secret'],
    ['a host behind a user name', 'https://hooks.slack.com@example.com/services/T/B/secret'],
    ['a user name on the right host', 'https://user:secret@hooks.slack.com/services/T/B/secret'],
    ['another port', 'https://hooks.slack.com:8443/services/T/B/secret'],
    ['a workflow trigger', 'https://hooks.slack.com/workflows/T/A/secret'],
    ['a path that climbs out', 'https://hooks.slack.com/services/../api/secret'],
  ];
  test.each(UNSAFE)('is refused when it is %s, without a request and without telling it', async (_, url) => {
    const chat = createSlackWebhookChat({ resolveUrl: async () => url, fetch: never });

    const result = await post(chat);

    expect(result.kind).toBe('rejected');
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  test('on Slack itself is used as it is stored', async () => {
    const called: string[] = [];
    const chat = createSlackWebhookChat({
      resolveUrl: async () => ' https://hooks.slack.com/services/T0/B0/secret\n',
      fetch: async (url) => {
        called.push(url);
        return new Response('ok');
      },
    });

    expect((await post(chat)).kind).toBe('sent');
    expect(called).toEqual(['https://hooks.slack.com/services/T0/B0/secret']);
  });

  test('that cannot be read now makes the webhook unavailable, not lost', async () => {
    const chat = createSlackWebhookChat({
      resolveUrl: async () => Promise.reject(new Error('secret store is down')),
      fetch: never,
    });

    expect(await post(chat)).toMatchObject({
      kind: 'unavailable',
      error: expect.stringContaining('secret store is down'),
    });
  });

  test('is not in the result when the network names it in its error', async () => {
    const url = 'https://hooks.slack.com/services/T0/B0/secret';
    const fetch = async () => Promise.reject(new TypeError('fetch failed', { cause: new Error(`connect to ${url}`) }));
    const chat = createSlackWebhookChat({ resolveUrl: async () => url, fetch });

    const result = await post(chat);

    expect(result.kind).toBe('unavailable');
    expect(JSON.stringify(result)).not.toContain('secret"');
    expect(JSON.stringify(result)).not.toContain('B0/secret');
  });
});

test('reads no more than a little of an endless answer', async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new TextEncoder().encode('x'.repeat(100)));
    },
  });
  const chat = createSlackWebhookChat({
    resolveUrl: async () => 'https://hooks.slack.com/services/T0/B0/secret',
    fetch: async () => new Response(endless, { status: 404 }),
  });

  expect((await post(chat)).kind).toBe('rejected');
  expect(pulled).toBeLessThan(20);
});
