import type { InflateRaw, ZstdDecompress } from 'node:zlib';

/** So much decoded data waits at most; then the engine pauses. */
const MAX_WAITING = 1024 * 1024;

/** Feeds a decompressor of node:zlib piece by piece and keeps what it had decoded before it failed. */
export class InflateEngine {
  readonly #engine: InflateRaw | ZstdDecompress;
  #fed = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isTaken = false;
  #isClosed = false;
  #wake: (() => void) | undefined;
  /** Why it failed. */
  error: Error | undefined;

  constructor(engine: InflateRaw | ZstdDecompress) {
    this.#engine = engine;
    engine.on('data', (data: Buffer) => {
      this.#waiting.push(data);
      this.#waitingBytes += data.length;
      if (this.#waitingBytes >= MAX_WAITING) engine.pause();
      this.#wake?.();
    });
    engine.on('error', (error: Error) => {
      this.error = error;
      this.#wake?.();
    });
    engine.on('close', () => {
      this.#isClosed = true;
      this.#wake?.();
    });
  }

  /** How many bytes it used; fewer than it was fed when the compressed data ended, or when it failed. */
  get used(): number {
    return this.#engine.bytesWritten;
  }

  /** True when the compressed data ended before what it was fed. */
  get isDone(): boolean {
    return this.error === undefined && this.used < this.#fed;
  }

  /** Feeds bytes and gives what comes of them. */
  async *feed(bytes: Buffer): AsyncGenerator<Buffer> {
    this.#isTaken = false;
    this.#fed += bytes.length;
    this.#engine.write(bytes, () => {
      this.#isTaken = true;
      this.#wake?.();
    });
    yield* this.#decoded(() => this.#isTaken);
  }

  /** Says that no more will come and gives the rest. */
  async *finish(): AsyncGenerator<Buffer> {
    this.#engine.end();
    yield* this.#decoded(() => false);
  }

  /** Frees its memory. */
  close(): void {
    this.#engine.destroy();
  }

  async *#decoded(isOver: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      yield* this.#drain();
      if (isOver() || this.#isClosed || this.error !== undefined) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    yield* this.#drain();
  }

  *#drain(): Generator<Buffer> {
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      yield* waiting;
    }
    if (this.#engine.isPaused()) this.#engine.resume();
  }
}
