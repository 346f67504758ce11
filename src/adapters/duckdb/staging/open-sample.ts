import { inflateWhole } from '#core/lake/bytes/inflate.ts';
import type { ObjectSample } from '#core/lake/source/log-source.ts';
import { sampleOf } from '#core/lake/source/recognise.ts';

const compressedHead = 256 * 1024;
const parquetMagic = 'PAR1';

/** The sample of an object, and its body as if nothing had been read of it. */
export async function openSample(
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<{ readonly sample: ObjectSample; readonly body: AsyncIterable<Uint8Array> }> {
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
  if (head.subarray(0, 4).toString('latin1') === parquetMagic)
    return { key, text: '', firstLine: parquetMagic, parquetColumns: [] };
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
