import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderPerTest, type Home, homePerFile } from '../../../test/stand-ins/yagura-home.ts';

const PAGE = '<!doctype html><title>Yagura</title>';

const newFolder = folderPerTest(afterAll);
const openHome = homePerFile();
let home: Home;
beforeAll(async () => {
  const folder = newFolder();
  const consoleDir = join(folder, 'dist');
  mkdirSync(join(consoleDir, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(consoleDir, 'index.html'), PAGE);
  writeFileSync(join(consoleDir, 'favicon.svg'), '<svg/>');
  writeFileSync(join(consoleDir, 'assets', 'index-QSWcWAa0.js'), 'export {};');
  home = await openHome({ consoleDir });
});

describe('the console', () => {
  it.each([
    '/',
    '/index.html',
    '/findings',
    '/findings?filter=%5B%5D',
    '/findings/control%3AS3.8%7C111122223333%7Carn%3Aaws%3As3%3A%3A%3Aa%2Fb%2F..%2Fc%25',
    '/findings/%E0%A4%A',
    '/findings/%ff',
    '/accounts',
    '/no/such/room',
    '/apis',
  ])('gives its page at %s, to be asked for again each time', async (path) => {
    const answer = await home.call('GET', path);

    expect(answer).toMatchObject({ status: 200, text: PAGE });
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  it('lets hashed files be kept for ever and others not', async () => {
    const script = await home.call('GET', '/assets/index-QSWcWAa0.js');
    const icon = await home.call('GET', '/favicon.svg');

    expect(script).toMatchObject({ status: 200, text: 'export {};' });
    expect(script.headers['content-type']).toContain('text/javascript');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(icon.headers['content-type']).toContain('image/svg+xml');
    expect(icon.headers['cache-control']).toBe('no-cache');
  });

  it('says that a file of an older version is gone, instead of giving the page', async () => {
    const answer = await home.call('GET', '/assets/index-old.js');

    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('<!doctype');
    expect(answer.headers['cache-control']).toBeUndefined();
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/..%252f..%252fsecret.txt',
    '//secret.txt',
    '/./../secret.txt',
    '/assets/%00/../../../secret.txt',
  ])('gives nothing from outside of its folder: %s', async (path) => {
    const answer = await home.call('GET', path);

    expect(answer.text).not.toContain('secret');
    expect([200, 400, 404]).toContain(answer.status);
  });

  it('lets the browser run nothing but its own scripts, and nobody frame it', async () => {
    const { headers } = await home.call('GET', '/');

    const policy = new Map(
      String(headers['content-security-policy'])
        .split(';')
        .map((rule) => rule.trim().split(/ (.*)/s))
        .map(([name = '', value = '']) => [name, value]),
    );
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('style-src')).toBe("'self'");
    expect(policy.get('require-trusted-types-for')).toBe("'script'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(policy.get('form-action')).toBe("'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('sends the same headers with answers of the API and with refusals', async () => {
    for (const path of ['/api/session', '/api/nothing', '/events']) {
      const { headers } = await home.call('GET', path);

      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('answers HEAD without a body and POST not at all', async () => {
    const head = await home.call('HEAD', '/');
    const post = await home.call('POST', '/', { body: {} });

    expect(head).toMatchObject({ status: 200, text: '' });
    expect(post).toMatchObject({ status: 404, json: { error: { code: 'not-found' } } });
  });

  it('says what to do when it is not built', async () => {
    const unbuilt = await openHome();

    const answer = await unbuilt.call('GET', '/findings');

    expect(answer.status).toBe(404);
    expect(answer.text).toContain('npm run build');
    expect((await unbuilt.call('GET', '/api/session')).status).toBe(200);
  });

  it('answers a health check', async () => {
    expect(await home.call('GET', '/healthz')).toMatchObject({
      status: 200,
      json: { ok: true, version: '0.0.0-test' },
    });
  });
});
