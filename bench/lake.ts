import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeCloudTrail, writeFlows } from './_lake-logs.ts';

type Measure = { readonly metric: string; readonly value: number; readonly unit: string; readonly goal?: string };

interface Loaded {
  readonly records: number;
  readonly written: number;
  readonly seconds: number;
  readonly peakMiB: number;
  readonly parquet: number;
}

const runs = 3;

/** Logs to OCSF Parquet: records a second of one core, median of three runs. */
export const bench = {
  name: 'lake',
  run: async (): Promise<readonly Measure[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'yagura-bench-lake-'));
    try {
      return [
        ...measured(
          folder,
          'CloudTrail, files of 5,000',
          100_000,
          (logs) => writeCloudTrail(logs, 100_000, 5_000),
          100_000,
        ),
        ...measured(folder, 'CloudTrail, files of 100', 50_000, (logs) => writeCloudTrail(logs, 50_000, 100), 50_000),
        ...measured(
          folder,
          'VPC flow v5, files of 5,000',
          500_000,
          (logs) => writeFlows(logs, 500_000, 5_000),
          500_000,
        ),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function measured(
  folder: string,
  name: string,
  records: number,
  write: (logs: string) => number,
  goal: number,
): readonly Measure[] {
  const logs = join(folder, name.replaceAll(/\W+/g, '-'));
  const bytes = write(logs);
  const loads = Array.from({ length: runs }, (_, run) =>
    load(logs, join(folder, `data-${name.length}-${run}-${records}`)),
  );
  for (const found of loads)
    if (found.written !== records) throw new Error(`${name}: ${found.written} of ${records} records were written`);
  const seconds = median(loads.map((found) => found.seconds));
  const read = median(Array.from({ length: runs }, () => baseline(logs)));
  return [
    { metric: name, value: records / seconds, unit: 'records/s/core', goal: `>= ${goal}` },
    { metric: `${name}: time, reading and parsing alone = 1`, value: seconds / read, unit: 'times' },
    {
      metric: `${name}: peak memory`,
      value: Math.max(...loads.map((found) => found.peakMiB)),
      unit: 'MiB',
      goal: '<= 512',
    },
    {
      metric: `${name}: Parquet of ${Math.round(bytes / records)} bytes raw`,
      value: (loads[0]?.parquet ?? 0) / records,
      unit: 'bytes/record',
    },
  ];
}

function load(logs: string, dataDir: string): Loaded {
  const printed = execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '_lake-load.ts'), logs, dataDir],
    { encoding: 'utf8' },
  );
  rmSync(dataDir, { recursive: true, force: true });
  return JSON.parse(printed) as Loaded; // what _lake-load.ts prints
}

/** Processor seconds of gunzip and JSON.parse, or of splitting lines, over the same files. */
function baseline(logs: string): number {
  const files = readdirSync(logs, { recursive: true, withFileTypes: true }).filter((found) => found.isFile());
  const before = process.cpuUsage();
  let count = 0;
  for (const file of files) {
    const text = gunzipSync(readFileSync(join(file.parentPath, file.name)), { chunkSize: 1 << 20 }).toString();
    count += text.startsWith('{')
      ? (JSON.parse(text) as { Records: unknown[] }).Records.length
      : text.split('\n').map((line) => line.split(' ')).length;
  }
  if (count === 0) throw new Error('there is nothing to read');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
