import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Exception } from '#core/notification/exception.ts';
import type { DeliveryPage, FindingPage } from '#ports/http-api.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { COMPANY, folderPerTest, type Home, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const newFolder = folderPerTest();
const openHome = homePerTest();

async function failureOf(starting: Promise<unknown>): Promise<{ code?: string; message: string }> {
  try {
    await starting;
  } catch (thrown) {
    return thrown as { code?: string; message: string }; // what startYagura throws
  }
  throw new Error('it started');
}

describe('what keeps it from starting', () => {
  it('says that the port is taken, and leaves nothing behind', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const dataDir = newFolder();

    const failure = await failureOf(openHome({ dataDir, port }));

    expect(failure).toMatchObject({ code: 'input.invalid' });
    expect(failure.message).toContain(`Port ${port} is taken`);
    expect(failure.message).toContain('--port');
    const home = await openHome({ dataDir });
    expect((await home.call('GET', '/healthz')).status).toBe(200);
    await new Promise((resolve) => taken.close(resolve));
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', 'example.com', '', '127.0.0.1.example.com'])(
    'listens on loopback only, not on %j',
    async (host) => {
      const failure = await failureOf(openHome({ host }));
      const configured = await failureOf(openHome({ configText: `server: { host: "${host}" }` }));

      expect(failure).toMatchObject({ code: 'not-allowed' });
      expect(configured).toMatchObject({ code: 'not-allowed' });
      expect(failure.message).toContain('sign-in');
    },
  );

  it('listens on the loopback address of version 6', async () => {
    const home = await openHome({ host: '::1' }).catch((thrown: { message: string }) => thrown.message);

    // Not every machine has version 6.
    if (typeof home === 'string') expect(home).toContain('Cannot listen on ::1');
    else expect((await home.call('GET', '/api/session')).status).toBe(200);
  });

  it('names the first mistake of a configuration and touches no data', async () => {
    const dataDir = newFolder();

    const failure = await failureOf(openHome({ dataDir, configText: 'teams:\n  web: { name: Web, colour: red }\n' }));

    expect(failure).toMatchObject({ code: 'config.invalid' });
    expect(failure.message).toMatch(/line 2, column \d+/);
    expect(failure.message).toContain('colour');
    expect(failure.message).toContain('yagura config check');
  });

  it('lets only one process at a time use a folder', async () => {
    const first = await openHome();

    const failure = await failureOf(openHome({ dataDir: first.dataDir }));

    expect(failure).toMatchObject({ code: 'store.unavailable' });
    expect(failure.message).toContain('Another yagura');
    expect((await first.call('GET', '/api/session')).status).toBe(200);
  });

  it('refuses the database of another program and leaves it as it is', async () => {
    const dataDir = newFolder();
    const foreign = new DatabaseSync(join(dataDir, 'yagura.db'));
    foreign.exec('CREATE TABLE theirs (a)');
    foreign.close();

    const failure = await failureOf(openHome({ dataDir }));

    expect(failure).toMatchObject({ code: 'store.unavailable' });
    expect(failure.message).toContain('another program');
  });
});

describe('stopping', () => {
  it('happens once, however often it is asked for', async () => {
    const home = await openHome();

    const stops = [home.running.stop(), home.running.stop()];
    await Promise.all(stops);
    await home.running.stop();

    expect(stops[0]).toBe(stops[1]);
    await expect(home.call('GET', '/healthz')).rejects.toThrow('ECONNREFUSED');
    await expect(home.running.yagura.store.problemPage({})).rejects.toThrow();
  });

  it('lets requests that are under way end well', async () => {
    const home = await openHome();
    const events = Array.from({ length: 3_000 }, (_, n) =>
      awsEvent({ of: 'control', set: { 'finding.Resources.0.Id': `arn:aws:s3:::bucket-${n}` } }),
    );

    const sending = home.call('POST', '/events', { body: events });
    await new Promise((resolve) => setImmediate(resolve));
    await reaches(home, 1);
    await home.running.stop();

    expect(await sending).toMatchObject({ status: 202, json: { observed: 3_000 } });
    const store = openSqliteStore({ path: join(home.dataDir, 'yagura.db') });
    expect((await store.problemPage({})).total).toBe(3_000);
    await store.close();
  });

  it('delivers after the next start what it could not deliver before', async () => {
    const dataDir = newFolder();
    const first = await openHome({ dataDir });
    await first.call('POST', '/events', { body: [awsEvent({ of: 'guardduty', set: { 'detail.severity': 9 } })] });
    await first.running.stop();

    const second = await openHome({ dataDir });
    await second.running.yagura.delivery().drained();

    const { items } = await second.get<DeliveryPage>('/api/deliveries');
    expect(items.map(({ state }) => state)).toEqual(['sent', 'sent']);
    expect((await second.get<{ total: number }>('/api/messages')).total).toBe(2);
  });
});

