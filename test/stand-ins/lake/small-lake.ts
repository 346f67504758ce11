import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalLake } from '#adapters/duckdb/local-lake.ts';
import { openLocalLakeFiles } from '#adapters/duckdb/local-lake-files.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import { openSqliteManifest } from '#adapters/lake-manifest/sqlite-manifest.ts';
import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import { type IngestPorts, type IngestSummary, ingestObjects } from '#engine/lake/ingest-objects.ts';
import { logSources } from '#generated/sources.ts';
import type { LakeFiles } from '#ports/lake-files.ts';
import type { LakeFile, LakeManifest } from '#ports/lake-manifest.ts';
import { createFakeClock } from '../time.ts';

/** Four days after the first event. */
export const now = Date.UTC(2026, 8, 25, 12);
/** Begin of the day of the first event. */
export const firstDay = Date.UTC(2026, 8, 21);

/** A lake in a folder of its own. */
export interface SmallLake {
  readonly folder: string;
  readonly root: string;
  readonly manifest: LakeManifest;
  readonly files: LakeFiles;
  readonly clock: ReturnType<typeof createFakeClock>;
  /** Writes a log file and ingests it. */
  ingest(name: string, text: string, source?: string): Promise<IngestSummary>;
  /** Does something with what ingest needs. */
  withIngest<T>(work: (ports: IngestPorts) => Promise<T>): Promise<T>;
  /** Every row of these files as text, in order. */
  rowsOf(files: readonly LakeFile[]): Promise<readonly string[]>;
  close(): void;
}

/** One flow log line of this second. */
export function flowLine(at: number, port: number): string {
  const second = Math.floor(at / 1000);
  return `2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.12 10.0.1.25 ${port} 22 6 14 2680 ${second} ${second + 59} REJECT OK`;
}

/** Makes an empty lake. */
export async function smallLake(): Promise<SmallLake> {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-lake-'));
  const root = join(folder, 'data', 'lake');
  const manifest = openSqliteManifest(join(root, 'manifest.sqlite'));
  const files = await openLocalLakeFiles({ root, threads: 1, memoryMiB: 512 });
  const clock = createFakeClock(now);
  const withIngest = async <T>(work: (ports: IngestPorts) => Promise<T>): Promise<T> => {
    const loader = await openLocalLake({ root, sources: logSources, clock, region: 'ap-northeast-1', memoryMiB: 512 });
    try {
      return await work({ objects: createLocalObjects({ cwd: folder, skipped: () => undefined }), loader, manifest });
    } finally {
      loader.close();
    }
  };
  mkdirSync(join(folder, 'logs'));
  return {
    folder,
    root,
    manifest,
    files,
    clock,
    withIngest,
    ingest: (name, text, source = 'aws.vpc-flow') => {
      writeFileSync(join(folder, 'logs', name), text);
      return withIngest((ports) =>
        ingestObjects(ports.objects.list(join(folder, 'logs', name)), ports, { source, jobs: 1, again: false }),
      );
    },
    rowsOf: (wanted) => rowsOf(root, wanted),
    close: () => {
      files.close();
      manifest.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function rowsOf(root: string, files: readonly LakeFile[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const database = await openDuckDb({ threads: 1, memoryMiB: 512 });
  const session = await database.connect();
  try {
    const paths = files.map((file) => `'${join(root, file.path)}'`).join(', ');
    const rows = await session.rows(
      `SELECT to_json(f)::VARCHAR AS text FROM read_parquet([${paths}], hive_partitioning = false) AS f`,
    );
    return rows.map((row) => String(row['text']));
  } finally {
    session.close();
    database.close();
  }
}
