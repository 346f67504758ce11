import { gunzipSync, gzipSync } from 'node:zlib';
import { YaguraError } from '#core/errors/yagura-error.ts';

/** JSON text inside an item: `t` in clear, `z` gzipped. JSON escapes what DynamoDB would refuse or change, lone surrogates above all. */
export type InlineAttributes = { readonly t: string } | { readonly z: Uint8Array };
/** The same, or `gen` and `parts` when it is too large for one item and lies in items of its own. */
export type ParcelAttributes = InlineAttributes | { readonly gen: string; readonly parts: number };

export type Parcel = { readonly attributes: ParcelAttributes; readonly parts: readonly Uint8Array[] };

/** Below this gzip gains less than a write unit. */
const WORTH_GZIP = 400;
/** An item holds 400 KB; a problem's also carries keys and a list row. */
const LARGEST_INLINE = 300_000;
const PART_BYTES = 380_000;

/** Packs a value; `generation` names the parts of a large one and must not have been used for the same item before. */
export function packed(value: unknown, generation: string): Parcel {
  const plain = Buffer.from(JSON.stringify(value));
  const zipped = plain.length > WORTH_GZIP ? gzipSync(plain) : plain;
  if (zipped.length >= plain.length && plain.length <= LARGEST_INLINE)
    return { attributes: { t: plain.toString() }, parts: [] };
  if (zipped.length <= LARGEST_INLINE) return { attributes: { z: zipped }, parts: [] };
  const parts = Array.from({ length: Math.ceil(zipped.length / PART_BYTES) }, (_, n) =>
    zipped.subarray(n * PART_BYTES, (n + 1) * PART_BYTES),
  );
  return { attributes: { gen: generation, parts: parts.length }, parts };
}

/** Packs a value whose size we decide ourselves; `what` names it should it be too large all the same. */
export function packedInline(value: unknown, what: string): InlineAttributes {
  const { attributes } = packed(value, '');
  if ('t' in attributes || 'z' in attributes) return attributes;
  throw new YaguraError(
    'store.full',
    `Cannot store ${what}: it is larger than the 400 KB of a DynamoDB item. Shorten it.`,
  );
}

/** The JSON text inside an item, or where its parts are. */
export function opened(item: Readonly<Record<string, unknown>>): string | { gen: string; parts: number } {
  const { t, z, gen, parts } = item;
  if (typeof t === 'string') return t;
  if (z instanceof Uint8Array) return gunzipSync(z).toString();
  if (typeof gen === 'string' && typeof parts === 'number') return { gen, parts };
  throw new Error(
    `Item ${String(item['pk'])} ${String(item['sk'])} has no content; was it written by another program?`,
  );
}

/** The JSON text of parts in their order. */
export function joined(parts: readonly Uint8Array[]): string {
  return gunzipSync(Buffer.concat(parts)).toString();
}
