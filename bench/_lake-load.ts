import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import { openLake } from '#apps/lake/open-lake.ts';
import { ingestObjects } from '#engine/lake/ingest-objects.ts';

// A process of its own, so that its processor time and its peak of memory are those of the work alone.
const [logs = '', dataDir = ''] = process.argv.slice(2);
const lake = await openLake({ dataDir, region: 'ap-northeast-1' });
const objects = createLocalObjects({ skipped: () => undefined });
const before = process.cpuUsage();
const summary = await ingestObjects(objects.list(logs), { ...lake, objects }, { jobs: 1, again: false });
const { user, system } = process.cpuUsage(before);
const parquet = lake.manifest.files().reduce((sum, file) => sum + file.bytes, 0);
lake.close();
console.log(
  JSON.stringify({
    ...summary,
    seconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    parquet,
  }),
);
process.exit();
