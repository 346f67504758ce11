import zlib from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import {
  type Compression,
  canInflate,
  type InflateTrouble,
  keptTail,
  MAX_TAIL_BYTES,
  unsupported,
  ZSTD_WINDOW_LOG,
} from './compression.ts';
import { findGzipMember, GZIP_TRAILER, GzipChecksum, gzipHeaderLength } from './gzip-member.ts';
import { InflateEngine } from './inflate-engine.ts';
import {
  beginsZstdFrame,
  corruptMember,
  LOOK_BACK_BYTES,
  trailingBytes,
  truncatedMember,
  wrongChecksum,
  zstdTrouble,
} from './inflate-words.ts';

const SLICE_BYTES = 64 * 1024;
const PLAIN_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 256 * 1024;
/** Of a member so much is kept to be decoded again, more finely, should it fail. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;
const NEWLINE = Buffer.from('\n');

type CreateEngine = () => zlib.InflateRaw | zlib.ZstdDecompress;

const inflateRaw: CreateEngine = () =>
  zlib.createInflateRaw({ chunkSize: 256 * 1024, finishFlush: zlib.constants.Z_SYNC_FLUSH });

const zstd: CreateEngine = () =>
  zlib.createZstdDecompress({
    chunkSize: 256 * 1024,
    params: { [zlib.constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
  });

/** Decodes a stream and gives everything that can be decoded; what went wrong is added to the troubles. */
export async function* decodeStream(
  reader: ByteReader,
  compression: Compression,
  troubles: InflateTrouble[],
): AsyncGenerator<Buffer> {
  if (!canInflate(compression)) {
    troubles.push(unsupported(compression, await reader.peek(MAX_TAIL_BYTES)));
    return;
  }
  if (compression === 'gzip') yield* decodeGzip(reader, troubles);
  else if (compression === 'zstd') yield* decodeZstd(reader, troubles);
  else
    for (let piece = await reader.take(PLAIN_BYTES); piece !== undefined; piece = await reader.take(PLAIN_BYTES))
      yield piece;
}

async function* decodeGzip(reader: ByteReader, troubles: InflateTrouble[]): AsyncGenerator<Buffer> {
  for (;;) {
    const isWhole = yield* decodeMember(reader, troubles);
    await skipZeros(reader);
    const ahead = await reader.peek(MAX_TAIL_BYTES);
    if (ahead.length === 0) return;
    const isMember = gzipHeaderLength(ahead) !== 'bad';
    if (isWhole && !isMember) {
      const detail = trailingBytes('gzip member', reader.offset);
      troubles.push({ reason: 'gzip.trailing-bytes', detail, offset: reader.offset, tail: keptTail(ahead) });
    }
    if (!isMember && !(await seekMember(reader))) return;
    // What was torn must not run into what is whole.
    if (!isWhole) yield NEWLINE;
  }
}

/** Decodes one member; false when something of it is missing or wrong. */
async function* decodeMember(reader: ByteReader, troubles: InflateTrouble[]): AsyncGenerator<Buffer, boolean> {
  const start = reader.offset;
  const truncated = (where: string, tail: Buffer): false => {
    const detail = truncatedMember(where, start);
    troubles.push({ reason: 'gzip.truncated', detail, offset: reader.offset, tail: keptTail(tail) });
    reader.skip(tail.length);
    return false;
  };
  const header = await peekHeader(reader);
  if (header === 'short') return truncated('the header', await reader.peek(MAX_HEADER_BYTES));
  if (header === 'bad') {
    const detail = `no gzip header at byte ${start}`;
    troubles.push({ reason: 'gzip.corrupt', detail, offset: start, tail: keptTail(await reader.peek(MAX_TAIL_BYTES)) });
    reader.skip(2);
    return false;
  }
  reader.skip(header);
  const checksum = new GzipChecksum();
  const end = yield* runEngine(reader, inflateRaw, (data) => checksum.add(data));
  if (end.kind === 'short') {
    truncated('the data', Buffer.alloc(0));
    reader.putBack(end.recent);
    return false;
  }
  if (end.kind === 'failed') {
    const detail = corruptMember(start, end.offset);
    troubles.push({ reason: 'gzip.corrupt', detail, offset: end.offset, tail: end.tail });
    return false;
  }
  const trailer = await reader.peek(GZIP_TRAILER);
  if (trailer.length < GZIP_TRAILER) return truncated('the checksum', trailer);
  const isWhole = checksum.matches(trailer);
  if (!isWhole) {
    const tail = keptTail(trailer.subarray(0, GZIP_TRAILER));
    troubles.push({ reason: 'gzip.corrupt', detail: wrongChecksum(start), offset: reader.offset, tail });
  }
  reader.skip(GZIP_TRAILER);
  return isWhole;
}

async function peekHeader(reader: ByteReader): Promise<ReturnType<typeof gzipHeaderLength>> {
  for (let count = 1024; ; count *= 4) {
    const ahead = await reader.peek(count);
    const length = gzipHeaderLength(ahead);
    if (length !== 'short' || ahead.length < count) return length;
    if (count >= MAX_HEADER_BYTES) return 'bad';
  }
}

