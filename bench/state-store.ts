import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import type { ProblemChange, StateStore } from '#ports/state-store.ts';
import { creation, historyOf, itemOf, keyOf, problemOf, T0 } from '../test/contract/state-store/fixtures.ts';

type Measure = { readonly metric: string; readonly value: number; readonly unit: string; readonly goal?: string };
/** CPU microseconds for one change, of new problems and of stored ones picked at random. */
type Cost = { readonly insert: number; readonly update: number; readonly page: number };

const BATCH = 500;
const WARM_UP = 2;
const BATCHES = 18;
const RUNS = 5;
const SMALL = 1_000;
const LARGE = 100_000;
const DESCRIPTION = 'This control checks whether an Amazon S3 general purpose bucket blocks public access. '.repeat(6);

/** A small generator with a fixed seed: keys must not come in the order of an index. */
function scattered(n: number): string {
  return (Math.imul(n + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
}

/** Messages are queued in the order of time. */
let clock = T0;

/** A Security Hub finding of usual size with one message for one of 60 channels. */
function changeOf(n: number, version: number): ProblemChange {
  const account = String(111_122_223_333 + (n % 100));
  const bucket = `arn:aws:s3:::bucket-${scattered(n)}`;
  const name = `securityhub:S3.${n % 30}:${bucket}:${account}:ap-northeast-1`;
  const channel = `#team-${n % 60}`;
  const problem = problemOf(name, {
    version,
    lastSeenAt: T0 + n,
    timesSeen: version,
    team: `team-${n % 20}`,
    observation: {
      kind: 'securityhub',
      type: `S3.${n % 30}`,
      accountId: account,
      description: DESCRIPTION,
      resources: [{ type: 'AwsS3Bucket', id: bucket }],
    },
  });
  const item = itemOf(`${scattered(n)}${scattered(version)}${scattered(n + version)}`, {
    problemKey: keyOf(name),
    destinationKey: `slack:${channel}`,
    destination: { kind: 'slack', channel },
    problemVersion: version,
    createdAt: clock++,
  });
  return creation('x', {
    problem,
    expectedVersion: version - 1,
    outbox: [item],
    history: [historyOf('opened', { what: 'opened' })],
    rawEvent: JSON.stringify({ detail: { findings: [problem.observation, problem.observation] } }),
  });
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function applyAll(store: StateStore, changes: readonly ProblemChange[]): Promise<void> {
  const lost = await store.apply(changes);
  if (lost.length > 0) throw new Error(`the bench wrote a stale version of ${lost.length} problems`);
}

function batchFrom(first: number): ProblemChange[] {
  return Array.from({ length: BATCH }, (_, n) => changeOf(first + n, 1));
}

async function fill(path: string, size: number): Promise<void> {
  const store = openSqliteStore({ path });
  for (let n = 0; n < size; n += BATCH) await applyAll(store, batchFrom(n));
  await store.close();
}

/**
 * CPU microseconds a change. The first batches only warm the caches, as in a process that has run for a while; closing
 * is counted, because its checkpoint is work that the batches left over.
 */
async function costOf(path: string, batches: readonly ProblemChange[][]): Promise<number> {
  const store = openSqliteStore({ path });
  const measured = batches.slice(WARM_UP);
  for (const batch of batches.slice(0, WARM_UP)) await applyAll(store, batch);
  const cost = await cpuOf(async () => {
    for (const batch of measured) await applyAll(store, batch);
    await store.close();
  });
  return cost / (measured.length * BATCH);
}

/** Batches of changes of stored problems picked at random; `versions` remembers them. */
function updates(size: number, versions: Map<number, number>): ProblemChange[][] {
  return Array.from({ length: BATCHES }, () =>
    Array.from({ length: BATCH }, () => {
      const which = Number.parseInt(scattered(picked++), 16) % size;
      const version = (versions.get(which) ?? 1) + 1;
      versions.set(which, version);
      return changeOf(which, version);
    }),
  );
}

let picked = 0;

/** The copy is on disk before anything is measured: a checkpoint would have to write it out too. */
function copyToDisk(from: string, to: string): void {
  copyFileSync(from, to);
  const file = openSync(to, 'r+');
  fsyncSync(file);
  closeSync(file);
}

async function costAt(size: number, folder: string): Promise<Cost> {
  const path = join(folder, `state-${size}.db`);
  const template = join(folder, `filled-${size}.db`);
  await fill(template, size);
  const inserts: number[] = [];
  const changes: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    copyToDisk(template, path);
    inserts.push(
      await costOf(
        path,
        Array.from({ length: BATCHES }, (_, n) => batchFrom(size + n * BATCH)),
      ),
    );
    copyToDisk(template, path);
    changes.push(await costOf(path, updates(size, new Map())));
  }
  return { insert: median(inserts), update: median(changes), page: await pageCost(path) };
}

async function pageCost(path: string): Promise<number> {
  const store = openSqliteStore({ path });
  const costs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    costs.push(await cpuOf(() => store.problemPage({ severity: ['HIGH'], team: ['team-3'], text: 'bucket' })));
  }
  await store.close();
  return median(costs);
}

async function run(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-bench-'));
  try {
    const small = await costAt(SMALL, folder);
    const large = await costAt(LARGE, folder);
    const rowsASecond = (cost: number): number => Math.round((2 * 1_000_000) / cost);
    return [
      {
        metric: 'problem and outbox rows a second and core, 1,000 stored',
        value: rowsASecond(small.insert),
        unit: 'rows/s',
        goal: '>= 30000',
      },
      {
        metric: 'problem and outbox rows a second and core, 100,000 stored',
        value: rowsASecond(large.insert),
        unit: 'rows/s',
        goal: '>= 30000',
      },
      {
        metric: 'cost of a new problem, 100,000 stored against 1,000',
        value: round2(large.insert / small.insert),
        unit: 'times',
        goal: '<= 1.5',
      },
      {
        metric: 'cost of a changed problem, 100,000 stored against 1,000',
        value: round2(large.update / small.update),
        unit: 'times',
      },
      { metric: 'cost of a changed problem, 1,000 stored', value: Math.round(small.update), unit: 'µs' },
      { metric: 'cost of a changed problem, 100,000 stored', value: Math.round(large.update), unit: 'µs' },
      { metric: 'cost of a filtered list, 100,000 stored', value: round2(large.page / 1_000), unit: 'ms' },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The SQLite store by itself: what a batch costs, and that it costs the same however much is stored. */
export const bench = { name: 'state store', run };
