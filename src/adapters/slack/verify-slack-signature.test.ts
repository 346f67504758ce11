import { HTTPModuleFunctions, verifySlackRequest } from '@slack/bolt';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { blockActionsPayload, formBody, signedHeaders } from '../../../test/stand-ins/slack/interactions.ts';
import { verifySlackSignature } from './verify-slack-signature.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const NOW = 1_531_420_618_000;

type Signed = { readonly timestamp: string; readonly signature: string; readonly rawBody: Uint8Array };

function sign(body: string | Uint8Array, at = NOW): Signed {
  const headers = signedHeaders(SECRET, body, at);
  return {
    timestamp: headers['x-slack-request-timestamp'] ?? '',
    signature: headers['x-slack-signature'] ?? '',
    rawBody: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  };
}

const ours = (signed: Signed, now = NOW) => verifySlackSignature({ signingSecret: SECRET, now, ...signed });

/** What bolt's HTTPReceiver does with a request before anything else. */
async function bolts({ timestamp, signature, rawBody }: Signed): Promise<boolean> {
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
  };
  const request = Object.assign(Object.create(null), { rawBody: Buffer.from(rawBody), headers });
  try {
    await HTTPModuleFunctions.parseAndVerifyHTTPRequest({ signingSecret: SECRET }, request);
    return true;
  } catch {
    return false;
  }
}

test('accepts the example of the Slack documentation', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';

  expect(ours({ timestamp: '1531420618', signature, rawBody: Buffer.from(body) })).toBe(true);
});

describe('with bolt as a peer', () => {
  // bolt's receiver reads the machine's clock.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('both accept any body signed as Slack signs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 299 }), async (body, age) => {
        const signed = sign(body, NOW - age * 1_000);
        expect([ours(signed), await bolts(signed)]).toEqual([true, true]);
      }),
      { numRuns: 200 },
    );
  });

  test('both refuse when any one byte of body, timestamp or signature is changed', async () => {
    const body = formBody(
      blockActionsPayload({
        actionId: 'yagura.acknowledge',
        value: 'guardduty:決済',
        channelId: 'C0000000001',
        ts: '1.1',
        triggerId: 't',
      }),
    );
    const genuine = sign(body);
    const part = fc.constantFrom('rawBody', 'timestamp', 'signature');
    await fc.assert(
      fc.asyncProperty(part, fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, position, mask) => {
        const tampered = flipped(genuine, which, position, mask);
        expect([ours(tampered), await bolts(tampered)]).toEqual([false, false]);
      }),
      {
        numRuns: 500,
        examples: [
          ['rawBody', 0, 1],
          ['timestamp', 0, 1],
          ['signature', 3, 0x20],
        ],
      },
    );
  });

  test('both refuse a request older than five minutes', async () => {
    const old = sign('{}', NOW - 301_000);

    expect([ours(old), await bolts(old)]).toEqual([false, false]);
  });

  test('both refuse another secret and an empty one', async () => {
    const { rawBody, timestamp, signature } = sign('{}');
    const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) };
    for (const signingSecret of ['another', '']) {
      const bolt = () => verifySlackRequest({ signingSecret, body: '{}', headers, nowMilliseconds: NOW });
      expect(bolt).toThrow();
      expect(verifySlackSignature({ signingSecret, timestamp, signature, rawBody, now: NOW })).toBe(false);
    }
  });

  test('ours also refuses what bolt lets pass: a time in the future and a tail after the signature', async () => {
    const future = sign('{}', NOW + 301_000);
    const genuine = sign('{}');
    const tailed = { ...genuine, signature: `${genuine.signature}=tail` };

    expect([await bolts(future), await bolts(tailed)]).toEqual([true, true]);
    expect([ours(future), ours(tailed)]).toEqual([false, false]);
  });
});

test('an empty secret verifies nothing, not even what was signed with it', () => {
  const headers = signedHeaders('', '{}', NOW);
  const timestamp = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];

  const request = { signingSecret: '', timestamp, signature, rawBody: Buffer.from('{}'), now: NOW };
  expect(verifySlackSignature(request)).toBe(false);
});

test('signs bytes, not text: a body that is no UTF-8 is accepted as it came, and no other', () => {
  const signed = sign(Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d));
  const replaced = new TextEncoder().encode(new TextDecoder().decode(signed.rawBody));

  expect(ours(signed)).toBe(true);
  expect(ours({ ...signed, rawBody: replaced })).toBe(false);
});

test('accepts exactly five minutes either way, and nothing beyond', () => {
  const at = (offset: number) => ours(sign('{}', NOW + offset));

  expect([at(-300_000), at(300_000), at(-301_000), at(301_000)]).toEqual([true, true, false, false]);
});

test.each([
  undefined,
  '',
  'v0=',
  `v1=${'0'.repeat(64)}`,
  `v0=${'0'.repeat(63)}`,
  `v0=${'G'.repeat(64)}`,
  'x'.repeat(1e6),
])('refuses the signature %s without a fault', (signature) => {
  const { timestamp, rawBody } = sign('{}');
  expect(verifySlackSignature({ signingSecret: SECRET, timestamp, signature, rawBody, now: NOW })).toBe(false);
});

test.each([undefined, '', 'now', '-1', '1e9', 'NaN', 'Infinity', '9'.repeat(400), '1531420618 '])(
  'refuses the timestamp %s without a fault',
  (timestamp) => {
    const { signature, rawBody } = sign('{}');
    expect(verifySlackSignature({ signingSecret: SECRET, timestamp, signature, rawBody, now: NOW })).toBe(false);
  },
);

function flipped(signed: Signed, which: 'rawBody' | 'timestamp' | 'signature', position: number, mask: number): Signed {
  const bytes = Buffer.from(signed[which] as string);
  const index = position % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ mask;
  return { ...signed, [which]: which === 'rawBody' ? bytes : bytes.toString('latin1') };
}
