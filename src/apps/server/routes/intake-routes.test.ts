import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import type { FindingPage, UnknownEvents } from '#ports/http-api.ts';
import { awsEvent, type JsonObject } from '../../../../test/stand-ins/events/aws-events.ts';
import { type Home, type HttpCall, homePerTest } from '../../../../test/stand-ins/yagura-home.ts';

const openHome = homePerTest();

function control(n: number): JsonObject {
  return awsEvent({ of: 'control', set: { 'finding.Resources.0.Id': `arn:aws:s3:::bucket-${n}` } });
}

function post(home: Home, call: HttpCall) {
  return home.call('POST', '/events', call);
}

async function total(home: Home): Promise<number> {
  return (await home.get<FindingPage>('/api/findings?limit=1')).total;
}

describe('what is accepted', () => {
  it('has everything in the file, for every other connection, when it answers 202', async () => {
    const home = await openHome();

    const answer = await post(home, { body: [control(1), awsEvent('guardduty'), awsEvent('ec2-state')] });

    expect(answer).toMatchObject({
      status: 202,
      json: {
        ...{ events: 3, observed: 2, unknown: 1, notUnderstood: 0, problemsChanged: 2, errors: [], errorCount: 0 },
        perKind: { securityhub: 1, guardduty: 1 },
      },
    });
    const other = openSqliteStore({ path: join(home.dataDir, 'yagura.db') });
    expect((await other.problemPage({})).total).toBe(2);
    await other.close();
  });

  it('takes one envelope, an array of a thousand, and lines', async () => {
    const home = await openHome();

    const one = await post(home, { body: control(0) });
    const many = await post(home, { body: Array.from({ length: 1_000 }, (_, n) => control(n)) });
    const lines = await post(home, {
      body: [control(1_000), control(1_001)].map((event) => JSON.stringify(event)).join('\n'),
    });

    expect([one.status, many.status, lines.status]).toEqual([202, 202, 202]);
    expect(many.json).toMatchObject({ events: 1_000, observed: 1_000, problemsChanged: 1_000 });
    expect(await total(home)).toBe(1_002);
  });

  it('adds the parts of a large array up', async () => {
    const home = await openHome();
    const events = Array.from({ length: 4_500 }, (_, n) => (n % 3 === 0 ? awsEvent('ec2-state') : control(n % 100)));

    const answer = await post(home, { body: events });

    expect(answer).toMatchObject({ status: 202, json: { events: 4_500, observed: 3_000, unknown: 1_500 } });
    expect(answer.json).toMatchObject({ perKind: { securityhub: 3_000 } });
    expect(await total(home)).toBe(100);
  });

  it('accepts the good lines among bad ones and names the place of each bad one', async () => {
    const home = await openHome();

    const answer = await post(home, {
      body: `${JSON.stringify(control(1))}\n{"broken": \n${JSON.stringify(control(2))}\n`,
    });

    expect(answer).toMatchObject({
      status: 400,
      json: { observed: 2, errorCount: 1, errors: [{ position: expect.stringMatching(/^line 2/) }] },
    });
    expect(await total(home)).toBe(2);
  });

  it('accepts the same events again without doing anything twice', async () => {
    const home = await openHome();
    const body = [control(1), awsEvent({ of: 'guardduty', set: { 'detail.severity': 9 } }), awsEvent('ec2-state')];
    await home.send(body);
    const before = await home.get<{ items: object[] }>('/api/messages');

    for (let n = 0; n < 5; n++) await home.send(body);

    expect(await home.get('/api/messages')).toEqual(before);
    expect(before.items).toHaveLength(3);
    expect((await home.get<UnknownEvents>('/api/unknown-events')).newest).toHaveLength(1);
  });

  it.each([
    ['nothing', '', 400],
    ['white space', ' \n ', 400],
    ['an empty array', '[]', 202],
    ['text', 'hello', 400],
    ['half an array', '[{"a": 1}, ', 400],
    ['values that are no events', '[1, null, "x", [], {}]', 202],
  ])('answers %s', async (_name, body, status) => {
    const home = await openHome();

    const answer = await post(home, { body });

    expect(answer.status).toBe(status);
    expect(await total(home)).toBe(0);
  });

  it('keeps a finding of one megabyte whole', async () => {
    const home = await openHome();
    const event = awsEvent({ of: 'control', set: { 'finding.Description': '説'.repeat(350_000) } });

    const answer = await post(home, { body: event });

    expect(answer.status).toBe(202);
    const { items } = await home.get<FindingPage>('/api/findings');
    const detail = await home.get<{ raw: string }>(`/api/findings/${encodeURIComponent(items[0]?.key ?? '')}`);
    expect(JSON.parse(detail.raw)).toEqual(event);
  });
});

