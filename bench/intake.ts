import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchInbox } from '#adapters/inbox/watch-inbox.ts';
import { createLogger } from '#adapters/logger/logger.ts';
import { createEnvironmentSecrets } from '#adapters/secrets/environment-secrets.ts';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { assemble } from '#apps/server/assemble.ts';
import { connectSlack } from '#apps/server/connect-slack.ts';
import { httpApp } from '#apps/server/http-app.ts';
import type { Installation } from '#apps/server/installation.ts';
import { createLakeAccess } from '#apps/server/lake-access.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import { keepDirectory } from '#engine/keep-directory.ts';
import { configText, cpuSeconds, distinctEvents, median } from './_events.ts';
import type { Bench, Measure } from './run.ts';

const BATCH = 1_000;
/** Batches that only warm the compiler and the caches, as in a process that has run for a while. */
const WARM_UP = 8;
const BATCHES = 16;
const RUNS = 5;
const STORED_FEW = 1_000;
const STORED_MANY = 100_000;

/** Events read, decided and durable in state and outbox, per CPU second: the way of an inbox file and of an array body of POST /events. */
export const bench: Bench = { name: 'intake', run };

type Home = { readonly dir: string; readonly yagura: Installation };

async function run(): Promise<Measure[]> {
  const goal = '>= 10000';
  const unit = 'events/s/core';
  const inbox = await rate(throughInbox);
  const [arrays, halves] = [await rate(throughHttp(BATCH)), await rate(throughHttp(BATCH / 2))];
  const [few, many] = await costs();
  return [
    { metric: 'inbox files of JSON lines, each event a problem of its own', value: inbox, unit, goal },
    { metric: 'POST /events, array bodies of 1,000', value: arrays, unit, goal },
    { metric: 'POST /events, array bodies of 500', value: halves, unit, goal },
    { metric: `one more event, ${STORED_FEW.toLocaleString('en')} problems in state`, value: few, unit: 'µs of CPU' },
    { metric: `one more event, ${STORED_MANY.toLocaleString('en')} problems in state`, value: many, unit: 'µs of CPU' },
    { metric: 'cost with many over cost with few', value: many / few, unit: 'times', goal: '<= 1.5' },
  ];
}

/** Makes everything ready that a sender would do; what it gives is the work of the home, which is measured. */
type Way = (home: Home, events: readonly string[], round: number) => Promise<() => Promise<void>>;

/** Events per CPU second once everything is warm; the last checkpoint counts. */
async function rate(way: Way): Promise<number> {
  const rates: number[] = [];
  for (let n = 0; n < RUNS; n++) {
    await withHome(async (home) => {
      const warmUp = await way(home, distinctEvents(WARM_UP * BATCH, n * 1e7), 0);
      const measured = await way(home, distinctEvents(BATCHES * BATCH, n * 1e7 + 1e6), 1);
      await warmUp();
      const seconds = await cpuSeconds(async () => {
        await measured();
        await home.yagura.store.close();
      });
      rates.push((BATCHES * BATCH) / seconds);
    });
  }
  return median(rates);
}

/** Files of 1,000 events each, read and moved away as in a running home. */
async function throughInbox(
  { dir, yagura }: Home,
  events: readonly string[],
  round: number,
): Promise<() => Promise<void>> {
  const inbox = join(dir, `inbox-${round}`);
  await mkdir(inbox);
  for (let from = 0; from < events.length; from += BATCH)
    await writeFile(join(inbox, `${from}.jsonl`), events.slice(from, from + BATCH).join('\n'));
  return async () => {
    const abort = new AbortController();
    let left = Math.ceil(events.length / BATCH);
    const watching = watchInbox({
      ...{ dir: inbox, clock: createSystemClock(), sleeper: createSystemSleeper(), signal: abort.signal },
      ...{ log: { info: () => --left === 0 && abort.abort(), warn: () => {} }, pollMs: 20 },
      accept: async ({ text }) => {
        const report = await yagura.accept(parseDocument(text).events);
        return { accepted: report.observed, rejected: [] };
      },
    });
    await watching;
    if (left > 0) throw new Error(`${left} files are still in the inbox`);
  };
}

function throughHttp(size: number): Way {
  return async ({ dir, yagura }, events) => {
    const app = httpApp(yagura, { consoleDir: dir });
    const bodies: Buffer<ArrayBuffer>[] = [];
    for (let from = 0; from < events.length; from += size)
      bodies.push(Buffer.from(`[${events.slice(from, from + size).join(',')}]`));
    return async () => {
      for (const body of bodies) {
        const url = 'http://127.0.0.1:8484/events';
        const answer = await app.request(url, { method: 'POST', body, headers: { host: '127.0.0.1:8484' } });
        if (answer.status !== 202) throw new Error(`POST /events answered ${answer.status}: ${await answer.text()}`);
      }
    };
  };
}

/** CPU microseconds of one event, with few and with many problems stored before. */
async function costs(): Promise<[few: number, many: number]> {
  const found: number[] = [];
  await withHome(async (home) => {
    const accept = (events: readonly string[]) => home.yagura.accept(parseDocument(events.join('\n')).events);
    let stored = 0;
    for (const [place, target] of [STORED_FEW, STORED_MANY].entries()) {
      for (; stored < target; stored += BATCH) await accept(distinctEvents(BATCH, stored));
      const samples: number[] = [];
      // Few stay few: what is measured is small against what is stored.
      for (let n = 0; n < 9; n++) {
        const events = distinctEvents(BATCH / 5, 1e7 * (place + 1) + n * BATCH);
        samples.push(((await cpuSeconds(async () => void (await accept(events)))) * 1e6) / events.length);
      }
      found.push(median(samples));
    }
  });
  return [found[0] ?? Number.NaN, found[1] ?? Number.NaN];
}

/** The embedded home without delivery, on a disk of its own. */
async function withHome(work: (home: Home) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'yagura-bench-'));
  const store = openSqliteStore({ path: join(dir, 'yagura.db') });
  const clock = createSystemClock();
  const sleeper = createSystemSleeper();
  const { config } = parseConfig(configText, clock.now());
  if (config === undefined) throw new Error('the sample configuration is not valid');
  const { yagura } = assemble({
    ...{ config, store, clock, sleeper, version: '0', isSample: false, random: createSystemRandom() },
    secrets: createEnvironmentSecrets({ env: {}, onSecret: () => {} }),
    log: createLogger({ level: 'error' }),
    directory: await keepDirectory(config, undefined, { store, clock }),
    slack: await connectSlack(undefined, {}, sleeper),
    lake: createLakeAccess({ dataDir: dir }),
  });
  try {
    await work({ dir, yagura });
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
