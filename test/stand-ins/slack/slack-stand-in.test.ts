import { afterEach, describe, expect, test } from 'vitest';
import { type SlackStandIn, type SlackStandInOptions, startSlackStandIn } from './slack-stand-in.ts';

let slack: SlackStandIn | undefined;
afterEach(async () => {
  await slack?.stop();
  slack = undefined;
});

async function start(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  slack = await startSlackStandIn({ channels: ['#soc'], minimumIntervalMs: 0, ...options });
  return slack;
}

type Called = { status: number; retryAfter: string | null; body: Record<string, unknown> };

async function call(
  to: SlackStandIn,
  method: string,
  args: Record<string, unknown>,
  token = to.botToken,
): Promise<Called> {
  const response = await fetch(`${to.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (more: Record<string, unknown> = {}) => ({
  type: 'button',
  action_id: 'yagura.acknowledge',
  text: { type: 'plain_text', text: 'Acknowledge' },
  ...more,
});
const actions = (elements: unknown[]) => ({ type: 'actions', block_id: 'yagura', elements });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('limits of a message', () => {
  const taken: [string, unknown[]][] = [
    ['50 blocks', many(50, () => section('x'))],
    ['3,000 characters in a section', [section('x'.repeat(3_000))]],
    ['150 characters in a header', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(150) } }]],
    [
      'ten fields of 1,300',
      [{ type: 'section', fields: many(10, () => ({ type: 'mrkdwn', text: 'x'.repeat(1_300) })) }],
    ],
    ['12,797 characters in five blocks', many(5, (i) => section('x'.repeat(i < 4 ? 3_000 : 797)))],
    ['a button value of 2,000', [actions([button({ value: 'x'.repeat(2_000) })])]],
  ];
  test.each(taken)('takes %s', async (_, blocks) => {
    const to = await start();
    const { body } = await call(to, 'chat.postMessage', { channel: '#soc', text: 't', blocks });
    expect(body).toMatchObject({ ok: true });
  });

  const refused: [string, unknown[], string, string][] = [
    ['51 blocks', many(51, () => section('x')), 'invalid_blocks', '/blocks]'],
    ['3,001 characters in a section', [section('x'.repeat(3_001))], 'invalid_blocks', '/blocks/0/text/text]'],
    ['an empty section', [section('')], 'invalid_blocks', '/blocks/0/text/text]'],
    [
      'a header of 151',
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      'invalid_blocks',
      '/blocks/0/text/text]',
    ],
    [
      'a header in mrkdwn',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      'invalid_blocks',
      '/blocks/0/text/type]',
    ],
    [
      'eleven fields',
      [{ type: 'section', fields: many(11, () => ({ type: 'mrkdwn', text: 'x' })) }],
      'invalid_blocks',
      '/fields]',
    ],
    [
      'a field of 2,001',
      [{ type: 'section', fields: [{ type: 'mrkdwn', text: 'x'.repeat(2_001) }] }],
      'invalid_blocks',
      '/fields/0/text]',
    ],
    [
      'eleven context elements',
      [{ type: 'context', elements: many(11, () => ({ type: 'mrkdwn', text: 'x' })) }],
      'invalid_blocks',
      '/elements]',
    ],
    ['26 buttons', [actions(many(26, (i) => button({ action_id: `a${i}` })))], 'invalid_blocks', '/elements]'],
    [
      'a button text of 76',
      [actions([button({ text: { type: 'plain_text', text: 'x'.repeat(76) } })])],
      'invalid_blocks',
      '/text/text]',
    ],
    ['a button value of 2,001', [actions([button({ value: 'x'.repeat(2_001) })])], 'invalid_blocks', '/value]'],
    ['a block id of 256', [{ ...section('x'), block_id: 'x'.repeat(256) }], 'invalid_blocks', '/block_id]'],
    [
      'the same block id twice',
      [
        { ...section('x'), block_id: 'a' },
        { ...section('x'), block_id: 'a' },
      ],
      'invalid_blocks',
      '/blocks/1/block_id]',
    ],
    ['the same action id twice', [actions([button(), button()])], 'invalid_blocks', '/action_id]'],
    ['an unknown block', [{ type: 'marquee' }], 'invalid_blocks', '/blocks/0]'],
    [
      '12,798 characters in five blocks',
      many(5, (i) => section('x'.repeat(i < 4 ? 3_000 : 798))),
      'msg_blocks_too_long',
      '',
    ],
  ];
  test.each(refused)('refuses %s and says where', async (_, blocks, error, pointer) => {
    const to = await start();
    const { body } = await call(to, 'chat.postMessage', { channel: '#soc', text: 't', blocks });
    expect(body).toMatchObject({ ok: false, error });
    expect(JSON.stringify(body['errors'] ?? '')).toContain(pointer);
    expect(to.messages()).toHaveLength(0);
  });

  test('refuses a text of 40,001, an empty message and blocks that are no array', async () => {
    const to = await start();
    const errors = [];
    for (const args of [{ text: 'x'.repeat(40_001) }, {}, { text: 't', blocks: '{' }]) {
      errors.push((await call(to, 'chat.postMessage', { channel: '#soc', ...args })).body['error']);
    }
    expect(errors).toEqual(['msg_too_long', 'no_text', 'invalid_blocks_format']);
  });
});

test('takes one message a second and channel, and says when to come back', async () => {
  let now = 1_700_000_000_000;
  const to = await start({ channels: ['#soc', '#other'], minimumIntervalMs: 1_000, now: () => now });
  const post = (channel: string) => call(to, 'chat.postMessage', { channel, text: 't' });

  const first = await post('#soc');
  const tooSoon = await post('#soc');
  const elsewhere = await post('#other');
  now += 1_000;
  const later = await post('#soc');

  expect(first.body['ok']).toBe(true);
  expect(tooSoon).toMatchObject({ status: 429, retryAfter: '1', body: { ok: false, error: 'ratelimited' } });
  expect([elsewhere.body['ok'], later.body['ok']]).toEqual([true, true]);
  expect(to.messages('#soc')).toHaveLength(2);
});

test('knows unknown, private, archived and uninvited channels apart', async () => {
  const to = await start({
    channels: [
      { name: 'gone', archived: true },
      { name: 'public-uninvited', member: false },
      { name: 'private-uninvited', member: false, private: true },
    ],
  });
  const errors = [];
  for (const channel of ['#nowhere', '#gone', '#public-uninvited', '#private-uninvited']) {
    errors.push((await call(to, 'chat.postMessage', { channel, text: 't' })).body['error']);
  }
  expect(errors).toEqual(['channel_not_found', 'is_archived', 'not_in_channel', 'channel_not_found']);
});

test('refuses no token, a wrong one, a revoked one and one of the wrong type', async () => {
  const to = await start();
  const wrong = await call(to, 'auth.test', {}, 'xoxb-other');
  const wrongType = await call(to, 'auth.test', {}, to.appToken);
  to.setToken('revoked');
  const revoked = await call(to, 'auth.test', {});
  expect([wrong, wrongType, revoked].map(({ body }) => body['error'])).toEqual([
    'invalid_auth',
    'not_allowed_token_type',
    'token_revoked',
  ]);
});

test('edits its own messages only', async () => {
  const to = await start();
  const posted = await call(to, 'chat.postMessage', { channel: '#soc', text: 'before' });
  const theirs = to.say('#soc', 'a person wrote this');
  const channel = String(posted.body['channel']);

  const edited = await call(to, 'chat.update', { channel, ts: posted.body['ts'], text: 'after' });
  const foreign = await call(to, 'chat.update', { channel, ts: theirs.ts, text: 'after' });
  const unknown = await call(to, 'chat.update', { channel, ts: '1.000001', text: 'after' });
  const byName = await call(to, 'chat.update', { channel: '#soc', ts: posted.body['ts'], text: 'after' });

  expect(edited.body['ok']).toBe(true);
  expect(to.messages('#soc')[0]).toMatchObject({ text: 'after', versions: [{ text: 'before' }, { text: 'after' }] });
  expect([foreign, unknown, byName].map(({ body }) => body['error'])).toEqual([
    'cant_update_message',
    'message_not_found',
    'channel_not_found',
  ]);
});

test('pages the history newest first and shows metadata only when asked', async () => {
  const to = await start();
  const metadata = { event_type: 'yagura_notification', event_payload: { id: 'n1' } };
  const parent = await call(to, 'chat.postMessage', { channel: '#soc', text: 'one', metadata });
  await call(to, 'chat.postMessage', { channel: '#soc', text: 'two' });
  await call(to, 'chat.postMessage', { channel: '#soc', text: 'in thread', thread_ts: parent.body['ts'] });
  const channel = String(parent.body['channel']);

  const first = await call(to, 'conversations.history', { channel, limit: 1 });
  const second = await call(to, 'conversations.history', {
    channel,
    limit: 1,
    cursor: '1',
    include_all_metadata: true,
  });
  const plain = await call(to, 'conversations.history', { channel });
  const thread = await call(to, 'conversations.replies', { channel, ts: parent.body['ts'] });

  expect(first.body).toMatchObject({
    has_more: true,
    messages: [{ text: 'two' }],
    response_metadata: { next_cursor: '1' },
  });
  expect(second.body).toMatchObject({ has_more: false, messages: [{ text: 'one', metadata, reply_count: 1 }] });
  expect(JSON.stringify(plain.body)).not.toContain('yagura_notification');
  expect(thread.body).toMatchObject({ messages: [{ text: 'one' }, { text: 'in thread' }] });
});

test('opens a view once, within three seconds of the click', async () => {
  let now = 1_700_000_000_000;
  const to = await start({ now: () => now });
  const view = { type: 'modal', title: { type: 'plain_text', text: 'Accept risk' }, blocks: [section('why')] };
  const good = to.trigger();
  const late = to.trigger();

  const opened = await call(to, 'views.open', { trigger_id: good, view });
  const again = await call(to, 'views.open', { trigger_id: good, view });
  now += 3_001;
  const expired = await call(to, 'views.open', { trigger_id: late, view });
  const unknown = await call(to, 'views.open', { trigger_id: 'x', view });

  expect(opened.body['ok']).toBe(true);
  expect([again, expired, unknown].map(({ body }) => body['error'])).toEqual([
    'exchanged_trigger_id',
    'expired_trigger_id',
    'invalid_trigger_id',
  ]);
  expect(to.views).toHaveLength(1);
});

test('answers incoming webhooks in plain text', async () => {
  const to = await start({
    channels: ['#soc', { name: 'old', archived: true }],
    webhooks: { soc: '#soc', old: '#old' },
  });
  const post = async (url: string, body: string) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return `${response.status} ${await response.text()}`;
  };
  const message = JSON.stringify({ text: 't' });

  const answers = [
    await post(to.webhookUrl('soc'), message),
    await post(to.webhookUrl('soc'), '{'),
    await post(to.webhookUrl('old'), message),
    await post(to.webhookUrl('other'), message),
  ];
  to.setWebhook('soc', 'removed');
  answers.push(await post(to.webhookUrl('soc'), message));

  expect(answers).toEqual([
    '200 ok',
    '400 invalid_payload',
    '410 channel_is_archived',
    '404 no_team',
    '404 no_service',
  ]);
  expect(to.messages('#soc')).toMatchObject([{ text: 't', webhook: 'soc' }]);
});

test('fails as scripted: a number of times, for a time, for one method, and after doing the work', async () => {
  let now = 1_700_000_000_000;
  const to = await start({ now: () => now });
  const post = () => call(to, 'chat.postMessage', { channel: '#soc', text: 't' });
  to.fail({ kind: 'http', status: 503, times: 1 });
  await expect(post()).rejects.toThrow();
  to.fail({ kind: 'ratelimited', retryAfterSeconds: 30, until: now + 60_000 });
  const limited = [await post(), await post()];
  now += 60_000;
  const after = await post();
  to.fail({ kind: 'error', error: 'is_archived', method: 'auth.test' });
  const other = await post();
  to.recover();
  to.fail({ kind: 'reset-after' });
  await expect(post()).rejects.toThrow();

  expect(limited.map(({ status, retryAfter }) => [status, retryAfter])).toEqual([
    [429, '30'],
    [429, '30'],
  ]);
  expect([after.body['ok'], other.body['ok']]).toEqual([true, true]);
  expect(to.messages('#soc')).toHaveLength(3);
  expect(to.requests).toHaveLength(6);
});