describe('how it may be packed', () => {
  const body = () => gzipSync(JSON.stringify([control(1), control(2)]));

  it('unpacks gzip', async () => {
    const home = await openHome();

    const answer = await post(home, { body: body(), headers: { 'content-encoding': 'GZIP' } });

    expect(answer).toMatchObject({ status: 202, json: { observed: 2 } });
  });

  it.each([
    ['gzip that is cut off', body().subarray(0, 60), 'gzip'],
    ['gzip that is none', Buffer.from('{}'), 'gzip'],
    ['an encoding nobody knows', Buffer.from('{}'), 'br'],
    ['two encodings', gzipSync(body()), 'gzip, gzip'],
  ])('refuses %s', async (_name, bytes, encoding) => {
    const home = await openHome();

    const answer = await post(home, { body: bytes, headers: { 'content-encoding': encoding } });

    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'input.invalid' } } });
    expect(answer.text).toMatch(/encoding|gzip/);
  });

  it('refuses what unpacks to more than it takes unpacked', async () => {
    const home = await openHome();
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '));

    const answer = await post(home, { body: bomb, headers: { 'content-encoding': 'gzip' } });

    expect(bomb.length).toBeLessThan(100_000);
    expect(answer).toMatchObject({ status: 413, json: { error: { code: 'input.invalid' } } });
  });

  it('refuses what is announced as too large without reading it', async () => {
    const home = await openHome();

    const answer = await post(home, { body: '[]', headers: { 'content-length': 64 * 1024 * 1024 + 1 } }).catch(
      (thrown: Error) => thrown,
    );

    expect(answer).toMatchObject({ status: 413 });
  });
});

describe('who may send', () => {
  const secrets = { eventsToken: 'a-long-token' };

  it.each<[string, HttpCall['headers']]>([
    ['as a bearer token', { authorization: 'Bearer a-long-token' }],
    ['as a bearer token in another case', { authorization: 'bearer a-long-token' }],
    ['in x-api-key, as an API destination sends it', { 'x-api-key': 'a-long-token' }],
    [
      'from anywhere, through a proxy',
      { authorization: 'Bearer a-long-token', host: 'yagura.example.com', via: '1.1 proxy' },
    ],
  ])('takes the token %s', async (_name, headers = {}) => {
    const home = await openHome({ secrets });

    expect((await post(home, { body: control(1), headers })).status).toBe(202);
  });

  it.each<[string, HttpCall['headers']]>([
    ['no token', {}],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a wrong token', { authorization: 'Bearer a-long-tokem' }],
    ['a longer token', { 'x-api-key': 'a-long-token!' }],
    ['a part of the token', { 'x-api-key': 'a-long' }],
    ['the token in another scheme', { authorization: 'Basic a-long-token' }],
  ])('refuses %s, before it reads the body', async (_name, headers = {}) => {
    const home = await openHome({ secrets });

    const answer = await post(home, { body: 'x'.repeat(1_000_000), headers });

    expect(answer).toMatchObject({ status: 401, json: { error: { code: 'not-allowed' } } });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(await total(home)).toBe(0);
  });

  it.each<[string, HttpCall['headers']]>([
    ['a page of another origin', { origin: 'https://evil.example.com' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a page in a sandbox', { origin: 'null' }],
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a name that leads here', { host: 'evil.example.com' }],
    ['a proxy', { 'x-forwarded-for': '203.0.113.7' }],
  ])('refuses %s when there is no token', async (_name, headers = {}) => {
    const home = await openHome();

    const answer = await post(home, { body: control(1), headers });

    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'not-allowed' } } });
    expect(await total(home)).toBe(0);
  });

  it('refuses what a proxy at the public address passes on when there is no token', async () => {
    const config = 'server: { publicUrl: "https://yagura.example.com" }';
    const home = await openHome({ configText: config });

    const answer = await post(home, { body: control(1), headers: { host: 'yagura.example.com' } });

    expect(answer.status).toBe(403);
  });

  it.each(['GET', 'PUT', 'DELETE'])('says that events are not sent with %s', async (method) => {
    const home = await openHome();

    const answer = await home.call(method, '/events');

    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});
