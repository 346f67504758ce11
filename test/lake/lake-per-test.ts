import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { openLakeQuery } from '#adapters/duckdb/lake-query.ts';
import { openLocalLake } from '#adapters/duckdb/local-lake.ts';
import { openSqliteManifest } from '#adapters/lake-manifest/sqlite-manifest.ts';
import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import { type IngestSummary, ingestObjects } from '#engine/lake/ingest-objects.ts';
import { logSources } from '#generated/sources.ts';
import type { LakeManifest } from '#ports/lake-manifest.ts';
import type { ObjectStore } from '#ports/object-store.ts';

export const receivedAt = Date.UTC(2026, 10, 24);

export interface TestLake {
  readonly folder: string;
  readonly root: string;
  readonly manifest: LakeManifest;
  /** Writes a log file; the name is its key. */
  write(name: string, content: Buffer | string): string;
  ingest(
    paths?: readonly string[],
    options?: {
      readonly source?: string;
      readonly again?: boolean;
      readonly jobs?: number;
      readonly objects?: ObjectStore;
    },
  ): Promise<IngestSummary>;
  ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A lake in a folder of its own for each call, gone after the test. */
export function lakePerTest(): () => TestLake {
  const open: { folder: string; manifest: LakeManifest }[] = [];
  afterEach(() => {
    for (const { folder, manifest } of open.splice(0)) {
      manifest.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'yagura-lake-'));
    const root = join(folder, 'lake');
    const manifest = openSqliteManifest(join(root, 'manifest.sqlite'));
    open.push({ folder, manifest });
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    return {
      folder,
      root,
      manifest,
      write: (name, content) => {
        const path = join(logs, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
        return path;
      },
      ingest: async (paths = [logs], options = {}) => {
        const objects = options.objects ?? createLocalObjects({ skipped: () => undefined });
        const loader = await openLocalLake({
          root,
          sources: logSources,
          clock: { now: () => receivedAt },
          region: 'ap-northeast-1',
          memoryMiB: 512,
        });
        try {
          const { source, again = false, jobs = 1 } = options;
          return await ingestObjects(
            listAll(objects, paths),
            { objects, loader, manifest },
            { ...(source === undefined ? {} : { source }), jobs, again },
          );
        } finally {
          loader.close();
        }
      },
      ask: async (sql) => {
        const lake = await openLakeQuery(root, manifest.files(), {
          seconds: 20,
          memoryMiB: 512,
          threads: 1,
          rows: 10_000,
        });
        try {
          return (await lake.ask(sql)).rows;
        } finally {
          lake.close();
        }
      },
    };
  };
}

async function* listAll(objects: ObjectStore, paths: readonly string[]): ReturnType<ObjectStore['list']> {
  for (const path of paths) yield* objects.list(path);
}
