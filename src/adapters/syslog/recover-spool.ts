import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#ports/clock.ts';
import { FILE_MODE, localDisk } from './spool-disk.ts';
import { isNameableTime, openNumber, openPath, READY_ENDING, readyNumber, readyPath } from './spool-names.ts';

export type RecoveredSpool = {
  /** Every file in `ready`, oldest number first, those of earlier runs too. */
  readonly ready: readonly string[];
  readonly highestNumber: number;
  /** How many files a listener that ended too early had left open. */
  readonly recovered: number;
  readonly tornTails: number;
  readonly tornBytes: number;
};

const BLOCK_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/**
 * Makes the spool's folders and moves what an earlier listener left in `open` to `ready`: up to its last complete line. The torn tail
 * is kept in a file of the same name with `.torn`. Cut off itself at any moment, it does the rest the next time.
 */
export async function recoverSpool(spool: string, clock: Clock): Promise<RecoveredSpool> {
  for (const folder of ['open', 'ready']) await mkdir(join(spool, folder), { recursive: true, mode: 0o700 });
  const numbers = (await readdir(join(spool, 'open'))).map(openNumber).filter((number) => number !== undefined);
  const tails: number[] = [];
  for (const number of numbers.sort((a, b) => a - b)) tails.push(await recoverFile(spool, number, clock));
  for (const folder of ['open', 'ready']) await localDisk.syncFolder(join(spool, folder));
  const ready = (await readdir(join(spool, 'ready'))).map((name) => ({ name, number: readyNumber(name) ?? 0 }));
  return {
    ready: ready
      .filter(({ name }) => name.endsWith(READY_ENDING))
      .sort((a, b) => a.number - b.number)
      .map(({ name }) => join(spool, 'ready', name)),
    highestNumber: Math.max(0, ...numbers, ...ready.map(({ number }) => number)),
    recovered: numbers.length,
    tornTails: tails.filter((bytes) => bytes > 0).length,
    tornBytes: tails.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** The result is the size of the torn tail. */
async function recoverFile(spool: string, number: number, clock: Clock): Promise<number> {
  const path = openPath(spool, number);
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const end = await lastLineEnd(file, size);
    const ready = readyPath(spool, (await firstReceived(file, end)) ?? clock.now(), number);
    if (end < size) {
      await keepTail(file, end, size, `${ready}.torn`);
      await file.truncate(end);
    }
    await file.sync();
    if (end === 0) await unlink(path);
    else await rename(path, ready);
    return size - end;
  } finally {
    await file.close();
  }
}

/** The position after the last line feed. */
async function lastLineEnd(file: FileHandle, size: number): Promise<number> {
  for (let to = size; to > 0; to -= BLOCK_BYTES) {
    const from = Math.max(0, to - BLOCK_BYTES);
    const at = (await bytesOf(file, from, to)).lastIndexOf(LINE_FEED);
    if (at !== -1) return from + at + 1;
  }
  return 0;
}

/** When the file's first message came, if the first line still says so. */
async function firstReceived(file: FileHandle, end: number): Promise<number | undefined> {
  const head = (await bytesOf(file, 0, Math.min(end, BLOCK_BYTES))).toString('latin1');
  // The listener writes this field first; the message after it may be of any size.
  const at = Number(/^\{"received":(\d{1,15})\D/.exec(head)?.[1]);
  return isNameableTime(at) ? at : undefined;
}

async function keepTail(file: FileHandle, from: number, to: number, path: string): Promise<void> {
  const tail = await open(path, 'w', FILE_MODE);
  try {
    for (let at = from; at < to; at += BLOCK_BYTES)
      await tail.writeFile(await bytesOf(file, at, Math.min(to, at + BLOCK_BYTES)));
    await tail.sync();
  } finally {
    await tail.close();
  }
}

async function bytesOf(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}
