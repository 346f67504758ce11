import { isUtf8 } from 'node:buffer';
import { wholeCharacters } from './json-verify.ts';

/** The part of a stream that is still needed, addressed by offsets in the whole stream. */
export class JsonWindow {
  bytes: Buffer = Buffer.alloc(0);
  /** The offset of the first of the bytes. */
  base = 0;
  #store: Buffer = this.bytes;
  #isUtf8: boolean | undefined;

  get end(): number {
    return this.base + this.bytes.length;
  }

  /** Adds a chunk and forgets what lies before `keepFrom`. Bytes given out stay as they are: they are never overwritten, only copied. */
  append(chunk: Buffer, keepFrom: number): void {
    this.#isUtf8 = undefined;
    const kept = this.end - keepFrom;
    if (kept === 0) {
      this.base = keepFrom;
      this.bytes = this.#store = chunk;
      return;
    }
    const isOwn = this.bytes.buffer === this.#store.buffer && this.#store !== this.bytes;
    if (isOwn && kept === this.bytes.length && kept + chunk.length <= this.#store.length) {
      chunk.copy(this.#store, kept);
    } else {
      const store = Buffer.allocUnsafeSlow(Math.max(2 * kept, kept + chunk.length));
      this.bytes.copy(store, 0, keepFrom - this.base);
      chunk.copy(store, kept);
      this.#store = store;
      this.base = keepFrom;
    }
    this.bytes = this.#store.subarray(0, kept + chunk.length);
  }

  /** The bytes between two offsets. */
  slice(from: number, to: number): Buffer {
    return this.bytes.subarray(from - this.base, to - this.base);
  }

  /** True when everything between two offsets is UTF-8; looks at all bytes at once and remembers the answer. */
  isUtf8(from: number, to: number): boolean {
    this.#isUtf8 ??= isUtf8(this.bytes.subarray(0, wholeCharacters(this.bytes, this.bytes.length)));
    return this.#isUtf8 || isUtf8(this.slice(from, to));
  }
}
