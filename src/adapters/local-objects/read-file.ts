import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { OpenedObject } from '#ports/object-store.ts';
import { etagOf, isGone, modifiedAtOf } from './walk-folder.ts';

const CHUNK_BYTES = 256 * 1024;
// Neither a link that was put in the file's place is followed, nor is waited for a pipe's writer.
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The bytes of a regular file, with the certainty at their end that nobody wrote meanwhile. */
export async function openFile(path: Buffer, expected: string | undefined): Promise<OpenedObject> {
  const stats = await attempt(path, () => lstat(path, { bigint: true }));
  if (!stats.isFile()) throw noFile(path, stats);
  const etag = etagOf(stats);
  if (expected !== undefined && expected !== etag) throw changed(path, 'since it was listed');
  const body = { [Symbol.asyncIterator]: () => bytesOf(path, stats) };
  return { size: Number(stats.size), etag, modifiedAt: modifiedAtOf(stats), body };
}

/** `size` bytes from the start of a file; throws `short` when there are fewer. */
export async function* chunks(handle: FileHandle, size: number, short: () => Error): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < size; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - position));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) throw short();
    position += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

async function* bytesOf(path: Buffer, listed: BigIntStats): AsyncGenerator<Uint8Array> {
  const handle = await attempt(path, () => open(path, READ));
  try {
    const before = await attempt(path, () => handle.stat({ bigint: true }));
    if (etagOf(before) !== etagOf(listed)) throw changed(path, 'since it was listed');
    yield* explained(
      path,
      chunks(handle, Number(before.size), () => changed(path, 'while it was read: it is shorter now')),
    );
    const after = await stateAfter(path, handle);
    if (etagOf(after) !== etagOf(before)) throw changed(path, 'while it was read');
  } finally {
    await handle.close();
  }
}

/** A file that was only deleted has been read whole; one that was replaced has not. */
async function stateAfter(path: Buffer, handle: FileHandle): Promise<BigIntStats> {
  try {
    return await lstat(path, { bigint: true });
  } catch (thrown) {
    if (!isGone(thrown)) throw unreadable(path, thrown);
    return handle.stat({ bigint: true });
  }
}

async function* explained(path: Buffer, bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (thrown) {
    throw thrown instanceof YaguraError ? thrown : unreadable(path, thrown);
  }
}

async function attempt<Result>(path: Buffer, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

/** What a failed call on a file means for the person who named it. */
export function unreadable(path: Buffer | string, thrown: unknown): YaguraError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const where = shownPath(path);
  if (isGone(thrown))
    return new YaguraError('object.gone', `There is nothing at ${where}. Check the path.`, { cause: thrown });
  if (code === 'ELOOP') return changed(path, 'since it was listed: a link is in its place');
  if (code === 'EACCES' || code === 'EPERM')
    return new YaguraError('object.unavailable', `${where} may not be read. Allow this user to read it.`, {
      cause: thrown,
    });
  const message = `${where} cannot be read: ${messageOf(thrown)}. Check the disk, or the server it is on.`;
  return new YaguraError('object.unavailable', message, { cause: thrown, retryable: true });
}

function noFile(path: Buffer, stats: BigIntStats): YaguraError {
  const kind = stats.isDirectory() ? 'a folder' : stats.isSymbolicLink() ? 'a link' : 'a device, pipe or socket';
  return new YaguraError('object.unavailable', `${shownPath(path)} is ${kind}, not a file. List it first.`);
}

function changed(path: Buffer | string, when: string): YaguraError {
  const message = `${shownPath(path)} changed ${when}. Nothing of it is kept; it is read again when its writer is done.`;
  return new YaguraError('object.changed', message, { retryable: true });
}

// A file name can hold anything but a slash, also what a terminal obeys.
export function shownPath(path: Buffer | string): string {
  return path.toString().replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, '�');
}
