import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { compactLake, type UpkeepPorts } from '#engine/lake/compact.ts';
import { verifyLake } from '#engine/lake/verify.ts';
import { firstDay, flowLine, now, type SmallLake, smallLake } from '../../../test/stand-ins/lake/small-lake.ts';

const options = { all: false, now: false };
const minute = 60_000;
let lake: SmallLake;

beforeEach(async () => {
  lake = await smallLake();
});
afterEach(() => lake.close());

/** Three objects of one day that overlap in time. */
async function threeFiles(): Promise<void> {
  for (const [index, start] of [3, 1, 2].entries())
    await lake.ingest(
      `${index}.log`,
      `${[0, 5, 9].map((step) => flowLine(firstDay + (start + step) * minute, 1000 + index)).join('\n')}\n`,
    );
}

const allRows = (): Promise<readonly string[]> => lake.rowsOf(lake.manifest.files());
const later = (): number => now + 100 * 365 * 86_400_000;

test('small files of a day become one that is sorted by time and keeps the rows of each object', async () => {
  await threeFiles();
  const before = await allRows();
  const objectsBefore = new Map(lake.manifest.files().flatMap((file) => [...file.objects]));

  const summary = await compactLake(lake, options);
  const [merged, ...others] = lake.manifest.files();
  const after = await allRows();
  const times = after.map((text) => (JSON.parse(text) as { time: number }).time);

  expect(summary).toMatchObject({ merged: 3, into: 1, rows: 9, skipped: 0, failed: [] });
  expect(others).toEqual([]);
  expect(merged?.objects).toEqual(objectsBefore);
  expect(after.toSorted()).toEqual(before.toSorted());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect((await verifyLake(lake, { deep: true, fix: false })).damages).toEqual([]);
});

