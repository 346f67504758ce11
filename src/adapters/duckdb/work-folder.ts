import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FileOnDisk } from '#ports/lake-files.ts';

/** A folder for files in the making, taken by one process for as long as it lives. */
export interface WorkFolder {
  readonly path: string;
  readonly newFile: (ending: string) => string;
  close(): void;
}

const folderOf = (root: string): string => join(root, '.work');
const lockName = 'alive.db';

/** Makes a folder of work below the lake's root. */
export function openWorkFolder(root: string): WorkFolder {
  const path = join(folderOf(root), randomUUID());
  mkdirSync(path, { recursive: true });
  const lock = new DatabaseSync(join(path, lockName), { timeout: 0 });
  // The operating system lets the lock go when the process ends, however it ends: so others see who is alive.
  lock.exec('BEGIN EXCLUSIVE');
  let counter = 0;
  return {
    path,
    newFile: (ending) => {
      counter += 1;
      return join(path, `${counter}.${ending}`);
    },
    close: () => {
      lock.close();
      rmSync(path, { recursive: true, force: true });
      const folder = dirname(path);
      if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What is in the folder of work and belongs to no living process, paths below the lake's root. */
export function leftoversOf(root: string): readonly FileOnDisk[] {
  const folder = folderOf(root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && isAlive(path)) return [];
    const found = weightOf(path);
    return found === undefined ? [] : [{ path: `.work/${entry.name}`, ...found }];
  });
}

function isAlive(path: string): boolean {
  const file = join(path, lockName);
  if (!existsSync(file)) return false;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return false;
  } catch {
    return true; // Whatever is wrong with the lock, a folder is spared rather than taken from a living process.
  } finally {
    lock?.close();
  }
}

/** Size, and the moment of the last change, of a file or of all in a folder; undefined where it is gone meanwhile. */
function weightOf(path: string): { readonly bytes: number; readonly changedAt: number } | undefined {
  const own = statSync(path, { throwIfNoEntry: false });
  if (own === undefined) return undefined;
  if (!own.isDirectory()) return { bytes: own.size, changedAt: Math.max(own.mtimeMs, own.ctimeMs) };
  // The lock's journal comes and goes with every look at it: it says nothing of when work was done here.
  const inside = readdirSync(path)
    .filter((name) => !name.startsWith(lockName))
    .flatMap((name) => weightOf(join(path, name)) ?? []);
  return {
    bytes: inside.reduce((sum, found) => sum + found.bytes, 0),
    changedAt: Math.max(own.birthtimeMs, ...inside.map((found) => found.changedAt)),
  };
}
