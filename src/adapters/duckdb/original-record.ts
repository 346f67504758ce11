import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { isParquet } from '#adapters/duckdb/staging/stage-object.ts';
import type { Cut } from '#core/lake/bytes/cut.ts';
import { createJsonCutter } from '#core/lake/bytes/cut-json.ts';
import { createLineCutter } from '#core/lake/bytes/cut-lines.ts';
import { inflateChunks } from '#core/lake/bytes/inflate.ts';
import type { DecodeContext, Decoded, Decoder } from '#core/lake/source/log-source.ts';
import { sqlText } from '#core/lake/sql/literal.ts';

export interface OriginalWanted {
  readonly decoder: Decoder;
  readonly context: DecodeContext;
  readonly body: AsyncIterable<Uint8Array>;
  /** Number of the record in its object, from 0. */
  readonly record: number;
}

const limits = { maxBytes: 16 * 1024 ** 3, maxRatio: 2000 };
const maximumRecordBytes = 16 * 1024 * 1024;

/**
 * The text of one record as it stood in its object, numbered as ingest numbers them; undefined where the object has no
 * such record. Reads no further than the record.
 */
export async function originalRecord(
  wanted: OriginalWanted,
  parquet: { readonly session: DuckDbSession; readonly file: string },
): Promise<string | undefined> {
  const iterator = wanted.body[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done === true ? Buffer.alloc(0) : Buffer.from(first.value);
  const body = resumed(head, iterator);
  if (isParquet(head)) return parquetRow(body, wanted.record, parquet);
  return textRecord(body, wanted);
}

async function textRecord(body: AsyncIterable<Uint8Array>, wanted: OriginalWanted): Promise<string | undefined> {
  const cutter = cutterOf(wanted.decoder);
  const count = counterOf(wanted.decoder, wanted.context, wanted.record);
  for await (const chunk of inflateChunks(body, limits)) {
    for (const cut of cutter.push(chunk)) {
      const found = count(cut);
      if (found !== undefined) return found;
    }
  }
  for (const cut of cutter.end()) {
    const found = count(cut);
    if (found !== undefined) return found;
  }
  return count(undefined);
}

function cutterOf(decoder: Decoder): ReturnType<typeof createLineCutter> {
  if (decoder.kind !== 'json') return createLineCutter({ maxLineBytes: maximumRecordBytes });
  return createJsonCutter({
    ...(decoder.at === undefined ? {} : { at: decoder.at }),
    keepEnvelope: decoder.envelope ?? false,
    limits: { maxRecordBytes: maximumRecordBytes, maxDepth: 512 },
  });
}

/** Counts records; gives the text of the wanted one when it comes. `undefined` is the end of the object. */
type Counter = (cut: Cut | undefined) => string | undefined;

function counterOf(decoder: Decoder, context: DecodeContext, wanted: number): Counter {
  let next = 0;
  const step = (records: number, text: string): string | undefined => {
    const isHere = wanted >= next && wanted < next + records;
    next += records;
    return isHere ? text : undefined;
  };
  if (decoder.kind === 'lines') {
    const reader = decoder.create(context);
    const among = (list: readonly Decoded[]): string | undefined =>
      list.map((decoded) => step(1, decoded.raw)).find((text) => text !== undefined);
    return (cut) => {
      if (cut === undefined) return among(reader.end());
      return cut.kind === 'record' ? among(reader.line(cut.bytes.toString('utf8'))) : step(1, cut.bytes.toString());
    };
  }
  if (decoder.kind === 'json')
    return (cut) =>
      cut === undefined ? undefined : step(recordsOf(cut, decoder, context), cut.bytes.toString('utf8'));
  let begun = false;
  return (cut) => {
    if (cut === undefined) return undefined;
    const text = cut.bytes.toString('utf8');
    if (cut.kind === 'trouble') return step(1, text);
    if (text === '') return undefined;
    const isHeader = !begun && decoder.kind === 'delimited' && (decoder.isHeader?.(text) ?? false);
    begun = true;
    return isHeader ? undefined : step(1, text);
  };
}

function recordsOf(cut: Cut, decoder: Extract<Decoder, { kind: 'json' }>, context: DecodeContext): number {
  if (cut.kind === 'trouble') return Math.max(1, cut.records);
  if (decoder.expand === undefined) return 1;
  const text = cut.bytes.toString('utf8');
  const envelope = cut.envelope === undefined ? {} : { envelope: JSON.parse(cut.envelope.toString('utf8')) as unknown };
  return decoder.expand({ record: JSON.parse(text), text, ...envelope }, context).length;
}

async function parquetRow(
  body: AsyncIterable<Uint8Array>,
  record: number,
  { session, file }: { readonly session: DuckDbSession; readonly file: string },
): Promise<string | undefined> {
  try {
    await pipeline(body, createWriteStream(file));
    const [row] = await session.rows(
      `SELECT CAST(to_json(t) AS VARCHAR) AS text FROM read_parquet(${sqlText(file)}) AS t LIMIT 1 OFFSET ${record}`,
    );
    return row === undefined ? undefined : String(row['text']);
  } finally {
    await rm(file, { force: true });
  }
}

async function* resumed(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  try {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
