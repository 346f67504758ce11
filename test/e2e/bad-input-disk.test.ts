import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Hono } from 'hono';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '#adapters/logger/logger.ts';
import { createRedactor } from '#adapters/logger/redactor.ts';
import { createEnvironmentSecrets } from '#adapters/secrets/environment-secrets.ts';
import { connectionTo } from '#adapters/sqlite/connection.ts';
import { sqliteStoreOn } from '#adapters/sqlite/sqlite-store.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { assemble } from '#apps/server/assemble.ts';
import { connectSlack } from '#apps/server/connect-slack.ts';
import { httpApp } from '#apps/server/http-app.ts';
import { createLakeAccess } from '#apps/server/lake-access.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { type DeliveryLoop, startDelivery } from '#engine/delivery/delivery-loop.ts';
import { keepDirectory } from '#engine/keep-directory.ts';
import type { Clock, Sleeper } from '#ports/clock.ts';
import type { StateStore } from '#ports/state-store.ts';
import { TEST_EPOCH } from '../stand-ins/time.ts';
import { guardDutyEvent } from './delivery-events.ts';
import { until } from './delivery-server.ts';
import { CONFIG, outboxCounts } from './delivery-world.ts';

let folder = '';
let loop: DeliveryLoop | undefined;
let store: StateStore | undefined;
afterEach(async () => {
  await loop?.stop();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Started = { app: Hono; store: StateStore; log: string[]; deliver(): void; fill(): void; free(): void };

/** A hundred seconds pass in one, so that nobody waits for the pause after an error. */
function fastTime(): { clock: Clock; sleeper: Sleeper } {
  const { sleep } = createSystemSleeper();
  return {
    clock: { now: () => Math.floor(TEST_EPOCH + performance.now() * 100) },
    sleeper: { sleep: (ms, signal) => sleep(ms / 100, signal) },
  };
}

/** The embedded home on a disk that a test can fill. */
async function start(): Promise<Started> {
  folder = mkdtempSync(join(tmpdir(), 'yagura-full-'));
  const log: string[] = [];
  const path = join(folder, 'yagura.db');
  const db = new DatabaseSync(path);
  store = sqliteStoreOn(connectionTo(db, path));
  const { config } = parseConfig(CONFIG);
  if (config === undefined) throw new Error('the configuration of this test is wrong');
  const [{ clock, sleeper }, secrets] = [fastTime(), createEnvironmentSecrets({ env: {}, onSecret: () => {} })];
  const { yagura, delivery, begin } = assemble({
    ...{ config, store, clock, sleeper, secrets, version: '0', isSample: false, random: createSystemRandom() },
    log: createLogger({
      level: 'error',
      redactor: createRedactor(),
      destination: { write: (line) => void log.push(line) },
    }),
    directory: await keepDirectory(config, undefined, { store, clock }),
    slack: await connectSlack(undefined, {}, sleeper),
    lake: createLakeAccess({ dataDir: folder }),
  });
  const deliver = () => {
    loop = startDelivery(delivery);
    begin(loop, 'http://127.0.0.1:8484');
  };
  deliver();
  const app = httpApp(yagura, { consoleDir: folder });
  return {
    ...{ app, store, log, deliver },
    fill: () => db.exec(`PRAGMA max_page_count = ${Number(db.prepare('PRAGMA page_count').get()?.['page_count'])}`),
    free: () => db.exec('PRAGMA max_page_count = 1000000'),
  };
}

function post(app: Hono, events: readonly unknown[]): Promise<Response> {
  const headers = { host: '127.0.0.1:8484' };
  return Promise.resolve(
    app.request('http://127.0.0.1:8484/events', { method: 'POST', headers, body: JSON.stringify(events) }),
  );
}

const findings = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) =>
    guardDutyEvent({ id: `n${from + n}`, description: `Story ${n}. `.repeat(100) }),
  );

test('on a full disk events are refused as a whole, with what to do, and taken when sent again after there is room', async () => {
  const { app, store, fill, free } = await start();
  await post(app, findings(0, 5));
  await loop?.drained();
  fill();

  const refused = await post(app, findings(5, 200));
  const answer = Object(await refused.json());
  const read = await app.request('http://127.0.0.1:8484/api/findings', { headers: { host: '127.0.0.1:8484' } });
  free();
  const taken = await post(app, findings(5, 200));
  await loop?.drained();

  expect(refused.status).toBe(503);
  expect(answer.error).toMatchObject({ code: 'store.full', message: expect.stringContaining('Free some space') });
  expect(read.status).toBe(200);
  expect(taken.status).toBe(202);
  expect((await store.problemPage({})).total).toBe(205);
  expect(await outboxCounts(store)).toEqual({ sent: 205 });
});

test('what cannot be written down on a full disk is delivered when there is room, and is there once', async () => {
  const { app, store, log, deliver, fill, free } = await start();
  await loop?.stop();
  await post(app, findings(0, 50));
  fill();
  deliver();

  await until('delivery has met the full disk', () => log.some((line) => line.includes('the disk is full')), 10_000);
  free();
  await loop?.drained();

  const { items } = await store.messagePage({ limit: 100 });
  expect(items.flatMap(({ problemKeys }) => problemKeys).sort()).toEqual(
    findings(0, 50)
      .map((_, n) => `guardduty:n${n}`)
      .sort(),
  );
  expect(await outboxCounts(store)).toEqual({ sent: 50 });
});
