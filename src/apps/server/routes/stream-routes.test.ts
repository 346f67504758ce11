import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createChanges } from '#apps/server/changes.ts';
import { listen } from '#apps/server/listen.ts';
import { streamRoutes } from '#apps/server/routes/stream-routes.ts';
import type { StreamChange } from '#ports/http-api.ts';
import { streamChange } from '../../../../test/stand-ins/api-shapes.ts';
import { awsEvent } from '../../../../test/stand-ins/events/aws-events.ts';
import { homePerTest } from '../../../../test/stand-ins/yagura-home.ts';

/** What a stream has sent, as text; ends with the stream. */
type Reader = {
  /** Resolves once the text so far satisfies `found`. */
  until(found: (text: string) => boolean): Promise<string>;
  leave(): void;
  readonly over: Promise<unknown>;
  readonly headers: IncomingMessage['headers'];
};

async function read(url: string): Promise<Reader> {
  const sent = request(url, { agent: false });
  sent.end();
  // What an answered request gives.
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  let heard = Promise.withResolvers<void>();
  response.on('data', (part: Buffer) => {
    text += part.toString('utf8');
    heard.resolve();
  });
  const over = new Promise((resolve) => response.on('close', resolve));
  response.on('error', () => undefined);
  return {
    until: async (found) => {
      while (!found(text)) {
        await heard.promise;
        heard = Promise.withResolvers();
      }
      return text;
    },
    leave: () => sent.destroy(),
    over,
    headers: response.headers,
  };
}

function changesIn(text: string): StreamChange[] {
  return [...text.matchAll(/^event: change\ndata: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as StreamChange);
}

const openHome = homePerTest();

describe('the stream of changes', () => {
  it('tells of accepted events and delivered messages, and ends with the program', async () => {
    const home = await openHome();
    const reader = await read(`${home.url}/api/stream`);
    await reader.until((text) => text.startsWith(': connected\n\n'));

    await home.send([awsEvent({ of: 'guardduty', set: { 'detail.severity': 9 } })]);
    const text = await reader.until((sofar) => changesIn(sofar).reduce((sum, { messages }) => sum + messages, 0) >= 2);
    await home.running.stop();
    await reader.over;

    expect(reader.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    for (const change of changesIn(text)) expect(streamChange.safeParse(change)).toMatchObject({ success: true });
    expect(changesIn(text).reduce((sum, { findings }) => sum + findings, 0)).toBe(1);
  });

  it('tells many changes merged as one', async () => {
    const { changes, url, close } = await streamAlone(15_000);
    const reader = await read(url);
    await reader.until((text) => text.includes('connected'));

    for (let n = 0; n < 1_000; n++) changes.note({ findings: 1, ...(n === 500 ? { directory: true } : {}) });
    const text = await reader.until((sofar) => changesIn(sofar).length > 0);

    expect(changesIn(text)).toEqual([{ findings: 1_000, messages: 0, deliveries: 0, directory: true, at: 7 }]);
    reader.leave();
    await close();
  });

  it('keeps a quiet stream open with comments', async () => {
    const { url, close } = await streamAlone(5);
    const reader = await read(url);

    const text = await reader.until((sofar) => sofar.split(': still here').length > 3);

    expect(text).not.toContain('event:');
    reader.leave();
    await close();
  });

  it('forgets a reader that left, and what nobody heard', async () => {
    const { changes, url, close, listeners } = await streamAlone(15_000);
    const first = await read(url);
    await first.until((text) => text.includes('connected'));
    const during = listeners();

    first.leave();
    await listeners.none();
    changes.note({ findings: 99 });
    const second = await read(url);
    await second.until((text) => text.includes('connected'));
    changes.note({ findings: 1 });
    const text = await second.until((sofar) => changesIn(sofar).length > 0);

    expect(during).toBe(1);
    expect(changesIn(text)).toEqual([{ findings: 1, messages: 0, deliveries: 0, directory: false, at: 7 }]);
    second.leave();
    await close();
  });

  it('does not keep the program from stopping', async () => {
    const home = await openHome();
    const readers = await Promise.all(Array.from({ length: 5 }, () => read(`${home.url}/api/stream`)));

    await home.running.stop();

    await Promise.all(readers.map(({ over }) => over));
  });
});

/** The stream without anything that could change. */
async function streamAlone(heartbeatMs: number) {
  const changes = createChanges(() => 7, 5);
  let open = 0;
  let left = Promise.withResolvers<void>();
  const counted: typeof changes = {
    ...changes,
    listen: (listener) => {
      const stop = changes.listen(listener);
      let isOpen = true;
      open += 1;
      left = Promise.withResolvers();
      return () => {
        stop();
        if (isOpen) open -= 1;
        isOpen = false;
        if (open === 0) left.resolve();
      };
    },
  };
  const { url, close } = await listen(streamRoutes({ changes: counted }, heartbeatMs), '127.0.0.1', 0);
  const stop = async () => {
    changes.stop();
    await close();
  };
  return { changes, url, close: stop, listeners: Object.assign(() => open, { none: () => left.promise }) };
}
