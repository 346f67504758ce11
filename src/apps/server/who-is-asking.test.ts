import { beforeAll, describe, expect, it } from 'vitest';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { COMPANY, type Home, type HttpCall, homePerFile } from '../../../test/stand-ins/yagura-home.ts';

type Headers = NonNullable<HttpCall['headers']>;

const openHome = homePerFile();
let home: Home;
let published: Home;
beforeAll(async () => {
  home = await openHome();
  await home.send([awsEvent('guardduty')]);
  published = await openHome({ configText: `${COMPANY}\nserver: { publicUrl: "https://yagura.example.com/" }\n` });
});

const PATHS = ['/api/session', '/api/findings', '/api/stream', '/api/no-such-path'];

describe('a reading request', () => {
  it.each<[string, Headers]>([
    ['another host', { host: 'evil.example.com' }],
    ['a host that begins like ours', { host: '127.0.0.1.evil.example.com' }],
    ['a host that ends like ours', { host: 'evil-localhost' }],
    ['another origin', { origin: 'https://evil.example.com' }],
    ['the same name on another port', { origin: 'http://127.0.0.1:1' }],
    ['the origin of a sandbox', { origin: 'null' }],
    ['an origin that is no address', { origin: '://' }],
    ['an image on another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }],
  ])('is refused with %s', async (_name, headers) => {
    for (const path of PATHS) {
      const answer = await home.call('GET', path, { headers });

      expect(answer).toMatchObject({ status: 403, json: { error: { code: 'not-allowed' } } });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it.each<[string, (port: string) => Headers]>([
    ['the address', (port) => ({ host: `127.0.0.1:${port}` })],
    ['localhost', (port) => ({ host: `localhost:${port}` })],
    ['LOCALHOST', (port) => ({ host: `LOCALHOST:${port}` })],
    ['the address of version 6', (port) => ({ host: `[::1]:${port}` })],
    ['its own origin', (port) => ({ host: `localhost:${port}`, origin: `http://localhost:${port}` })],
    ['a page of its own', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['an address somebody typed', () => ({ 'sec-fetch-site': 'none' })],
  ])('is answered under %s', async (_name, headersOn) => {
    const answer = await home.call('GET', '/api/session', { headers: headersOn(new URL(home.url).port) });

    expect(answer.status).toBe(200);
  });

  it('is answered under the public address, also when a proxy gives the host another name', async () => {
    const direct = { host: 'yagura.example.com', origin: 'https://yagura.example.com' };
    const renamed = { origin: 'https://yagura.example.com' };
    const foreign = { host: 'yagura.example.com', origin: 'https://evil.example.com' };

    const statuses = [direct, renamed, foreign].map((headers) => published.call('GET', '/api/session', { headers }));

    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([200, 200, 403]);
  });
});

describe('a writing request', () => {
  it.each<[string, string, string]>([
    ['POST', '/api/directory/refresh', 'x-yagura-request'],
    ['DELETE', '/api/exceptions/one', 'x-yagura-request'],
    ['POST', '/api/routes/explain', 'x-yagura-request'],
  ])('%s %s needs the header that only our own pages can send', async (method, path, header) => {
    const bare = await home.call(method, path, { body: {} });
    const wrong = await home.call(method, path, { body: {}, headers: { [header]: 'yes' } });
    const right = await home.call(method, path, { body: {}, headers: { [header]: '1' } });

    expect([bare.status, wrong.status]).toEqual([403, 403]);
    expect(right.status).not.toBe(403);
  });

  it('is refused from another origin even with the header', async () => {
    const headers = { 'x-yagura-request': '1', origin: 'https://evil.example.com' };

    const answer = await home.call('POST', '/api/directory/refresh', { headers, body: {} });

    expect(answer.status).toBe(403);
  });

  it('gives no other origin leave to write', async () => {
    const headers = {
      ...{ origin: 'https://evil.example.com', 'access-control-request-method': 'POST' },
      'access-control-request-headers': 'x-yagura-request',
    };

    const answer = await home.call('OPTIONS', '/api/directory/refresh', { headers });

    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
