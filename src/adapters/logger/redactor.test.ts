import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from './redactor.ts';

// Written in parts, so that no scanner takes them for the real thing.
const BOT_TOKEN = ['xoxb', '111122223333', '444455556666', 'AbCdEfGhIjKlMnOp'].join('-');
const APP_TOKEN = ['xapp', '1', 'A0000000000', '111122223333', 'abcdef0123456789'].join('-');
const WEBHOOK_PATH = ['T00000000', 'B00000000', 'XXXXXXXXXXXXXXXXXXXXXXXX'].join('/');
const KEY_ID = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const SESSION_KEY_ID = ['ASIA', 'IOSFODNN7EXAMPLE'].join('');
const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJleGFtcGxlIn0', 'c2lnbmF0dXJl'].join('.');

describe('takes out', () => {
  test.each([
    ['a Slack bot token', `token ${BOT_TOKEN} refused`, BOT_TOKEN],
    ['a Slack app token', APP_TOKEN, APP_TOKEN],
    ['a rotating Slack token', `xoxe.xoxb-1-AbCdEfGhIjKlMnOp`, 'AbCdEfGhIjKlMnOp'],
    ['the secret part of a Slack webhook', `POST https://hooks.slack.com/services/${WEBHOOK_PATH} 404`, WEBHOOK_PATH],
    ['the secret part of a Slack workflow trigger', `https://hooks.slack.com/triggers/${WEBHOOK_PATH}`, WEBHOOK_PATH],
    ['an access key id', `key=${KEY_ID}`, KEY_ID],
    ['a temporary access key id', `"${SESSION_KEY_ID}"`, SESSION_KEY_ID],
    ['a secret access key by its name in JSON', JSON.stringify({ secretAccessKey: SECRET_KEY }), SECRET_KEY],
    ['a secret access key by its name in a credentials file', `aws_secret_access_key = ${SECRET_KEY}`, SECRET_KEY],
    ['a value with quotes in it', JSON.stringify({ password: 'before"after-the-quote' }), 'after-the-quote'],
    [
      'a value in JSON inside JSON',
      JSON.stringify({ msg: JSON.stringify({ SecretString: 'a', sessionToken: SECRET_KEY }) }),
      SECRET_KEY,
    ],
    ['a bearer token', 'authorization: Bearer abcdefgh12345678', 'abcdefgh12345678'],
    ['a JSON web token', `id ${JWT}`, JWT],
    ['a password in a URL', 'https://proxy:s3cr3tpw@proxy.example.com', 's3cr3tpw'],
    ['a signature in a URL', 'https://s3.example.com/a?X-Amz-Signature=0123456789abcdef', '0123456789abcdef'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\\nMIIEexample\\n-----END RSA PRIVATE KEY-----', 'MIIEexample'],
    ['a private key that was cut off', '-----BEGIN PRIVATE KEY-----\nMIIEexample', 'MIIEexample'],
  ])('%s', (_name, text, secret) => {
    const clean = createRedactor().redact(text);

    expect(clean).not.toContain(secret);
    expect(clean).toContain('[redacted]');
  });
});

test.each([
  'prod-payments (111122223333) in ap-northeast-1',
  'arn:aws:secretsmanager:us-east-1:111122223333:secret:yagura/slack-AbCdEf',
  'sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
  'https://console.aws.amazon.com/guardduty/home?region=us-east-1#/findings',
  '{"accepted":3,"rejected":[],"tokens":5}',
])('leaves alone: %s', (text) => {
  expect(createRedactor().redact(text)).toBe(text);
});

test('takes out the exact values it was told, also as JSON writes them', () => {
  const redactor = createRedactor();
  redactor.hide('our"own\\token');

  expect(redactor.redact('got our"own\\token')).toBe('got [redacted]');
  expect(redactor.redact(JSON.stringify({ got: 'our"own\\token' }))).toBe('{"got":"[redacted]"}');
});

test('does not blot out ordinary words for a value that is too short to be a secret', () => {
  const redactor = createRedactor();
  redactor.hide('prod');

  expect(redactor.redact('prod-payments')).toBe('prod-payments');
});

test('keeps a log line valid JSON, whatever is in it', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      BOT_TOKEN,
      'Bearer ',
      'token=',
      'password',
      '"',
      '\\',
      '://a:',
      '@',
      '?sig=',
      '-----BEGIN PRIVATE KEY-----',
      ':',
      '=',
      'AKIA',
      '\n',
    ),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(text, fc.constantFrom('token', 'password')), text), (fields) => {
      expect(() =>
        JSON.parse(createRedactor().redact(JSON.stringify({ msg: JSON.stringify(fields), ...fields }))),
      ).not.toThrow();
    }),
  );
});

test.each([
  ['quotes', '"'.repeat(200_000)],
  ['backslashes', '\\'.repeat(200_000)],
  ['escaped quotes', '\\"token'.repeat(40_000)],
  ['names', '"token"'.repeat(40_000)],
  ['equals', 'token='.repeat(40_000)],
  ['begins of keys', '-----BEGIN PRIVATE KEY-----'.repeat(2_000)],
  ['urls', 'https://a:'.repeat(20_000)],
  ['dots', `eyJ${'a'.repeat(100_000)}.`.repeat(2)],
  ['bearers', 'Bearer '.repeat(40_000)],
])('is not slowed down by a line of %s', (_name, text) => {
  // Catastrophic backtracking would run into the test's time limit.
  expect(typeof createRedactor().redact(text)).toBe('string');
});
