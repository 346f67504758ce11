import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lakeStats } from '#engine/lake/lake-stats.ts';
import { retryQuarantine } from '#engine/lake/retry-quarantine.ts';
import { verifyLake } from '#engine/lake/verify.ts';
import { firstDay, flowLine, type SmallLake, smallLake } from '../../../test/stand-ins/lake/small-lake.ts';

let lake: SmallLake;

beforeEach(async () => {
  lake = await smallLake();
});
afterEach(() => lake.close());

const quarantined = () => lake.manifest.quarantine({ limit: 100 });

test('objects with records in quarantine are read again, others are not', async () => {
  await lake.ingest('bad.log', `${flowLine(firstDay, 1)}\nbroken\n`);
  await lake.ingest('good.log', `${flowLine(firstDay, 2)}\n`);
  const before = quarantined().length;
  writeFileSync(join(lake.folder, 'logs', 'bad.log'), `${flowLine(firstDay, 1)}\n${flowLine(firstDay, 3)}\n`);

  const retried = await lake.withIngest((ports) => retryQuarantine(ports, { jobs: 1 }));

  expect(before).toBe(1);
  expect(retried).toEqual([{ source: 'aws.vpc-flow', before: 1, after: 0, objects: 1, failed: [] }]);
  expect(quarantined()).toEqual([]);
  expect((await verifyLake(lake, { deep: true, fix: false })).rows).toBe(3);
});

test('only the source that is named is retried, and what is still broken stays in quarantine', async () => {
  await lake.ingest('bad.log', 'broken\n');

  const other = await lake.withIngest((ports) => retryQuarantine(ports, { jobs: 1, source: 'aws.waf' }));
  const own = await lake.withIngest((ports) => retryQuarantine(ports, { jobs: 1, source: 'aws.vpc-flow' }));

  expect(other).toEqual([]);
  expect(own).toMatchObject([{ before: 1, after: 1 }]);
  expect(quarantined()).toHaveLength(1);
});

test('the volumes of sources come with their lag and silence', async () => {
  await lake.ingest('a.log', `${flowLine(firstDay, 1)}\nbroken\n`);

  const stats = lakeStats(lake.manifest, firstDay + 3_600_000, { afterMs: 1_800_000 });

  expect(stats.sources).toMatchObject([
    { source: 'aws.vpc-flow', written: 1, quarantined: 1, newestEvent: firstDay, lagMs: 3_600_000, isSilent: true },
  ]);
  expect(stats.total).toMatchObject({ objects: 1, records: 2, files: 1 });
  expect(stats.silent.map(({ source }) => source)).toEqual(['aws.vpc-flow']);
});