async function skipZeros(reader: ByteReader): Promise<void> {
  for (;;) {
    const ahead = await reader.peek(1);
    const used = ahead.findIndex((byte) => byte !== 0);
    reader.skip(used === -1 ? ahead.length : used);
    if (used !== -1 || ahead.length === 0) return;
  }
}

/** Goes on to the next member; false when there is none. */
async function seekMember(reader: ByteReader): Promise<boolean> {
  for (;;) {
    const ahead = await reader.peek(SLICE_BYTES);
    const at = findGzipMember(ahead, 0);
    if (at !== -1) {
      reader.skip(at);
      return true;
    }
    // A header may begin in the last bytes.
    if (ahead.length < SLICE_BYTES) {
      reader.skip(ahead.length);
      return false;
    }
    reader.skip(ahead.length - 9);
  }
}

async function* decodeZstd(reader: ByteReader, troubles: InflateTrouble[]): AsyncGenerator<Buffer> {
  for (let ahead = await reader.peek(4); ahead.length > 0; ahead = await reader.peek(4)) {
    if (!beginsZstdFrame(ahead)) {
      const detail = trailingBytes('zstd frame', reader.offset);
      const tail = keptTail(await reader.peek(MAX_TAIL_BYTES));
      troubles.push({ reason: 'zstd.trailing-bytes', detail, offset: reader.offset, tail });
      return;
    }
    const start = reader.offset;
    const end = yield* runEngine(reader, zstd, () => {});
    if (end.kind === 'failed') {
      troubles.push(zstdTrouble(end.error, start, end.offset, end.tail));
      return;
    }
    await skipZeros(reader);
  }
}

type EngineEnd =
  | { readonly kind: 'done' }
  /** The input ended, and the compressed data may not have. */
  | { readonly kind: 'short'; readonly recent: Buffer }
  | { readonly kind: 'failed'; readonly error: Error; readonly offset: number; readonly tail: Buffer };

/** Decodes from where the reader stands to the end of the compressed data. */
async function* runEngine(
  reader: ByteReader,
  create: CreateEngine,
  onData: (data: Buffer) => void,
): AsyncGenerator<Buffer, EngineEnd> {
  const engine = new InflateEngine(create());
  const start = reader.offset;
  const kept: Buffer[] = [];
  let recent: Buffer = Buffer.alloc(0);
  let made = 0;
  try {
    for (;;) {
      const from = reader.offset - start;
      const slice = await reader.take(SLICE_BYTES);
      if (from <= MAX_KEPT_BYTES && slice !== undefined) kept.push(slice);
      for await (const data of slice === undefined ? engine.finish() : engine.feed(slice)) {
        made += data.length;
        onData(data);
        yield data;
      }
      if (engine.error !== undefined)
        return yield* salvage(reader, create, {
          error: engine.error,
          start,
          from,
          used: engine.used,
          made,
          kept,
          slice,
        });
      if (slice === undefined) return { kind: 'short', recent };
      recent = Buffer.concat([recent.subarray(-LOOK_BACK_BYTES), slice]);
      if (!engine.isDone) continue;
      reader.putBack(slice.subarray(engine.used - from));
      return { kind: 'done' };
    }
  } finally {
    engine.close();
  }
}

type Failure = {
  readonly error: Error;
  /** Of the compressed data, in the object. */
  readonly start: number;
  /** Of the slice that failed, in the compressed data. */
  readonly from: number;
  readonly used: number;
  readonly made: number;
  readonly kept: readonly Buffer[];
  readonly slice: Buffer | undefined;
};

/** A failing decoder loses what it had made of the last bytes: they are fed once more, in smaller and smaller pieces. */
async function* salvage(reader: ByteReader, create: CreateEngine, failure: Failure): AsyncGenerator<Buffer, EngineEnd> {
  const { error, start, from, slice } = failure;
  if (slice === undefined) return { kind: 'failed', error, offset: reader.offset, tail: Buffer.alloc(0) };
  const isKept = from <= MAX_KEPT_BYTES;
  const input = isKept ? Buffer.concat(failure.kept) : slice;
  let [good, made] = [isKept ? from : failure.used - from, failure.made];
  if (isKept)
    for (const step of [1024, 1]) {
      const engine = new InflateEngine(create());
      let seen = 0;
      for (let at = 0; at < input.length; ) {
        const piece = at < good ? input.subarray(0, good) : input.subarray(at, at + step);
        for await (const data of engine.feed(piece)) {
          const skipped = Math.min(data.length, Math.max(0, made - seen));
          seen += data.length;
          if (skipped < data.length) yield data.subarray(skipped);
        }
        if (engine.error !== undefined) good = at;
        at = engine.error === undefined ? at + piece.length : input.length;
      }
      made = Math.max(made, seen);
      engine.close();
    }
  const offset = reader.offset - input.length + good;
  const ahead = await reader.peek(MAX_TAIL_BYTES);
  const tail = keptTail(Buffer.concat([input.subarray(good), ahead]));
  reader.putBack(input.subarray(Math.max(0, good - LOOK_BACK_BYTES)));
  return { kind: 'failed', error, offset: Math.max(start, offset), tail };
}
