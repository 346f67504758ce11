import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { folderWith, runYagura } from '../../../test/stand-ins/terminal.ts';

type Posted = { readonly path: string | undefined; readonly headers: IncomingHttpHeaders; readonly events: unknown[] };

/** Something that takes events as Yagura does and remembers them. */
async function receiver(status = 202, answer = '{}'): Promise<{ url: string; posted: Posted[] }> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const events = JSON.parse(Buffer.concat(parts).toString()) as unknown[];
      posted.push({ path: request.url, headers: request.headers, events });
      response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted };
}

describe('yagura events push', () => {
  it('sends the events of all files, in order, with the token', async () => {
    const { url, posted } = await receiver();
    const files = {
      'a.json': JSON.stringify(awsEvent('guardduty'), null, 2),
      'b.jsonl.gz': gzipSync(`${JSON.stringify(awsEvent('control'))}\n${JSON.stringify(awsEvent('health'))}`),
    };

    const ran = await runYagura(['events', 'push', 'a.json', 'b.jsonl.gz', '--url', url], folderWith(files), {
      YAGURA_EVENTS_TOKEN: 'secret-token',
    });

    expect(ran).toMatchObject({ code: 0, out: '', err: '\r3 of 3 events accepted\n' });
    expect(posted.map(({ path, events }) => [path, events])).toEqual([
      ['/events', [awsEvent('guardduty'), awsEvent('control'), awsEvent('health')]],
    ]);
    expect(posted[0]?.headers.authorization).toBe('Bearer secret-token');
  });

  it('sends large files in parts that Yagura takes', async () => {
    const { url, posted } = await receiver();
    const big = Array.from({ length: 40 }, (_, index) => ({ index, text: 'x'.repeat(900_000) }));
    const many = Array.from({ length: 2_500 }, (_, index) => ({ index }));

    const ran = await runYagura(
      ['events', 'push', 'big.json', 'many.json', '--url', url],
      folderWith({ 'big.json': JSON.stringify(big), 'many.json': JSON.stringify(many) }),
    );

    expect(ran.code).toBe(0);
    expect(posted.flatMap(({ events }) => events)).toHaveLength(2_540);
    expect(Math.max(...posted.map(({ events }) => events.length))).toBeLessThanOrEqual(1_000);
    expect(Math.max(...posted.map(({ events }) => JSON.stringify(events).length))).toBeLessThan(16 * 1024 * 1024);
  });

  it('says how many events were kept without being understood, and exits with 3', async () => {
    const { url } = await receiver(202, JSON.stringify({ events: 3, unknown: 1, notUnderstood: 2 }));

    const ran = await runYagura(['events', 'push', 'a.json', '--url', url], folderWith({ 'a.json': '[1, 2, {}]' }));

    expect(ran.code).toBe(3);
    expect(ran.err).toContain('2 not understood and 1 of an unknown kind');
  });

  it('sends what it can read and fails for the rest', async () => {
    const { url, posted } = await receiver();

    const ran = await runYagura(
      ['events', 'push', 'a.jsonl', '--url', url],
      folderWith({ 'a.jsonl': '{"a":1}\n{"b":\n{"c":3}' }),
    );

    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/a\.jsonl: line 2, column 6: not JSON/);
    expect(posted[0]?.events).toEqual([{ a: 1 }, { c: 3 }]);
  });

  it('says what Yagura answered', async () => {
    const { url } = await receiver(401, '{"error":{"message":"The token is missing or wrong."}}');

    const ran = await runYagura(['events', 'push', 'a.json', '--url', url], folderWith({ 'a.json': '{}' }));

    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/answered 401: .*The token is missing or wrong/);
  });

  it('says what to do when nobody listens', async () => {
    const ran = await runYagura(
      ['events', 'push', 'a.json', '--url', 'http://127.0.0.1:1'],
      folderWith({ 'a.json': '{}' }),
    );

    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/Cannot reach http:\/\/127\.0\.0\.1:1: .*Start it with: yagura up/);
  });

  it('says that there was nothing to send', async () => {
    const ran = await runYagura(
      ['events', 'push', 'a.json', '--url', 'http://127.0.0.1:1'],
      folderWith({ 'a.json': '[]' }),
    );

    expect(ran).toEqual({ code: 0, out: '', err: 'No events to send.\n' });
  });

  it('refuses an address that is none', async () => {
    const ran = await runYagura(['events', 'push', 'a.json', '--url', 'nowhere'], folderWith({ 'a.json': '{}' }));

    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('http://127.0.0.1:8484');
  });
});
