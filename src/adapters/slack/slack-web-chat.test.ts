import { afterEach, describe, expect, test } from 'vitest';
import type { Chat, ChatMessage, ChatResult, PostedLookup, PostedSearch } from '#ports/chat.ts';
import { describeChat } from '../../../test/contract/chat.contract.ts';
import {
  type SlackStandIn,
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../../test/stand-ins/slack/slack-stand-in.ts';
import { createSlackWebChat } from './slack-web-chat.ts';

const NOW = 1_700_000_000_000;
const TOKEN = 'xoxb-111122223333-very-secret';
const SOC = { kind: 'slack', channel: '#soc' } as const;
const MESSAGE: ChatMessage = { text: 'text', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'block' } }] };

describeChat('Slack Web API', async () => {
  const slack = await startSlackStandIn({ channels: ['#soc'], botToken: TOKEN, now: () => NOW, minimumIntervalMs: 0 });
  return {
    chat: createSlackWebChat({ token: TOKEN, baseUrl: slack.apiUrl }),
    destination: SOC,
    foreign: { kind: 'slack-webhook', webhook: 'soc' },
    remembers: true,
    received: () => slack.messages('#soc').map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`),
    limitOnce: (seconds) => slack.fail({ kind: 'ratelimited', retryAfterSeconds: seconds }),
    breakOnce: () => slack.fail({ kind: 'http', status: 503, body: `<html>proxy saw ${TOKEN}</html>` }),
    breakLookup: () => slack.fail({ kind: 'http', status: 503, method: 'conversations.history' }),
    loseAnswerOnce: () => slack.fail({ kind: 'reset-after', method: 'chat.postMessage' }),
    endDestination: () => slack.setToken('revoked'),
    secret: 'very-secret',
    now: () => NOW,
    stop: () => slack.stop(),
  };
});

let slack: SlackStandIn | undefined;
afterEach(async () => {
  await slack?.stop();
  slack = undefined;
});

function lookUp(chat: Chat, idempotencyKey: string, more: Partial<PostedSearch> = {}): Promise<PostedLookup> {
  return chat.findPosted({ destination: SOC, idempotencyKey, since: NOW, ...more });
}

async function start(
  options: SlackStandInOptions = {},
  timeoutMs = 10_000,
): Promise<{ slack: SlackStandIn; chat: Chat }> {
  slack = await startSlackStandIn({
    channels: ['#soc'],
    botToken: TOKEN,
    now: () => NOW,
    minimumIntervalMs: 0,
    ...options,
  });
  return { slack, chat: createSlackWebChat({ token: TOKEN, baseUrl: slack.apiUrl, timeoutMs }) };
}

const post = (chat: Chat, more: { threadTs?: string; idempotencyKey?: string; message?: ChatMessage } = {}) =>
  chat.post({ destination: SOC, message: MESSAGE, idempotencyKey: 'item-1', ...more });

function tsOf(result: ChatResult): string {
  if (result.kind !== 'sent' || result.ts === null) throw new Error(`not sent: ${JSON.stringify(result)}`);
  return result.ts;
}

test('posts with metadata, without previews, and takes no mention out of hostile text', async () => {
  const { slack, chat } = await start();

  await post(chat);

  expect(slack.requests[0]).toMatchObject({
    method: 'chat.postMessage',
    args: { channel: 'soc', unfurl_links: 'false', unfurl_media: 'false', parse: 'none' },
  });
  expect(slack.messages('#soc')[0]?.metadata).toEqual({
    event_type: 'yagura_notification',
    event_payload: { id: 'item-1' },
  });
});

test('answers in a thread and finds the answer there', async () => {
  const { slack, chat } = await start();
  const parent = tsOf(await post(chat));

  const reply = tsOf(await post(chat, { threadTs: parent, idempotencyKey: 'item-2' }));
  const inThread = await lookUp(chat, 'item-2', { threadTs: parent });
  const inChannel = await lookUp(chat, 'item-2');

  expect(slack.messages('#soc').map(({ threadTs }) => threadTs)).toEqual([null, parent]);
  expect(inThread).toMatchObject({ kind: 'found', ts: reply });
  expect(inChannel).toEqual({ kind: 'none' });
});

test('an edit without blocks removes the old ones', async () => {
  const { slack, chat } = await start();
  const sent = await post(chat);
  if (sent.kind !== 'sent' || sent.channelId === null || sent.ts === null) throw new Error('not sent');

  await chat.edit({ destination: SOC, channelId: sent.channelId, ts: sent.ts, message: { text: 'over', blocks: [] } });

  expect(slack.messages('#soc')[0]).toMatchObject({ text: 'over', blocks: [] });
});

test('replaces half characters, which cannot be sent, and loses nothing around them', async () => {
  const { slack, chat } = await start();
  const block = { type: 'section', text: { type: 'plain_text', text: 'a\udc00b' } };

  await post(chat, { message: { text: 'a\ud800b\ud800', blocks: [block] } });

  expect(slack.messages('#soc')[0]).toMatchObject({
    text: 'a\ufffdb\ufffd',
    blocks: [{ text: { text: 'a\ufffdb' } }],
  });
});

test('cuts the text beside blocks to what an edit may carry and says how much is missing', async () => {
  const { slack, chat } = await start();

  await post(chat, { message: { ...MESSAGE, text: '字'.repeat(5_000) } });

  const [sent] = slack.messages('#soc');
  expect(sent?.text).toHaveLength(4_000);
  expect(sent?.text).toMatch(/字… \(\+1009\)$/);
});

describe('recognising what got through', () => {
  test('finds a message after a restart, when only the channel name is known', async () => {
    const { slack, chat } = await start({ channels: [{ name: 'other' }, { name: 'soc', private: true }] });
    const ts = tsOf(await post(chat));
    const restarted = createSlackWebChat({ token: TOKEN, baseUrl: slack.apiUrl });

    const found = await lookUp(restarted, 'item-1');

    expect(found).toEqual({ kind: 'found', channelId: 'C0000000002', ts });
  });

  test('asks for the channel once and remembers it', async () => {
    const { slack, chat } = await start();

    await lookUp(chat, 'item-1');
    await lookUp(chat, 'item-2');

    expect(slack.requests.map(({ method }) => method)).toEqual([
      'users.conversations',
      'conversations.history',
      'conversations.history',
    ]);
  });

  test('reads further pages, and forgets messages from long before', async () => {
    let now = NOW;
    const { slack, chat } = await start({ now: () => now });
    const ts = tsOf(await post(chat, { idempotencyKey: 'wanted' }));
    for (let i = 0; i < 600; i += 1) slack.say('#soc', `chatter ${i}`);

    const found = await lookUp(chat, 'wanted', { since: now });
    now += 3_600_000;
    const tooOld = await lookUp(chat, 'wanted', { since: now });

    expect(found).toMatchObject({ kind: 'found', ts });
    expect(tooOld).toEqual({ kind: 'none' });
  });

  test('gives up after ten pages', async () => {
    const { slack, chat } = await start();
    await post(chat, { idempotencyKey: 'wanted' });
    for (let i = 0; i < 5_100; i += 1) slack.say('#soc', 'chatter');

    const found = await lookUp(chat, 'wanted');

    expect(found).toMatchObject({ kind: 'unknown', failure: { kind: 'unavailable' } });
    expect(slack.requests.filter(({ method }) => method === 'conversations.history')).toHaveLength(10);
  });

  test('does not take the word of another app or a person for ours', async () => {
    const { slack, chat } = await start();
    slack.say('#soc', 'item-1');

    expect(await lookUp(chat, 'item-1')).toEqual({ kind: 'none' });
  });

  test('looks at the time it is told only, so that what came later costs nothing', async () => {
    let now = NOW;
    const { slack, chat } = await start({ now: () => now });
    const ts = tsOf(await post(chat, { idempotencyKey: 'wanted' }));
    now += 3_600_000;
    for (let i = 0; i < 5_100; i += 1) slack.say('#soc', 'chatter');

    const found = await lookUp(chat, 'wanted', { until: NOW });

    expect(found).toMatchObject({ kind: 'found', ts });
    expect(slack.requests.filter(({ method }) => method === 'conversations.history')).toHaveLength(1);
  });

  test.each([
    ['users.conversations', 'missing_scope', 'rejected'],
    ['conversations.history', 'missing_scope', 'rejected'],
    ['conversations.history', 'internal_error', 'unavailable'],
    ['conversations.history', 'ratelimited', 'busy'],
  ])('says that it could not look when %s fails with %s', async (method, error, kind) => {
    const { slack, chat } = await start();
    await createSlackWebChat({ token: TOKEN, baseUrl: slack.apiUrl }).post({
      ...{ destination: SOC, message: MESSAGE, idempotencyKey: 'item-1' },
    });
    slack.fail({ kind: 'error', error, method });

    expect(await lookUp(chat, 'item-1')).toMatchObject({ kind: 'unknown', failure: { kind } });
  });

  test('does not say that nothing is there in a channel the app is not in', async () => {
    const { chat } = await start();
    const destination = { kind: 'slack', channel: '#elsewhere' } as const;

    const found = await chat.findPosted({ destination, idempotencyKey: 'item-1', since: NOW });

    expect(found).toMatchObject({ kind: 'unknown', failure: { kind: 'rejected' } });
  });

  test('says that nothing is there in a thread that is gone', async () => {
    const { chat } = await start();

    expect(await lookUp(chat, 'item-1', { threadTs: '1.000001' })).toEqual({ kind: 'none' });
  });
});

describe('what Slack refuses', () => {
  const REFUSED: [string, RegExp][] = [
    ['channel_not_found', /Posting to #soc.*Create the channel/],
    ['not_in_channel', /Posting to #soc.*\/invite @yagura/],
    ['is_archived', /Unarchive/],
    ['invalid_auth', /new bot token/],
    ['token_revoked', /new bot token/],
    ['token_expired', /new bot token/],
    ['account_inactive', /new bot token/],
    ['missing_scope', /slack-app-manifest/],
    ['msg_too_long', /report/],
    ['msg_blocks_too_long', /report/],
    ['invalid_blocks', /report/],
    ['restricted_action', /administrator/],
  ];
  test.each(REFUSED)('rejects %s for good and says what to do', async (error, advice) => {
    const { slack, chat } = await start();
    slack.fail({ kind: 'error', error });

    const result = await post(chat);

    expect(result).toMatchObject({ kind: 'rejected', error: expect.stringMatching(advice) });
    expect(result).toMatchObject({ error: expect.stringContaining(`Slack said ${error}`) });
  });

  test('passes on which block is at fault', async () => {
    const { chat } = await start();

    const result = await post(chat, { message: { text: 't', blocks: [{ type: 'marquee' }] } });

    expect(result).toMatchObject({ kind: 'rejected', error: expect.stringContaining('[json-pointer:/blocks/0]') });
  });

  test('names the scope that is missing', async () => {
    const { chat } = await start({ scopes: ['channels:read'] });

    expect(await post(chat)).toMatchObject({ kind: 'rejected', error: expect.stringContaining('chat:write') });
  });

  test.each(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout', 'something_new_in_2031'])(
    'tries again after %s',
    async (error) => {
      const { slack, chat } = await start();
      slack.fail({ kind: 'error', error });

      expect(await post(chat)).toMatchObject({ kind: 'unavailable', error: expect.stringContaining(error) });
    },
  );
});

describe('a Slack in trouble', () => {
  test('says for how long it is busy, also when the limit comes without HTTP 429', async () => {
    const { slack, chat } = await start();
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 42 });
    slack.fail({ kind: 'error', error: 'ratelimited' });

    expect([await post(chat), await post(chat)]).toEqual([
      { kind: 'busy', retryAfterMs: 42_000 },
      { kind: 'busy', retryAfterMs: 30_000 },
    ]);
  });

  test('is unavailable when it hangs, resets, redirects or answers nonsense', async () => {
    const { slack, chat } = await start({}, 200);
    slack.fail({ kind: 'hang' });
    slack.fail({ kind: 'reset' });
    slack.fail({ kind: 'redirect', location: 'http://192.0.2.1/' });
    slack.fail({ kind: 'http', status: 200, body: '<html>maintenance</html>' });
    slack.fail({ kind: 'http', status: 200, body: '[1' });

    const results = [];
    for (let i = 0; i < 5; i += 1) results.push(await post(chat));

    expect(results.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'unavailable'));
    expect(results[0]).toMatchObject({ error: expect.stringContaining('no answer within 0.2 s') });
    expect(slack.messages()).toHaveLength(0);
  });

  test('sends each request once: the outbox retries, not the client', async () => {
    const { slack, chat } = await start();
    slack.fail({ kind: 'http', status: 500, times: 3 });

    await post(chat);

    expect(slack.requests).toHaveLength(1);
  });
});

describe('the token', () => {
  test('may be replaced while the program runs', async () => {
    const { slack } = await start();
    let token: string | undefined = 'xoxb-old';
    const chat = createSlackWebChat({ token: async () => token, baseUrl: slack.apiUrl });

    const old = await post(chat);
    token = TOKEN;
    const replaced = await post(chat);
    token = undefined;
    const removed = await post(chat);

    expect([old.kind, replaced.kind, removed.kind]).toEqual(['rejected', 'sent', 'rejected']);
  });

  test('that cannot be read makes Slack unavailable, not lost', async () => {
    const { slack } = await start();
    const token = async () => Promise.reject(new Error('secret store is down'));
    const chat = createSlackWebChat({ token, baseUrl: slack.apiUrl });

    expect(await post(chat)).toMatchObject({
      kind: 'unavailable',
      error: expect.stringContaining('secret store is down'),
    });
  });

  test('is never sent in the clear', () => {
    expect(() => createSlackWebChat({ token: TOKEN, baseUrl: 'http://slack.example.com/api/' })).toThrow(
      /must be https/,
    );
  });

  test('is in no result and on no output, whatever goes wrong', async () => {
    const { slack, chat } = await start();
    const written: string[] = [];
    const write = process.stdout.write;
    const writeError = process.stderr.write;
    const capture = (chunk: unknown) => {
      written.push(String(chunk));
      return true;
    };
    process.stdout.write = capture;
    process.stderr.write = capture;
    try {
      slack.fail({ kind: 'http', status: 200, body: `{"ok":false,"error":"${TOKEN}"}` });
      slack.fail({ kind: 'http', status: 500, body: TOKEN });
      slack.fail({ kind: 'reset' });
      slack.fail({ kind: 'ratelimited', retryAfterSeconds: 1 });
      slack.fail({ kind: 'error', error: 'invalid_auth' });
      for (let i = 0; i < 5; i += 1) written.push(JSON.stringify(await post(chat)));
    } finally {
      process.stdout.write = write;
      process.stderr.write = writeError;
    }

    expect(written).toHaveLength(5);
    expect(written.join('\n')).not.toContain('very-secret');
  });
});
