import { writeFileSync } from 'node:fs';
import { createCarefulStager } from '#adapters/duckdb/staging/careful-pieces.ts';
import { quickPart } from '#adapters/duckdb/staging/quick-part.ts';
import type { NewFile, StagedPiece } from '#adapters/duckdb/staging/staged-piece.ts';
import type { DecodeLimits } from '#core/lake/bytes/compression.ts';
import { type InflateEnd, inflateChunks, inflateWhole } from '#core/lake/bytes/inflate.ts';
import type { DecodeContext, Decoder } from '#core/lake/source/log-source.ts';

/** Objects of fewer compressed bytes are decompressed at once. */
const wholeBytes = 8 * 1024 * 1024;
/** Objects of fewer decoded bytes may be handed to DuckDB as they are. */
const quickBytes = 64 * 1024 * 1024;

/** A piece, and how to take the same bytes apart should DuckDB refuse them. */
export interface OfferedPiece {
  readonly piece: StagedPiece;
  readonly careful?: () => readonly StagedPiece[];
}

/** Decodes an object into pieces that DuckDB reads. Memory is bounded whatever the object's size. */
export async function* stageObject(
  decoder: Decoder,
  body: AsyncIterable<Uint8Array>,
  context: DecodeContext,
  settings: { readonly newFile: NewFile; readonly limits: DecodeLimits },
): AsyncGenerator<OfferedPiece> {
  const start = await takeAtMost(body, wholeBytes);
  if (isParquet(start.bytes)) {
    yield* parquetPiece(start, settings.newFile);
    return;
  }
  if (decoder.kind === 'parquet') {
    yield { piece: start.bytes.length === 0 ? emptyObject : notParquet(start.bytes) };
    return;
  }
  if (start.rest !== undefined) {
    yield* streamed(decoder, start, context, settings);
    return;
  }
  const whole = inflateWhole(start.bytes, settings.limits, quickBytes);
  if (whole === undefined) {
    yield* streamed(decoder, start, context, settings);
    return;
  }
  yield* wholePieces(decoder, whole.content, whole.end, context, settings.newFile);
}

function* wholePieces(
  decoder: Decoder,
  content: Buffer,
  end: InflateEnd,
  context: DecodeContext,
  newFile: NewFile,
): Generator<OfferedPiece> {
  const careful = (): readonly StagedPiece[] => {
    const stager = createCarefulStager(decoder, context, newFile);
    return [...stager.push(content), ...stager.end(end.trouble)];
  };
  const part =
    end.trouble === undefined && content.length <= quickBytes ? quickPart(decoder, content, newFile) : undefined;
  if (part !== undefined) yield { piece: { part, troubles: [], exclusions: [], bytes: content.length }, careful };
  else if (content.length > 0 || end.trouble !== undefined) for (const piece of careful()) yield { piece };
  else yield { piece: emptyObject };
}

const emptyObject: StagedPiece = {
  troubles: [
    { record: 0, count: 1, reason: 'object.empty', detail: 'the object has no bytes', bytes: Buffer.alloc(0) },
  ],
  exclusions: [],
  bytes: 0,
};

function notParquet(head: Buffer): StagedPiece {
  const detail = 'the object does not begin as a Parquet file does';
  const bytes = head.subarray(0, 65_536);
  return {
    troubles: [{ record: 0, count: 1, reason: 'parquet.unreadable', detail, bytes }],
    exclusions: [],
    bytes: head.length,
  };
}

async function* streamed(
  decoder: Decoder,
  start: TakenStart,
  context: DecodeContext,
  settings: { readonly newFile: NewFile; readonly limits: DecodeLimits },
): AsyncGenerator<OfferedPiece> {
  const stager = createCarefulStager(decoder, context, settings.newFile);
  const chunks = inflateChunks(joined(start), settings.limits);
  for (let next = await chunks.next(); ; next = await chunks.next()) {
    if (next.done === true) {
      for (const piece of stager.end(next.value.trouble)) yield { piece };
      return;
    }
    for (const piece of stager.push(next.value)) yield { piece };
  }
}

/** True for the first bytes of a Parquet file. */
export function isParquet(head: Buffer): boolean {
  return head.subarray(0, 4).toString('latin1') === 'PAR1';
}

async function* parquetPiece(start: TakenStart, newFile: NewFile): AsyncGenerator<OfferedPiece> {
  const file = newFile('parquet');
  writeFileSync(file, '');
  let bytes = 0;
  for await (const chunk of joined(start)) {
    writeFileSync(file, chunk, { flag: 'a' });
    bytes += chunk.length;
  }
  yield { piece: { part: { kind: 'parquet', file }, troubles: [], exclusions: [], bytes } };
}

interface TakenStart {
  readonly bytes: Buffer;
  readonly rest?: AsyncIterator<Uint8Array>;
}

async function takeAtMost(body: AsyncIterable<Uint8Array>, most: number): Promise<TakenStart> {
  const iterator = body[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let length = 0;
  while (length <= most) {
    const next = await iterator.next();
    if (next.done === true) return { bytes: Buffer.concat(taken) };
    taken.push(next.value);
    length += next.value.length;
  }
  return { bytes: Buffer.concat(taken), rest: iterator };
}

async function* joined(start: TakenStart): AsyncGenerator<Uint8Array> {
  yield start.bytes;
  if (start.rest === undefined) return;
  try {
    for (let next = await start.rest.next(); next.done !== true; next = await start.rest.next()) yield next.value;
  } finally {
    await start.rest.return?.();
  }
}
