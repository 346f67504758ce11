import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createLoadLane } from '#adapters/duckdb/load-lane.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import { openWorkFolder } from '#adapters/duckdb/work-folder.ts';
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
  /** Memory of each lane. */
  readonly memoryMiB: number;
}

/** One object decompresses to at most so much: beyond it is taken for a bomb. */
const maximumBytes = 16 * 1024 * 1024 * 1024;
const maximumRatio = 1200;

/** A loader that writes into a local folder. Throws YaguraError where the folder cannot be written. */
export async function openLocalLake(settings: LocalLakeSettings): Promise<LakeLoader> {
  const { path: work, newFile, close } = openWorkFolder(settings.root);
  return {
    lane: async () => {
      // Dropped tables stay in memory until no older transaction is open, and lanes that share a database always have one.
      const database = await openDuckDb({ threads: 1, memoryMiB: settings.memoryMiB, spillFolder: work });
      const session = await database.connect();
      const lane = createLoadLane(session, {
        root: settings.root,
        sources: settings.sources,
        newFile,
        limits: { maxBytes: maximumBytes, maxRatio: maximumRatio },
        region: settings.region,
        clock: settings.clock,
      });
      return {
        add: (object) => lane.add(object),
        flush: () => lane.flush(),
        without: (file, uris) => lane.without(file, uris),
        close: () => {
          lane.close();
          database.close();
        },
      };
    },
    place: async (files) => {
      for (const { file, waitingAt } of files) placeFile(waitingAt, join(settings.root, file.path));
    },
    remove: async (paths) => {
      for (const path of paths) rmSync(join(settings.root, path), { force: true });
    },
    close,
  };
}

/** Moves a written file to its place, durably. */
export function placeFile(from: string, to: string): void {
  const made = mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
  // A new folder is itself an entry of the folder above it.
  const last = made === undefined ? dirname(to) : dirname(made);
  for (let folder = dirname(to); ; folder = dirname(folder)) {
    syncFolder(folder);
    if (folder === last || folder === dirname(folder)) return;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
