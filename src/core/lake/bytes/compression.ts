import zlib from 'node:zlib';

export type Compression = 'none' | 'gzip' | 'zstd' | 'bzip2' | 'zip' | 'xz' | 'lz4' | 'snappy';

export type InflateReason =
  | 'gzip.truncated'
  | 'gzip.corrupt'
  | 'gzip.trailing-bytes'
  | 'zstd.truncated'
  | 'zstd.corrupt'
  | 'zstd.trailing-bytes'
  | 'compression.unsupported'
  | 'text.truncated'
  | 'bomb.ratio'
  | 'bomb.size';

export type InflateTrouble = {
  readonly reason: InflateReason;
  readonly detail: string;
  /** Where in the object the bytes stand that could not be decoded. */
  readonly offset: number;
  /** Those bytes, at most 64 KiB of them. */
  readonly tail: Buffer;
};

/** What an object may become; more is refused. */
export type DecodeLimits = {
  /** Decoded bytes of one object. */
  readonly maxBytes: number;
  /** Decoded bytes for one encoded byte; small objects may have more. */
  readonly maxRatio: number;
};

export const MAX_TAIL_BYTES = 64 * 1024;

/** The memory that a decoder of zstd may be asked for: a logarithm. */
export const ZSTD_WINDOW_LOG = 25;

/** Less than this is no bomb, whatever its ratio. */
const HARMLESS_BYTES = 1024 * 1024;

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['snappy', [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]],
];

/** How many bytes `recogniseCompression` wants to see. */
export const MAGIC_BYTES = 10;

/** Tells by its first bytes how an object is compressed; names prove nothing. */
export function recogniseCompression(head: Uint8Array): Compression {
  const found = MAGIC.find(([, magic]) => magic.every((byte, index) => head[index] === byte));
  if (found !== undefined) return found[0];
  // BZh1 to BZh9, and the beginning of pi.
  const isBzip2 = head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 && head[4] === 0x31 && head[5] === 0x41;
  return isBzip2 ? 'bzip2' : 'none';
}

/** Node 20 has no zstd; the console of an old installation should say so instead of failing. */
export function canInflate(compression: Compression): boolean {
  if (compression === 'zstd') return typeof zlib.createZstdDecompress === 'function';
  return compression === 'gzip' || compression === 'none';
}

/** What to say of an object that cannot be read. */
export function unsupported(compression: Compression, tail: Buffer): InflateTrouble {
  const detail =
    compression === 'zstd'
      ? 'compressed with zstd, which needs Node 22.15 or later'
      : `compressed as ${compression}; only gzip and zstd can be read: compress it again with one of them`;
  return { reason: 'compression.unsupported', detail, offset: 0, tail: keptTail(tail) };
}

/** A copy of as many bytes as a trouble keeps. */
export function keptTail(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.subarray(0, MAX_TAIL_BYTES));
}

/** How much may be decoded of so many encoded bytes. */
export function mostDecoded({ maxBytes, maxRatio }: DecodeLimits, bytesIn: number): number {
  return Math.min(maxBytes, Math.max(HARMLESS_BYTES, maxRatio * bytesIn));
}

/** Why no more is decoded. */
export function bomb(limits: DecodeLimits, bytesIn: number, offset: number, tail: Buffer): InflateTrouble {
  const isSize = mostDecoded(limits, bytesIn) >= limits.maxBytes || bytesIn > limits.maxBytes;
  return isSize
    ? { reason: 'bomb.size', detail: `more than ${limits.maxBytes} bytes when decoded`, offset, tail }
    : { reason: 'bomb.ratio', detail: `more than ${limits.maxRatio} times its size when decoded`, offset, tail };
}
