import { join } from 'node:path';
import { openLocalLake } from '#adapters/duckdb/local-lake.ts';
import { openSqliteManifest } from '#adapters/lake-manifest/sqlite-manifest.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { knownSources } from '#apps/lake/known-sources.ts';
import type { LakeLoader } from '#ports/lake-loader.ts';
import type { LakeManifest } from '#ports/lake-manifest.ts';

export interface OpenLake {
  readonly root: string;
  readonly loader: LakeLoader;
  readonly manifest: LakeManifest;
  close(): void;
}

export interface OpenLakeOptions {
  /** The folder of data; the lake is below it. */
  readonly dataDir: string;
  readonly region: string;
}

const memoryPerJobMiB = 512;

/** Opens the lake of a folder of data for writing. */
export async function openLake({ dataDir, region }: OpenLakeOptions): Promise<OpenLake> {
  const root = join(dataDir, 'lake');
  const manifest = openSqliteManifest(join(root, 'manifest.sqlite'));
  const clock = createSystemClock();
  const loader = await openLocalLake({
    root,
    sources: knownSources(dataDir),
    clock,
    region,
    memoryMiB: memoryPerJobMiB,
  });
  return {
    root,
    loader,
    manifest,
    close: () => {
      loader.close();
      manifest.close();
    },
  };
}
