import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyRetention, expiredPartitions } from '#engine/lake/retention.ts';
import { verifyLake } from '#engine/lake/verify.ts';
import { firstDay, flowLine, type SmallLake, smallLake } from '../../../test/stand-ins/lake/small-lake.ts';

const day = 86_400_000;
let lake: SmallLake;

// The lake's now is at noon of the fifth day: the first day ended three and a half days ago.
beforeEach(async () => {
  lake = await smallLake();
  await lake.ingest('a.log', `${flowLine(firstDay, 1)}\n${flowLine(firstDay + day, 2)}\n`);
});
afterEach(() => lake.close());

const days = (): readonly string[] => lake.manifest.partitions().map((partition) => partition.day);
const options = { dryRun: false, now: false };

test.each([
  [{ bySource: {}, otherDays: 4 }, []],
  [{ bySource: {}, otherDays: 3 }, ['20260921']],
  [{ bySource: { 'aws.vpc-flow': 2 } }, ['20260921', '20260922']],
  [{ bySource: { 'aws.vpc-flow': 100 }, otherDays: 1 }, []],
  [{ bySource: { 'aws.waf': 1 } }, []],
  [{ bySource: {} }, []],
])('whole days go that are older than the source is kept: %j', (rule, expected) => {
  const expired = expiredPartitions(lake.manifest.partitions(), lake.clock.now(), rule);

  expect(expired.map((partition) => partition.day)).toEqual(expected);
});

test('a dry run only says what would go', async () => {
  const summary = await applyRetention(lake, { rule: { bySource: {}, otherDays: 3 }, dryRun: true, now: true });

  expect(summary).toMatchObject({ files: 1, rows: 1, removed: { files: 0 } });
  expect(days()).toEqual(['20260921', '20260922']);
});

test('expired days leave the manifest first and the disk when no reader holds them, and the counts still add up', async () => {
  const [first] = lake.manifest.files();
  const onDisk = join(lake.root, first?.path ?? '');
  const rule = { bySource: {}, otherDays: 3 };

  await applyRetention(lake, { ...options, rule });
  const whileHeld = existsSync(onDisk);
  const report = await verifyLake(lake, { deep: true, fix: false });
  lake.clock.advance(10 * 60_000);
  const { removed } = await applyRetention(lake, { ...options, rule });

  expect(days()).toEqual(['20260922']);
  expect([whileHeld, existsSync(onDisk)]).toEqual([true, false]);
  expect(report.damages).toEqual([]);
  expect(removed.files).toBe(1);
});

test('with now the files are gone at once', async () => {
  const [first] = lake.manifest.files();

  const { removed } = await applyRetention(lake, { rule: { bySource: {}, otherDays: 3 }, dryRun: false, now: true });

  expect(removed.files).toBe(1);
  expect(existsSync(join(lake.root, first?.path ?? ''))).toBe(false);
});

test('an object that is ingested again after its rows expired has them all again', async () => {
  await applyRetention(lake, { ...options, rule: { bySource: {}, otherDays: 3 } });

  await lake.ingest('a.log', `${flowLine(firstDay, 1)}\n${flowLine(firstDay + day, 2)}\n${flowLine(firstDay, 3)}\n`);
  const report = await verifyLake(lake, { deep: true, fix: false });

  expect(days()).toEqual(['20260921', '20260922']);
  expect(report).toMatchObject({ rows: 3, damages: [] });
});
