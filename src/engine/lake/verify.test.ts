import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type VerifyReport, verifyLake } from '#engine/lake/verify.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';
import { firstDay, flowLine, now, type SmallLake, smallLake } from '../../../test/stand-ins/lake/small-lake.ts';

const farFuture = now + 100 * 365 * 86_400_000;
let lake: SmallLake;

beforeEach(async () => {
  lake = await smallLake();
  await lake.ingest('a.log', `${flowLine(firstDay, 1)}\n${flowLine(firstDay + 1000, 2)}\nbroken\n`);
  await lake.ingest('b.log', `${flowLine(firstDay + 2000, 3)}\n`);
});
afterEach(() => lake.close());

function verify(options: { readonly deep?: boolean; readonly fix?: boolean; readonly at?: number } = {}) {
  const { deep = false, fix = false, at = farFuture } = options;
  return verifyLake({ ...lake, clock: { now: () => at } }, { deep, fix });
}

const kinds = ({ damages }: VerifyReport): readonly string[] => damages.map(({ kind }) => kind);

function file(index: number): LakeFile & { readonly onDisk: string } {
  const found = lake.manifest.files()[index];
  if (found === undefined) throw new Error(`there is no file ${index}`);
  return { ...found, onDisk: join(lake.root, found.path) };
}

/** Changes the manifest behind its back. */
function tamper(sql: string): void {
  const db = new DatabaseSync(join(lake.root, 'manifest.sqlite'));
  db.exec(sql);
  db.close();
}

test('a whole lake has no damage', async () => {
  const report = await verify({ deep: true });

  expect(report).toEqual({ files: 2, rows: 3, bytes: file(0).bytes + file(1).bytes, damages: [], young: 0 });
});

test('a missing file is found', async () => {
  rmSync(file(0).onDisk);

  const { damages } = await verify();

  expect(damages).toMatchObject([{ kind: 'file-missing', of: file(0).path }]);
});

test('a file of another size is found', async () => {
  truncateSync(file(0).onDisk, file(0).bytes - 10);

  expect(kinds(await verify())).toEqual(['file-size']);
});

test('a file that is no Parquet file is found, and the others are still read', async () => {
  writeFileSync(file(0).onDisk, Buffer.alloc(file(0).bytes));

  expect(kinds(await verify())).toEqual(['file-broken']);
});

test('a damaged page is found by reading the rows', async () => {
  const { onDisk, bytes } = file(0);
  const whole = await lake.files.footers([file(0).path]);
  const content = readFileSync(onDisk);
  content.fill(0, 4, Math.floor(bytes / 3));
  writeFileSync(onDisk, content);

  const shallow = await verify();
  const deep = await verify({ deep: true });

  expect(whole).toMatchObject([{ kind: 'read' }]);
  expect(kinds(shallow)).toEqual([]);
  expect(kinds(deep)).toEqual(['file-broken']);
});

test('a file with the rows of another is found', async () => {
  copyFileSync(file(0).onDisk, file(1).onDisk);
  tamper(`UPDATE files SET bytes = ${file(0).bytes} WHERE path = '${file(1).path}'`);
  const [a, b] = [file(0).rows, file(1).rows];

  const report = await verify();

  expect(a).not.toBe(b);
  expect(kinds(report)).toEqual(['file-rows']);
});

test('times that are not those of the rows are found by reading them', async () => {
  tamper('UPDATE files SET maxTime = maxTime + 1');

  expect(kinds(await verify({ deep: true }))).toEqual(['file-times', 'file-times']);
});

test('rows of another object than the manifest says are found by reading them', async () => {
  tamper("UPDATE file_objects SET uri = uri || 'x'; UPDATE objects SET uri = uri || 'x'");

  const report = await verify({ deep: true });

  expect(kinds(report).filter((kind) => kind === 'file-objects')).toHaveLength(2);
});

test.each([
  ['UPDATE file_objects SET rows = rows + 1', ['file-objects', 'file-objects', 'object-rows', 'object-rows']],
  ['UPDATE objects SET records = records + 1', ['object-records', 'object-records']],
  ['UPDATE objects SET written = written + 1, records = records + 1', ['object-rows', 'object-rows']],
  ['DELETE FROM objects', ['object-rows', 'object-rows']],
  ['DELETE FROM quarantine', ['object-quarantine']],
  ['UPDATE objects SET excluded = 1, records = records + 1', ['object-exclusions', 'object-exclusions']],
])('counts that contradict each other are found: %s', async (sql, expected) => {
  tamper(sql);

  expect(kinds(await verify())).toEqual(expected);
});

test('a file that no manifest row names is found when it is older than an hour, and removed on demand', async () => {
  const folder = join(lake.root, 'aws/VPC_FLOW/2.0/region=x/accountId=y/eventDay=20260921');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'z.zstd.parquet'), 'left');

  const young = await verify({ at: 0, fix: true });
  const old = await verify();
  await verify({ fix: true });
  const clean = await verify();

  expect([young.young, kinds(young)]).toEqual([1, []]);
  expect(kinds(old)).toEqual(['orphan']);
  expect(kinds(clean)).toEqual([]);
});

test('files of a process that is gone are found, those of a living one are not', async () => {
  mkdirSync(join(lake.root, '.work', 'gone'), { recursive: true });
  writeFileSync(join(lake.root, '.work', 'gone', '1.parquet'), 'left');

  const young = await verify({ at: 0, fix: true });
  const fixed = await lake.withIngest(() => verify({ fix: true }));
  const clean = await verify();

  expect(kinds(young)).toEqual([]);
  expect(fixed.damages).toMatchObject([{ kind: 'leftover', of: '.work/gone', isFixed: true }]);
  expect(kinds(clean)).toEqual([]);
});
