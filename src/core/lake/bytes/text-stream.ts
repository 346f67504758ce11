import { TextDecoder } from 'node:util';

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Enough to tell two bytes a character from one. */
const HEAD_BYTES = 256;
const PIECE_BYTES = 1024 * 1024;

/** Makes UTF-8 without a byte order mark of text; what is no UTF-16 passes through as it is. */
export class TextStream {
  encoding: TextEncodingName = 'utf-8';
  #head: Buffer | undefined = Buffer.alloc(0);
  #decoder: TextDecoder | undefined;
  #length = 0;

  /** Gives what can be told of the text so far. */
  *push(chunk: Buffer): Generator<Buffer> {
    if (this.#head === undefined) {
      yield* this.#passOn(chunk);
      return;
    }
    const head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    this.#head = head;
    if (head.length >= HEAD_BYTES) yield* this.#begin(head);
  }

  /** Gives the rest. */
  *end(): Generator<Buffer> {
    if (this.#head !== undefined) yield* this.#begin(this.#head);
    const rest = this.hasHalf ? '' : (this.#decoder?.decode() ?? '');
    if (rest !== '') yield Buffer.from(rest, 'utf8');
  }

  /** UTF-16 text ended within a character. */
  get hasHalf(): boolean {
    return this.encoding !== 'utf-8' && this.#length % 2 === 1;
  }

  *#begin(head: Buffer): Generator<Buffer> {
    const { encoding, mark } = recognise(head);
    this.encoding = encoding;
    this.#head = undefined;
    if (encoding !== 'utf-8') this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    yield* this.#passOn(head.subarray(mark));
  }

  *#passOn(chunk: Buffer): Generator<Buffer> {
    if (this.#decoder === undefined) {
      if (chunk.length > 0) yield chunk;
      return;
    }
    this.#length += chunk.length;
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      const text = this.#decoder.decode(chunk.subarray(from, from + PIECE_BYTES), { stream: true });
      if (text !== '') yield Buffer.from(text, 'utf8');
    }
  }
}

function recognise(head: Buffer): { readonly encoding: TextEncodingName; readonly mark: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  const pairs = Math.min(head.length, HEAD_BYTES) >> 1;
  const zeros = [0, 0];
  for (let at = 0; at < 2 * pairs; at += 1) if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  if (pairs >= 2 && zeros[0] === 0 && zeros[1] === pairs) return { encoding: 'utf-16le', mark: 0 };
  if (pairs >= 2 && zeros[1] === 0 && zeros[0] === pairs) return { encoding: 'utf-16be', mark: 0 };
  return { encoding: 'utf-8', mark: 0 };
}
