import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { buildDirectory } from '#core/organization/directory.ts';
import { acceptEvents, type IntakePorts } from '#engine/accept-events.ts';
import { configText, cpuSeconds, distinctEvents, median } from './_events.ts';
import type { Bench, Measure } from './run.ts';

const BATCH = 1_000;
const BATCHES = 10;
const RUNS = 3;
const STORED_FEW = 1_000;
const STORED_MANY = 100_000;

/** Events read, decided and durable in state and outbox, per CPU second: what an inbox file and an array body of POST /events go through. */
export const bench: Bench = { name: 'intake', run };

async function run(): Promise<Measure[]> {
  const lines = await repeated((events) => events.join('\n'));
  const arrays = await repeated((events) => `[${events.join(',')}]`);
  const [few, many] = await costs();
  return [
    {
      metric: 'events accepted, JSON lines (inbox files), distinct problems',
      value: lines,
      unit: 'events/s/core',
      goal: '>= 10000',
    },
    {
      metric: 'events accepted, array bodies of 1,000 (POST /events)',
      value: arrays,
      unit: 'events/s/core',
      goal: '>= 10000',
    },
    { metric: `one more event with ${STORED_FEW} problems in state`, value: few, unit: 'CPU us' },
    { metric: `one more event with ${STORED_MANY} problems in state`, value: many, unit: 'CPU us' },
    { metric: 'cost with many over cost with few', value: many / few, unit: 'times', goal: '<= 1.5' },
  ];
}

async function repeated(bodyOf: (events: readonly string[]) => string): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < RUNS; round++) {
    await withStore(async (ports) => {
      const bodies = Array.from({ length: BATCHES }, (_, index) => bodyOf(distinctEvents(BATCH, index * BATCH)));
      await accept(bodyOf(distinctEvents(BATCH, 1e8)), ports);
      const seconds = await cpuSeconds(async () => {
        for (const body of bodies) await accept(body, ports);
      });
      rates.push((BATCH * BATCHES) / seconds);
    });
  }
  return median(rates);
}

/** CPU microseconds of one event, with few and with many problems stored before. */
async function costs(): Promise<[number, number]> {
  const found: [number, number] = [0, 0];
  await withStore(async (ports) => {
    let stored = 0;
    for (const [place, target] of [STORED_FEW, STORED_MANY].entries()) {
      for (; stored < target; stored += BATCH) await accept(distinctEvents(BATCH, stored).join('\n'), ports);
      const samples: number[] = [];
      for (let round = 0; round < 5; round++) {
        const body = distinctEvents(BATCH, 1e7 * (place + 1) + round * BATCH).join('\n');
        samples.push(((await cpuSeconds(() => accept(body, ports))) * 1e6) / BATCH);
      }
      found[place] = median(samples);
    }
  });
  return found;
}

async function accept(body: string, ports: IntakePorts): Promise<void> {
  const report = await acceptEvents(parseDocument(body).events, ports);
  if (report.observed !== BATCH) throw new Error(`${report.observed} of ${BATCH} events were understood`);
}

async function withStore(work: (ports: IntakePorts) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'yagura-bench-'));
  const store = openSqliteStore({ path: join(dir, 'yagura.db') });
  const clock = createSystemClock();
  const { config } = parseConfig(configText, clock.now());
  if (config === undefined) throw new Error('the sample configuration is not valid');
  const [directory, policy] = [buildDirectory(config), routingPolicy(config)];
  try {
    await work({ store, clock, random: createSystemRandom(), directory: () => directory, policy: () => policy });
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
