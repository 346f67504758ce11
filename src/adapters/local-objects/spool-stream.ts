import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { ObjectInfo, OpenedObject } from '#ports/object-store.ts';
import { chunks } from './read-file.ts';

export type Spooled = {
  readonly info: ObjectInfo;
  open(): OpenedObject;
  close(): Promise<void>;
};

/**
 * Keeps a stream on disk, so that it can be read more than once and its length is known. The file has no name any
 * more as soon as it is open: nothing stays behind, however the process ends.
 */
export async function spoolStream(stream: AsyncIterable<Uint8Array>, folder: string, key: string): Promise<Spooled> {
  const handle = await namelessFile(folder);
  try {
    return await spooled(handle, await fill(handle, stream, folder), key);
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

async function namelessFile(folder: string): Promise<FileHandle> {
  const path = join(folder, `stdin-${randomUUID()}.part`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(path, 'wx+', 0o600);
    await rm(path);
    return handle;
  } catch (thrown) {
    throw noSpool(folder, thrown);
  }
}

async function fill(
  handle: FileHandle,
  stream: AsyncIterable<Uint8Array>,
  folder: string,
): Promise<{ size: number; digest: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    for (let written = 0; written < chunk.length; ) {
      const { bytesWritten } = await handle
        .write(chunk, written, chunk.length - written, size + written)
        .catch((thrown) => {
          throw noSpool(folder, thrown);
        });
      written += bytesWritten;
    }
    size += chunk.length;
  }
  return { size, digest: hash.digest('hex') };
}

async function spooled(
  handle: FileHandle,
  { size, digest }: { size: number; digest: string },
  key: string,
): Promise<Spooled> {
  const modifiedAt = Math.floor((await handle.stat()).mtimeMs);
  const cut = (): Error => new YaguraError('object.changed', 'What came on standard input is not on disk any more.');
  return {
    // By content: the same bytes are the same object in every run, and others never take its place.
    info: { uri: `stdin:${digest}`, key, size, etag: digest, modifiedAt },
    open: () => ({ size, etag: digest, modifiedAt, body: { [Symbol.asyncIterator]: () => chunks(handle, size, cut) } }),
    close: () => handle.close(),
  };
}

function noSpool(folder: string, thrown: unknown): YaguraError {
  const full = thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
  const next = full ? 'Make room there, or give a file instead.' : 'Check that the folder can be written.';
  const message = `Standard input cannot be kept in ${folder}: ${messageOf(thrown)}. ${next}`;
  return new YaguraError(full ? 'store.full' : 'store.unavailable', message, { cause: thrown });
}
