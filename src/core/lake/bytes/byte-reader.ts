/** Reads a stream of bytes with looking ahead and putting back. */
export class ByteReader {
  /** Where the next byte stands. */
  offset = 0;
  /** How many bytes were taken at least once. */
  taken = 0;
  readonly #source: AsyncIterator<Uint8Array>;
  #ahead: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes without taking them: at least `count`, or all there are. */
  async peek(count: number): Promise<Buffer> {
    while (this.#ahead.length < count) {
      const next = await this.#source.next();
      if (next.done === true) break;
      const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      this.#ahead = this.#ahead.length === 0 ? chunk : Buffer.concat([this.#ahead, chunk]);
    }
    return this.#ahead;
  }

  /** Takes up to `most` bytes, whatever is there first; undefined at the end. */
  async take(most: number): Promise<Buffer | undefined> {
    const ahead = await this.peek(1);
    if (ahead.length === 0) return undefined;
    const taken = ahead.subarray(0, most);
    this.#ahead = ahead.subarray(taken.length);
    this.#advance(taken.length);
    return taken;
  }

  /** Takes bytes that were seen. */
  skip(count: number): void {
    this.#ahead = this.#ahead.subarray(count);
    this.#advance(count);
  }

  /** Gives back bytes that were taken last. */
  putBack(bytes: Buffer): void {
    this.offset -= bytes.length;
    this.#ahead = this.#ahead.length === 0 ? bytes : Buffer.concat([bytes, this.#ahead]);
  }

  #advance(count: number): void {
    this.offset += count;
    this.taken = Math.max(this.taken, this.offset);
  }

  /** Ends the stream, read or not. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
