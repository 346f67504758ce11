import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

// Primary result codes, https://www.sqlite.org/rescode.html
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

function resultCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined;
  // The upper bytes of an extended code say more; the lowest is the primary one.
  return thrown.errcode & 0xff;
}

function isClosed(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_INVALID_STATE';
}

/** A failure of the database in our words; anything else (a bug) as it came. */
export function storeError(thrown: unknown, task: string, path: string): unknown {
  const failed = `Cannot ${task} in ${path}`;
  const detail = messageOf(thrown);
  if (isClosed(thrown))
    return new YaguraError('store.unavailable', `${failed}: the store was closed.`, { cause: thrown });
  switch (resultCode(thrown)) {
    case FULL:
      return new YaguraError(
        'store.full',
        `${failed}: the disk is full. Nothing of it was written. Free some space on that disk; the next try goes on from here.`,
        { cause: thrown, retryable: true },
      );
    case BUSY:
    case LOCKED:
      return new YaguraError(
        'store.unavailable',
        `${failed}: another process has kept the database locked. Try again, or find the process that has the file open.`,
        { cause: thrown, retryable: true },
      );
    case IOERR:
      return new YaguraError(
        'store.unavailable',
        `${failed}: the disk reports an error (${detail}). Check the disk, its free space and its quota.`,
        { cause: thrown, retryable: true },
      );
    case PERM:
    case READONLY:
    case CANTOPEN:
      return new YaguraError(
        'store.unavailable',
        `${failed}: the file cannot be opened for writing (${detail}). Check that the folder exists and that this user may write to it.`,
        { cause: thrown },
      );
    case CORRUPT:
    case NOTADB:
      return new YaguraError(
        'store.unavailable',
        `${failed}: the file is damaged or is no database (${detail}). Stop Yagura, keep a copy of the file, and restore a backup or start with another --data folder.`,
        { cause: thrown },
      );
    default:
      return thrown;
  }
}
