import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

export type DataFolderLock = { release(): void };

/** A process that was just killed may need a moment to be gone. */
const WAIT_MS = 3_000;
const BUSY = 5;

/**
 * Makes the folder if it is missing and takes it for one process alone: two that deliver from one outbox would send everything twice.
 * The operating system gives the folder free when the process ends, however it ends.
 * @example const lock = lockDataFolder('/var/lib/yagura');
 */
export function lockDataFolder(dir: string, waitMs = WAIT_MS): DataFolderLock {
  const file = openedIn(dir, waitMs);
  try {
    // SQLite's lock on a file that stays empty is the only one Node offers.
    file.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    file.close();
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === BUSY)
      throw new YaguraError(
        'store.unavailable',
        `Another yagura uses the folder ${dir}. Stop it, or give this one another folder with --data.`,
        { cause },
      );
    throw unusable(dir, cause);
  }
  return { release: () => file.close() };
}

function openedIn(dir: string, waitMs: number): DatabaseSync {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return new DatabaseSync(join(dir, 'lock.db'), { timeout: waitMs });
  } catch (cause) {
    throw unusable(dir, cause);
  }
}

function unusable(dir: string, cause: unknown): YaguraError {
  return new YaguraError(
    'store.unavailable',
    `Cannot use ${dir} as the folder of data (${messageOf(cause)}). Check that this user may write there, or give another folder with --data.`,
    { cause },
  );
}
