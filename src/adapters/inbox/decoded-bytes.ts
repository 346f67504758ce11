import { constants, type ReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

export type Limits = {
  /** Of the file as it lies there, and again of what it unpacks to. */
  readonly maxBytes: number;
};

export const DEFAULT_LIMITS: Limits = { maxBytes: 1024 ** 3 };

/** Deflate can reach 1,032:1, with bytes that are all the same; no log comes near. */
const MOST_RATIO = 1_000;
const RATIO_COUNTS_FROM = 16 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;
const GZIP_MAGIC = 0x1f8b;

/** What stops a file short of its end; what was read before it is still good. */
export type BrokenOff = { readonly reason: string };

/** The content of a file, unpacked when it is gzip (whatever its name says); ends early, with `broken` told, when the rest is damaged or too large. */
export async function* decodedBytes(
  file: FileHandle,
  limits: Limits,
  broken: (off: BrokenOff) => void,
): AsyncGenerator<Buffer> {
  const { size } = await file.stat();
  if (size > limits.maxBytes)
    return broken({
      reason: `has ${size} bytes, more than the ${limits.maxBytes} that are allowed for one file; split it`,
    });
  const source = file.createReadStream({ start: 0, autoClose: false, highWaterMark: READ_BYTES });
  if (await isGzip(file)) yield* unpacked(source, size, limits, broken);
  // A file opened without an encoding streams Buffers.
  else yield* source as AsyncIterable<Buffer>;
}

/** Opens a regular file and nothing else: no symlink is followed, no pipe is waited for. */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('is not a regular file');
}

async function isGzip(file: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer.readUInt16BE(0) === GZIP_MAGIC;
}

async function* unpacked(
  source: ReadStream,
  packed: number,
  limits: Limits,
  broken: (off: BrokenOff) => void,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  source.on('error', (error) => gunzip.destroy(error));
  let unpackedBytes = 0;
  try {
    // Without an encoding zlib gives Buffers.
    for await (const part of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      unpackedBytes += part.length;
      if (unpackedBytes > limits.maxBytes)
        return broken({
          reason: `unpacks to more than the ${limits.maxBytes} bytes that are allowed for one file; split it`,
        });
      if (unpackedBytes > RATIO_COUNTS_FROM && unpackedBytes > packed * MOST_RATIO)
        return broken({ reason: `unpacks to more than ${MOST_RATIO} times its size; it looks like a zip bomb` });
      yield part;
    }
  } catch (thrown) {
    if (!isZlibError(thrown)) throw thrown;
    broken({
      reason: `is damaged gzip after ${unpackedBytes} unpacked bytes (${thrown.message}); it may not have been copied to its end`,
    });
  } finally {
    gunzip.destroy();
    source.destroy();
  }
}

function isZlibError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_');
}
