import { describe, expect, it } from 'vitest';
import { ApiFailure, createApiClient } from './api-client.ts';

type Seen = { url: string; init: RequestInit };

function clientAnswering(answer: () => Promise<Response>) {
  const seen: Seen[] = [];
  const reached: string[] = [];
  const api = createApiClient({
    fetch: (url, init) => {
      seen.push({ url: String(url), init: init ?? {} });
      return answer();
    },
    language: () => 'ja',
    onRequest: (now) => reached.push(now),
  });
  return { api, seen, reached };
}

const json = (status: number, body: unknown) => async () => new Response(JSON.stringify(body), { status });

async function failureOf(work: Promise<unknown>): Promise<Pick<ApiFailure, 'kind' | 'status' | 'code' | 'message'>> {
  const failure = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(failure instanceof ApiFailure)) throw new Error('no failure');
  const { kind, status, code, message } = failure;
  return { kind, status, code, message };
}

describe('the API client', () => {
  it('reads below /api in the language of the console', async () => {
    const { api, seen, reached } = clientAnswering(json(200, { total: 1 }));

    expect(await api.get('/findings')).toEqual({ total: 1 });
    expect(seen[0]?.url).toBe('/api/findings');
    expect(seen[0]?.init.headers).toMatchObject({ 'accept-language': 'ja' });
    expect(reached).toEqual(['answered']);
  });

  it('marks writing requests as its own', async () => {
    const { api, seen } = clientAnswering(json(200, {}));

    await api.post('/findings/x/assign', { to: null });
    await api.remove('/exceptions/1');

    expect(seen.map(({ init }) => [init.method, init.body])).toEqual([
      ['POST', '{"to":null}'],
      ['DELETE', undefined],
    ]);
    for (const { init } of seen) expect(init.headers).toMatchObject({ 'x-yagura-request': '1' });
  });

  it('accepts an answer without a body', async () => {
    const { api } = clientAnswering(async () => new Response(null, { status: 204 }));

    expect(await api.post('/deliveries/1/retry', {})).toBeUndefined();
  });

  it('passes on what the server refused and why', async () => {
    const { api, reached } = clientAnswering(
      json(409, { error: { code: 'store.conflict', message: 'Somebody was faster.' } }),
    );

    expect(await failureOf(api.get('/x'))).toEqual({
      kind: 'refused',
      status: 409,
      code: 'store.conflict',
      message: 'Somebody was faster.',
    });
    expect(reached).toEqual(['answered']);
  });

  it('knows a server whose store is down from a server that is gone', async () => {
    const store = clientAnswering(json(503, { error: { code: 'store.unavailable', message: 'The disk is full.' } }));
    const proxy = clientAnswering(async () => new Response('<html>Bad gateway</html>', { status: 502 }));

    expect(await failureOf(store.api.get('/x'))).toMatchObject({ kind: 'offline', code: 'store.unavailable' });
    expect(await failureOf(proxy.api.get('/x'))).toMatchObject({ kind: 'offline', code: 'http-502' });
    expect([store.reached, proxy.reached]).toEqual([['answered'], ['silent']]);
  });

  it('says that nobody answered', async () => {
    const { api, reached } = clientAnswering(() => Promise.reject(new TypeError('Failed to fetch')));

    expect(await failureOf(api.get('/x'))).toEqual({
      kind: 'offline',
      status: 0,
      code: 'network',
      message: 'Failed to fetch',
    });
    expect(reached).toEqual(['silent']);
  });

  it('takes a page that is not ours for no answer of ours', async () => {
    const { api } = clientAnswering(async () => new Response('<html>', { status: 200 }));

    expect(await failureOf(api.get('/x'))).toMatchObject({ kind: 'refused', code: 'not-json' });
  });

  it('says nothing about the server when its caller gave up', async () => {
    const aborter = new AbortController();
    const { api, reached } = clientAnswering(() => Promise.reject(new DOMException('aborted', 'AbortError')));
    aborter.abort();

    await expect(api.get('/x', aborter.signal)).rejects.toBeInstanceOf(DOMException);
    expect(reached).toEqual([]);
  });
});