describe('a store that fails', () => {
  it('is said clearly while another program holds the file, and nothing is lost afterwards', async () => {
    const home = await openHome();
    const other = new DatabaseSync(join(home.dataDir, 'yagura.db'));
    other.exec('BEGIN IMMEDIATE');

    const writing = await home.call('POST', '/events', { body: [awsEvent('control')] });
    const alive = await home.call('GET', '/api/findings');
    other.exec('ROLLBACK');
    other.close();

    expect(writing).toMatchObject({ status: 503, json: { error: { code: expect.stringMatching(/^store\./) } } });
    expect(writing.text).toContain('yagura.db');
    expect(alive.status).toBe(200);
    expect(await home.call('POST', '/events', { body: [awsEvent('control')] })).toMatchObject({ status: 202 });
    expect((await home.get<FindingPage>('/api/findings')).total).toBe(1);
  });

  it.each([
    [new YaguraError('store.unavailable', 'Cannot read from yagura.db: the disk answers with an error.'), 503],
    [new YaguraError('store.throttled', 'The table takes no more requests. Try again.'), 503],
    [new YaguraError('store.full', 'Cannot write to yagura.db: the disk is full.'), 503],
    [new TypeError('Cannot read properties of undefined'), 500],
  ])('answers every request, and lives: %s', async (failure, status) => {
    const home = await openHome();
    const { store } = home.running.yagura;
    const spies = Object.keys(store)
      .filter((name) => name !== 'close')
      // Every method gives a promise.
      .map((name) => vi.spyOn(store, name as 'problems').mockRejectedValue(failure));

    const answers = await Promise.all([
      ...READING.map((path) => home.call('GET', path)),
      home.write('POST', '/api/findings/some-key/acknowledge', {}),
      home.write('POST', '/api/deliveries/some-id/retry', {}),
      home.call('POST', '/events', { body: [awsEvent('control'), awsEvent('ec2-state')] }),
    ]);
    for (const spy of spies) spy.mockRestore();

    for (const answer of answers) {
      expect(answer).toMatchObject({ status, json: { error: { message: expect.stringContaining(failure.message) } } });
      expect(answer.text).not.toContain('at file:');
    }
    expect((await home.call('GET', '/api/findings')).status).toBe(200);
  });
});

const READING = [
  '/api/overview',
  '/api/findings',
  '/api/findings/facets?property=team',
  '/api/findings/some-key',
  '/api/accounts',
  '/api/teams',
  '/api/messages',
  '/api/messages/channels',
  '/api/deliveries',
  '/api/deliveries/summary',
  '/api/exceptions',
  '/api/unknown-events',
];

describe('exceptions of yagura.yaml', () => {
  const entry = 'exceptions: [{ type: "UnauthorizedAccess:*", reason: A test, owner: web, expires: 2999-12-31 }]';
  const event = awsEvent({ of: 'guardduty', set: { 'detail.severity': 9 } });

  it('silence, end when they leave the file, and are written down', async () => {
    const dataDir = newFolder();
    const first = await openHome({ dataDir, configText: `${COMPANY}\n${entry}\n` });
    await first.send([event]);
    const silenced = await first.get<{ items: Exception[] }>('/api/exceptions');
    const refused = await first.write('DELETE', `/api/exceptions/${silenced.items[0]?.id}`);
    const told = (await first.get<DeliveryPage>('/api/deliveries')).total;
    await first.running.stop();

    const second = await openHome({ dataDir });
    await reaches(second, 2, '/api/deliveries');

    expect(silenced.items).toMatchObject([{ owner: 'web', createdBy: 'yagura.yaml', silenced: 1, removedAt: null }]);
    expect(told).toBe(0);
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.text).toContain('yagura.yaml');
    const { items } = await second.get<{ items: Exception[] }>('/api/exceptions');
    expect(items).toMatchObject([{ removedBy: 'yagura.yaml', silenced: 1 }]);
    const audit = await second.running.yagura.store.auditEntries(0, 100);
    expect(audit.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'yagura.yaml exception.add',
      'yagura.yaml exception.remove',
    ]);
  });

  it('are added once, however often it starts', async () => {
    const dataDir = newFolder();
    for (let n = 0; n < 3; n++) {
      const home = await openHome({ dataDir, configText: `${COMPANY}\n${entry}\n` });
      expect((await home.get<{ items: Exception[] }>('/api/exceptions')).items).toHaveLength(1);
      expect(await home.running.yagura.store.auditEntries(0, 100)).toHaveLength(1);
      await home.running.stop();
    }
  });
});

/** Waits until a list has so many entries. */
async function reaches(home: Home, total: number, path = '/api/findings'): Promise<void> {
  for (;;) {
    if ((await home.get<{ total: number }>(path)).total >= total) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
