import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createLoadLane } from '#adapters/duckdb/load-lane.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import type { Clock } from '#ports/clock.ts';
import type { LakeLoader } from '#ports/lake-loader.ts';

export interface LocalLakeSettings {
  /** The lake's root: tables are below `aws/` and `ext/`, files in the making below `.work/`. */
  readonly root: string;
  readonly sources: readonly MappedSource[];
  readonly clock: Clock;
  /** The Region of records that name none. */
  readonly region: string;
  readonly threads: number;
  readonly memoryMiB: number;
}

/** One object decompresses to at most so much: beyond it is taken for a bomb. */
const maximumBytes = 16 * 1024 * 1024 * 1024;
const maximumRatio = 1200;

/** A loader that writes into a local folder. Throws YaguraError where the folder cannot be written. */
export async function openLocalLake(settings: LocalLakeSettings): Promise<LakeLoader> {
  const work = join(settings.root, '.work', randomUUID());
  mkdirSync(work, { recursive: true });
  const database = await openDuckDb({ threads: settings.threads, memoryMiB: settings.memoryMiB, spillFolder: work });
  let counter = 0;
  const newFile = (ending: string): string => {
    counter += 1;
    return join(work, `${counter}.${ending}`);
  };
  return {
    lane: async () =>
      createLoadLane(await database.connect(), {
        root: settings.root,
        sources: settings.sources,
        newFile,
        limits: { maxBytes: maximumBytes, maxRatio: maximumRatio },
        region: settings.region,
        clock: settings.clock,
      }),
    place: async (files) => {
      for (const { file, waitingAt } of files) placeFile(waitingAt, join(settings.root, file.path));
    },
    remove: async (paths) => {
      for (const path of paths) rmSync(join(settings.root, path), { force: true });
    },
    close: () => {
      database.close();
      rmSync(work, { recursive: true, force: true });
      removeIfEmpty(dirname(work));
    },
  };
}

function placeFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
  const folder = openSync(dirname(to), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true });
}
