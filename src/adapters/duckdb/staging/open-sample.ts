import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { isParquet } from '#adapters/duckdb/staging/stage-object.ts';
import type { NewFile } from '#adapters/duckdb/staging/staged-piece.ts';
import { inflateWhole } from '#core/lake/bytes/inflate.ts';
import type { ObjectSample } from '#core/lake/source/log-source.ts';
import { sampleOf } from '#core/lake/source/recognise.ts';
import { sqlText } from '#core/lake/sql/literal.ts';

const compressedHead = 256 * 1024;

export interface SampledObject {
  readonly sample: ObjectSample;
  /** The object's bytes as if nothing had been read of them. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The sample of an object. A Parquet file is copied to a file, because its columns are told at its end. */
export async function openSample(
  key: string,
  body: AsyncIterable<Uint8Array>,
  parquet: { readonly session: DuckDbSession; readonly newFile: NewFile },
): Promise<SampledObject> {
  const sampled = await openHead(key, body);
  if (sampled.sample.parquetColumns === undefined) return sampled;
  const file = parquet.newFile('parquet');
  await pipeline(sampled.body, createWriteStream(file));
  return {
    sample: { ...sampled.sample, parquetColumns: await columnsOf(parquet.session, file) },
    body: createReadStream(file, { highWaterMark: 1 << 20 }),
  };
}

async function columnsOf(session: DuckDbSession, file: string): Promise<readonly string[]> {
  try {
    return (await session.describe(`SELECT * FROM read_parquet(${sqlText(file)})`)).map((column) => column.name);
  } catch {
    // A broken file shows no columns: only its key may tell what it is.
    return [];
  }
}

async function openHead(key: string, body: AsyncIterable<Uint8Array>): Promise<SampledObject> {
  const iterator = body[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (length < compressedHead && !ended) {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else {
      taken.push(next.value);
      length += next.value.length;
    }
  }
  const head = Buffer.concat(taken);
  return { sample: headSample(key, head), body: resumed(head, ended ? undefined : iterator) };
}

function headSample(key: string, head: Buffer): ObjectSample {
  if (isParquet(head)) return { key, text: '', firstLine: '', parquetColumns: [] };
  // The head of a compressed object ends in the middle: what can be decoded of it is enough.
  return sampleOf(
    key,
    inflateWhole(head.subarray(0, compressedHead), { maxBytes: 4 * 1024 * 1024, maxRatio: 2000 }).content,
  );
}

async function* resumed(head: Buffer, rest: AsyncIterator<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  if (rest === undefined) return;
  try {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
