import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SlackInteraction } from '#ports/slack-actions.ts';
import {
  blockActionsPayload,
  type Click,
  formBody,
  signedHeaders,
  viewSubmissionPayload,
} from '../../../test/stand-ins/slack/interactions.ts';
import { acceptRiskView } from './accept-risk-view.ts';
import { handleSlackRequest, type SlackResponse } from './handle-slack-request.ts';
import { keyOfReference, problemReference } from './problem-reference.ts';

const SECRET = 'signing-secret';
const NOW = 1_700_000_000_000;
const CLICK: Click = {
  actionId: 'yagura.acknowledge',
  value: 'guardduty:abc',
  channelId: 'C0000000001',
  channelName: 'payments-guardduty',
  ts: '1700000000.000001',
  triggerId: 'trigger-1',
};

type Handled = { readonly response: SlackResponse; readonly enqueued: SlackInteraction[] };
type Variation = { headers?: Record<string, string | undefined>; enqueue?: () => Promise<void>; at?: number };

async function send(body: string | Uint8Array, more: Variation = {}): Promise<Handled> {
  const rawBody = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const enqueued: SlackInteraction[] = [];
  const response = await handleSlackRequest({
    rawBody,
    headers: { ...signedHeaders(SECRET, rawBody, more.at ?? NOW), ...more.headers },
    now: NOW,
    signingSecret: SECRET,
    enqueue: async (interaction) => {
      await more.enqueue?.();
      enqueued.push(interaction);
    },
  });
  return { response, enqueued };
}

const click = (more: Partial<Click> = {}) => formBody(blockActionsPayload({ ...CLICK, ...more }));

describe('a button', () => {
  const BUTTONS: [string, SlackInteraction['kind']][] = [
    ['yagura.acknowledge', 'acknowledge'],
    ['yagura.assign', 'assign'],
    ['yagura.accept-risk', 'accept-risk-open'],
    ['yagura.why', 'why'],
  ];
  test.each(BUTTONS)('%s is answered at once with nothing and handed on as %s', async (actionId, kind) => {
    const { response, enqueued } = await send(click({ actionId }));

    expect(response).toMatchObject({ status: 200, body: '' });
    expect(enqueued).toEqual([
      {
        kind,
        user: { id: 'U0000000042', name: 'hanako' },
        channel: { id: 'C0000000001', name: 'payments-guardduty' },
        messageTs: '1700000000.000001',
        threadTs: null,
        triggerId: 'trigger-1',
        problem: 'guardduty:abc',
      },
    ]);
  });

  test('in a thread and in a private channel is understood', async () => {
    const { enqueued } = await send(click({ threadTs: '1600000000.000001', channelName: 'privategroup' }));

    expect(enqueued[0]).toMatchObject({ threadTs: '1600000000.000001', channel: { name: null } });
  });

  test('whose problem key is too long for Slack carries a hash that leads back to the key', async () => {
    const key = `securityhub:${'x'.repeat(2_000)}`;
    const { enqueued } = await send(click({ value: problemReference(key) }));
    const reference = enqueued[0]?.problem ?? '';

    expect(reference).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(keyOfReference(reference, ['other', key])).toBe(key);
    expect(keyOfReference(reference, ['other'])).toBeUndefined();
    expect(keyOfReference('guardduty:abc', [])).toBe('guardduty:abc');
  });

  test('that cannot be handed on is answered with an error, so that Slack warns the person', async () => {
    const { response } = await send(click(), { enqueue: async () => Promise.reject(new Error('queue is down')) });

    expect(response).toMatchObject({ status: 503, note: expect.stringContaining('queue is down') });
  });

  test('of another block or another app is ignored', async () => {
    const payload = blockActionsPayload(CLICK);
    const foreign = { ...payload, actions: [{ action_id: 'yagura.why', block_id: 'theirs', value: 'x' }] };
    const links = { ...payload, actions: [{ action_id: 'open-console', block_id: 'yagura' }] };
    const inherited = { ...payload, actions: [{ action_id: 'constructor', block_id: 'yagura', value: 'x' }] };

    for (const each of [foreign, links, inherited]) {
      const { response, enqueued } = await send(formBody(each));
      expect([response.status, enqueued]).toEqual([200, []]);
    }
  });

  test.each([
    { ...blockActionsPayload(CLICK), channel: undefined },
    { ...blockActionsPayload(CLICK), user: {} },
    { ...blockActionsPayload(CLICK), actions: 'all' },
    { ...blockActionsPayload(CLICK), actions: [{ action_id: 'yagura.why', block_id: 'yagura' }] },
    {
      ...blockActionsPayload(CLICK),
      actions: [{ action_id: 'yagura.why', block_id: 'yagura', value: 'x'.repeat(2_001) }],
    },
    ['not', 'an', 'object'],
    null,
  ])('that makes no sense is refused and not handed on: %#', async (payload) => {
    const { response, enqueued } = await send(formBody(payload));

    expect(response.status).toBe(400);
    expect(response.note).toMatch(/./);
    expect(enqueued).toEqual([]);
  });
});

