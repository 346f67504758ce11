import { constants } from 'node:buffer';
import { ByteReader } from './byte-reader.ts';
import {
  bomb,
  type Compression,
  canInflate,
  type DecodeLimits,
  type InflateTrouble,
  keptTail,
  MAGIC_BYTES,
  MAX_TAIL_BYTES,
  mostDecoded,
  recogniseCompression,
  unsupported,
} from './compression.ts';
import { type Decoded, inflateCarefully, inflateQuickly } from './inflate-careful.ts';
import { decodeStream } from './inflate-stream.ts';
import { type TextEncodingName, TextStream } from './text-stream.ts';

export type InflateEnd = {
  readonly compression: Compression;
  readonly encoding: TextEncodingName;
  readonly bytesIn: number;
  /** After decoding, and after transcoding to UTF-8. */
  readonly bytesOut: number;
  /** The first thing that went wrong. */
  readonly trouble: InflateTrouble | undefined;
  /** All that went wrong: members behind a broken one are decoded, too. */
  readonly troubles: readonly InflateTrouble[];
};

export type InflatedWhole = { readonly content: Buffer; readonly end: InflateEnd };

/**
 * Decodes an object: gzip, zstd or neither, told by its first bytes, and UTF-16 made UTF-8 without a byte order mark.
 * All that can be decoded is given; what cannot is told in the end. Never more than a few MiB are held.
 */
export async function* inflateChunks(
  source: AsyncIterable<Uint8Array>,
  limits: DecodeLimits,
): AsyncGenerator<Buffer, InflateEnd> {
  const reader = new ByteReader(source);
  const text = new TextStream();
  const troubles: InflateTrouble[] = [];
  let [decoded, bytesOut] = [0, 0];
  try {
    const compression = recogniseCompression(await reader.peek(MAGIC_BYTES));
    for await (const chunk of decodeStream(reader, compression, troubles)) {
      const most = mostOf(compression, limits, reader.taken);
      const allowed = chunk.subarray(0, Math.max(0, most - decoded));
      decoded += allowed.length;
      for (const piece of text.push(allowed)) {
        bytesOut += piece.length;
        yield piece;
      }
      if (allowed.length === chunk.length) continue;
      troubles.push(bomb(limits, reader.taken, reader.offset, keptTail(await reader.peek(MAX_TAIL_BYTES))));
      break;
    }
    for (const piece of text.end()) {
      bytesOut += piece.length;
      yield piece;
    }
    if (text.hasHalf) troubles.push(halfCharacter(decoded));
    return {
      compression,
      encoding: text.encoding,
      bytesIn: reader.taken,
      bytesOut,
      trouble: troubles[0],
      troubles,
    };
  } finally {
    await reader.close();
  }
}

/** The same for an object that is there as a whole, in one go; of a bomb nothing is given. */
export function inflateWhole(bytes: Buffer, limits: DecodeLimits): InflatedWhole;
/** Undefined when more than `mostHeld` bytes come of it: then `inflateChunks` has to be used. */
export function inflateWhole(bytes: Buffer, limits: DecodeLimits, mostHeld: number): InflatedWhole | undefined;
export function inflateWhole(
  bytes: Buffer,
  limits: DecodeLimits,
  mostHeld = Number.POSITIVE_INFINITY,
): InflatedWhole | undefined {
  const compression = recogniseCompression(bytes);
  const most = mostOf(compression, limits, bytes.length);
  const decoded = decodeWhole(bytes, compression, Math.min(most, mostHeld, constants.MAX_LENGTH));
  if (decoded === 'tooLarge' && mostHeld < most) return undefined;
  const { pieces, troubles } =
    decoded === 'tooLarge' ? { pieces: [], troubles: [bomb(limits, bytes.length, 0, keptTail(bytes))] } : decoded;
  const text = new TextStream();
  const texts = pieces.flatMap((piece) => [...text.push(piece)]);
  texts.push(...text.end());
  const [first] = texts;
  const content = texts.length === 1 && first !== undefined ? first : Buffer.concat(texts);
  const decodedBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const all = text.hasHalf ? [...troubles, halfCharacter(decodedBytes)] : troubles;
  const { encoding } = text;
  const bytesOut = content.length;
  return { content, end: { compression, encoding, bytesIn: bytes.length, bytesOut, trouble: all[0], troubles: all } };
}

function decodeWhole(bytes: Buffer, compression: Compression, most: number): Decoded {
  if (!canInflate(compression)) return { pieces: [], troubles: [unsupported(compression, bytes)] };
  if (compression === 'none') return bytes.length <= most ? { pieces: [bytes], troubles: [] } : 'tooLarge';
  return inflateQuickly(bytes, compression, most) ?? inflateCarefully(bytes, compression, most);
}

function mostOf(compression: Compression, limits: DecodeLimits, bytesIn: number): number {
  return compression === 'none' ? limits.maxBytes : mostDecoded(limits, bytesIn);
}

function halfCharacter(offset: number): InflateTrouble {
  return { reason: 'text.truncated', detail: 'the UTF-16 text ends within a character', offset, tail: Buffer.alloc(0) };
}
