import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_MODE, type SpoolDisk } from './spool-disk.ts';

/** Gives each file of a spool its number. */
export type SpoolNumbers = { next(): Promise<number> };

/**
 * Counts on from what the spool has seen. The count is kept on disk before a number is used: a reader that has taken a file away must
 * never meet another one with its name. `atLeast` is the highest number among the files that are there.
 */
export async function openSpoolNumbers(spool: string, atLeast: number, disk: SpoolDisk): Promise<SpoolNumbers> {
  const path = join(spool, 'last-number');
  const kept = Number(await readFile(path, 'utf8').catch(ifMissing));
  let last = Math.max(atLeast, Number.isSafeInteger(kept) ? kept : 0);
  return {
    next: async () => {
      const number = last + 1;
      await keep(path, String(number));
      await disk.rename(`${path}.new`, path);
      await disk.syncFolder(spool);
      last = number;
      return number;
    },
  };
}

async function keep(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function ifMissing(thrown: unknown): string {
  // Node's errors of the file system carry a code.
  if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '0';
  throw thrown;
}