describe('the form', () => {
  const view = acceptRiskView({
    kind: 'accept-risk',
    language: 'en',
    subject: 'A miner runs',
    problem: 'guardduty:abc',
    channel: { id: 'C0000000001', name: null },
    messageTs: '1700000000.000001',
    threadTs: null,
  });
  const values = (reason: string) => ({
    reason: { reason: { value: reason } },
    scope: { scope: { selected_option: { value: 'resource' } } },
    days: { days: { selected_option: { value: '90' } } },
  });

  test('closes at once and is handed on', async () => {
    const { response, enqueued } = await send(
      formBody(viewSubmissionPayload({ view, values: values('a good reason') })),
    );

    expect(response).toMatchObject({ status: 200, body: '' });
    expect(enqueued).toMatchObject([
      { kind: 'accept-risk-submit', values: { reason: 'a good reason', scope: 'resource', days: 90 } },
    ]);
  });

  test('stays open with the errors beside the inputs', async () => {
    const { response, enqueued } = await send(formBody(viewSubmissionPayload({ view, values: values('no') })));

    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toContain('application/json');
    expect(JSON.parse(response.body)).toEqual({
      response_action: 'errors',
      errors: { reason: 'Please give a reason of at least 10 characters.' },
    });
    expect(enqueued).toEqual([]);
  });

  test('stays open and says so when it cannot be recorded', async () => {
    const body = formBody(viewSubmissionPayload({ view, values: values('a good reason') }));
    const { response } = await send(body, { enqueue: async () => Promise.reject(new Error('queue is down')) });

    expect(JSON.parse(response.body)).toMatchObject({
      response_action: 'errors',
      errors: { reason: expect.stringContaining('could not be recorded') },
    });
  });

  test('with a memory that makes no sense asks for a new one', async () => {
    for (const private_metadata of ['', '{}', '[', '{"problemKey":1}']) {
      const payload = viewSubmissionPayload({ view: { ...view, private_metadata }, values: values('a good reason') });
      const { response, enqueued } = await send(formBody(payload));
      expect(response.body).toContain('out of date');
      expect(enqueued).toEqual([]);
    }
  });

  test('of another kind is ignored', async () => {
    const payload = viewSubmissionPayload({ view: { ...view, callback_id: 'theirs' }, values: {} });

    expect(await send(formBody(payload))).toMatchObject({ response: { status: 200, body: '' }, enqueued: [] });
  });
});

test('answers Slack’s challenge when it is signed', async () => {
  const body = JSON.stringify({ type: 'url_verification', token: 't', challenge: 'abc<script>' });
  const headers = { 'content-type': 'application/json' };

  const { response } = await send(body, { headers });
  const unsigned = await send(body, { headers: { ...headers, 'x-slack-signature': undefined } });

  expect(JSON.parse(response.body)).toEqual({ challenge: 'abc<script>' });
  expect(response.headers['content-type']).toContain('application/json');
  expect(unsigned.response).toMatchObject({ status: 401, body: '' });
});

test('answers the certificate check without a signature and reads nothing else from it', async () => {
  const body = `ssl_check=1&${click()}`;
  const { response, enqueued } = await send(body, { headers: { 'x-slack-signature': undefined } });

  expect([response.status, response.body, enqueued]).toEqual([200, '', []]);
});

test.each<[string, Variation]>([
  ['no signature', { headers: { 'x-slack-signature': undefined } }],
  ['a wrong signature', { headers: { 'x-slack-signature': `v0=${'0'.repeat(64)}` } }],
  ['no timestamp', { headers: { 'x-slack-request-timestamp': undefined } }],
  ['an old timestamp', { at: NOW - 301_000 }],
  ['a future timestamp', { at: NOW + 301_000 }],
])('refuses %s and hands nothing on', async (_, variation) => {
  const { response, enqueued } = await send(click(), variation);

  expect([response.status, response.body, enqueued]).toEqual([401, '', []]);
});

test('reads headers in any case and a content type with a charset', async () => {
  const body = click();
  const signed = signedHeaders(SECRET, body, NOW);
  const headers = {
    'X-Slack-Signature': signed['x-slack-signature'],
    'X-SLACK-REQUEST-TIMESTAMP': signed['x-slack-request-timestamp'],
    'Content-Type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8',
  };
  const enqueued: SlackInteraction[] = [];
  const rawBody = new TextEncoder().encode(body);

  const response = await handleSlackRequest({
    rawBody,
    headers,
    now: NOW,
    signingSecret: SECRET,
    enqueue: (interaction) => void enqueued.push(interaction),
  });

  expect([response.status, enqueued.length]).toEqual([200, 1]);
});

test('refuses a body over 1 MiB before it computes anything', async () => {
  const { response } = await send(new Uint8Array(1_048_577));

  expect(response.status).toBe(413);
});

test('survives any signed body: it answers, and hands on only what it understood', async () => {
  const anything = fc.oneof(
    fc.json().map((json) => `payload=${encodeURIComponent(json)}`),
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc
      .record({ type: fc.constantFrom('block_actions', 'view_submission', 'url_verification', 'shortcut') }, {})
      .chain((base) => fc.object().map((more) => formBody({ ...more, ...base }))),
  );
  await fc.assert(
    fc.asyncProperty(anything, async (body) => {
      const { response, enqueued } = await send(body);
      expect([200, 400]).toContain(response.status);
      expect(enqueued).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