test('rows are the same before and after, however they lie in files', async () => {
  const second = fc.integer({ min: 0, max: 2 * 86_400 - 1 });
  const objects = fc.array(fc.array(second, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(objects, async (given) => {
      const own = await smallLake();
      try {
        for (const [index, seconds] of given.entries())
          await own.ingest(
            `${index}.log`,
            seconds.map((at, port) => `${flowLine(firstDay + at * 1000, port)}\n`).join(''),
          );
        const before = await own.rowsOf(own.manifest.files());

        await compactLake(own, options);
        const after = await own.rowsOf(own.manifest.files());
        const report = await verifyLake(own, { deep: true, fix: false });

        expect(after.toSorted()).toEqual(before.toSorted());
        expect(own.manifest.partitions().every(({ files }) => files === 1)).toBe(true);
        expect(report.damages).toEqual([]);
      } finally {
        own.close();
      }
    }),
    { numRuns: 5, seed: 20260921 },
  );
}, 60_000);

test('a reader that took its list before still reads the old files until the grace is over', async () => {
  await threeFiles();
  const held = lake.manifest.files();
  const before = await lake.rowsOf(held);

  await compactLake(lake, options);
  const whileHeld = await lake.rowsOf(held);
  lake.clock.advance(9 * minute);
  const early = await compactLake(lake, options);
  lake.clock.advance(minute);
  const late = await compactLake(lake, options);

  expect(whileHeld).toEqual(before);
  expect([early.removed.files, late.removed.files]).toEqual([0, 3]);
  expect(held.map((file) => existsSync(join(lake.root, file.path)))).toEqual([false, false, false]);
  expect(lake.manifest.retired(later())).toEqual([]);
});

test('with now the old files are gone at once', async () => {
  await threeFiles();
  const held = lake.manifest.files();

  const { removed } = await compactLake(lake, { ...options, now: true });

  expect(removed.files).toBe(3);
  expect(held.some((file) => existsSync(join(lake.root, file.path)))).toBe(false);
});

test('a day that is not over is left alone, unless all are asked for', async () => {
  await threeFiles();
  const onTheDay = createPorts({}, firstDay + 3_600_000);

  const left = await compactLake(onTheDay, options);
  const all = await compactLake(onTheDay, { ...options, all: true });

  expect([left.merged, all.merged]).toEqual([0, 3]);
});

test('an object that is ingested again while its files are merged wins', async () => {
  await threeFiles();
  const ports = createPorts({
    merge: async (files) => {
      const merged = await lake.files.merge(files);
      await lake.ingest('1.log', `${flowLine(firstDay + minute, 7777)}\n`);
      return merged;
    },
  });

  const summary = await compactLake(ports, options);
  const rows = await allRows();

  expect(summary).toMatchObject({ merged: 0, skipped: 1 });
  expect(rows).toHaveLength(7);
  expect((await verifyLake(lake, { deep: true, fix: false })).damages).toEqual([]);
});

const broken = (): Promise<never> => Promise.reject(new Error('the disk is gone'));

test.each<[string, (real: SmallLake) => Partial<UpkeepPorts['files']>, number]>([
  ['merging', () => ({ merge: broken }), 0],
  ['placing, before anything is in place', () => ({ place: broken }), 0],
  ['placing, when the file is in place', (real) => ({ place: async (f) => real.files.place(f).then(broken) }), 1],
])('cut off at %s the lake is as before', async (_, failing, orphans) => {
  await threeFiles();
  const before = await allRows();

  await expect(compactLake(createPorts(failing(lake)), options)).rejects.toThrow('the disk is gone');
  const after = await allRows();
  const report = await verifyLake(createPorts({}, later()), { deep: true, fix: false });

  expect(after).toEqual(before);
  expect(report.damages.map(({ kind }) => kind)).toEqual(Array.from({ length: orphans }, () => 'orphan'));
});

test('cut off at the commit the lake is as before and the new file is gone', async () => {
  await threeFiles();
  const before = await allRows();
  const manifest = {
    ...lake.manifest,
    commit: () => {
      throw new Error('the disk is gone');
    },
  };

  await expect(compactLake({ ...lake, manifest }, options)).rejects.toThrow('the disk is gone');

  expect(await allRows()).toEqual(before);
  expect((await verifyLake(createPorts({}, later()), { deep: true, fix: false })).damages).toEqual([]);
});

test('cut off while old files are removed the next run removes the rest', async () => {
  await threeFiles();
  await compactLake(lake, options);
  lake.clock.advance(10 * minute);

  await expect(compactLake(createPorts({ remove: broken }), options)).rejects.toThrow('the disk is gone');
  const { removed } = await compactLake(lake, options);

  expect(removed.files).toBe(3);
  expect((await verifyLake(createPorts({}, later()), { deep: true, fix: false })).damages).toEqual([]);
});

test('a group that cannot be read is reported, and the others are merged', async () => {
  await threeFiles();
  await lake.ingest('next-0.log', `${flowLine(firstDay + 86_400_000, 1)}\n`);
  await lake.ingest('next-1.log', `${flowLine(firstDay + 86_400_000, 2)}\n`);
  const ports = createPorts({
    merge: async (files) => {
      if (files[0]?.day === '20260921') throw new YaguraError('lake.sql', 'no Parquet file');
      return lake.files.merge(files);
    },
  });

  const summary = await compactLake(ports, options);

  expect(summary).toMatchObject({ merged: 2, into: 1 });
  expect(summary.failed).toEqual([{ table: 'VPC_FLOW', day: '20260921', message: 'no Parquet file' }]);
});

test('killed between place and commit nothing is lost, and verify removes what was left', async () => {
  await threeFiles();
  const before = await allRows();
  const src = (path: string): string => pathToFileURL(join(import.meta.dirname, '..', '..', path)).href;
  const program = `
    import { openLocalLakeFiles } from '${src('adapters/duckdb/local-lake-files.ts')}';
    import { openSqliteManifest } from '${src('adapters/lake-manifest/sqlite-manifest.ts')}';
    import { compactLake } from '${src('engine/lake/compact.ts')}';
    const files = await openLocalLakeFiles({ root: ${JSON.stringify(lake.root)}, threads: 1, memoryMiB: 256 });
    const manifest = openSqliteManifest(${JSON.stringify(join(lake.root, 'manifest.sqlite'))});
    const place = async (waiting) => { await files.place(waiting); console.log('placed'); await new Promise((done) => setTimeout(done, 1e9)); };
    await compactLake({ files: { ...files, place }, manifest, clock: { now: () => ${now} } }, { all: false, now: false });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const alive = await lake.files.leftovers();

  child.kill('SIGKILL');
  await once(child, 'exit');
  const found = await verifyLake(createPorts({}, later()), { deep: true, fix: false });
  const fixed = await verifyLake(createPorts({}, later()), { deep: true, fix: true });
  const clean = await verifyLake(createPorts({}, later()), { deep: true, fix: false });

  expect(alive).toEqual([]);
  expect(await allRows()).toEqual(before);
  expect(found.damages.map(({ kind }) => kind)).toEqual(['orphan', 'leftover']);
  expect(fixed.damages.map(({ isFixed }) => isFixed)).toEqual([true, true]);
  expect(clean.damages).toEqual([]);
}, 30_000);

/** The lake's ports with some functions of the files replaced, at another time. */
function createPorts(failing: Partial<UpkeepPorts['files']>, at = lake.clock.now()): UpkeepPorts {
  return { files: { ...lake.files, ...failing }, manifest: lake.manifest, clock: { now: () => at } };
}
