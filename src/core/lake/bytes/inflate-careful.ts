import zlib from 'node:zlib';
import { type Compression, type InflateTrouble, keptTail, ZSTD_WINDOW_LOG } from './compression.ts';
import { findGzipMember, GZIP_TRAILER, GzipChecksum, gzipHeaderLength } from './gzip-member.ts';
import {
  beginsZstdFrame,
  corruptMember,
  LOOK_BACK_BYTES,
  trailingBytes,
  truncatedMember,
  wrongChecksum,
  zstdTrouble,
} from './inflate-words.ts';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = Buffer.from('\n');

/** What came of an object; `tooLarge` when it was more than allowed, and then nothing is given. */
export type Decoded = { readonly pieces: readonly Buffer[]; readonly troubles: readonly InflateTrouble[] } | 'tooLarge';

type Part = { readonly data: Buffer; readonly used: number };
/** Fails where the bytes are wrong; where they end too early only when `isStrict`. */
type Decode = (bytes: Buffer, most: number, isStrict: boolean) => Part;

const { Z_SYNC_FLUSH, ZSTD_d_windowLogMax, ZSTD_e_end, ZSTD_e_flush } = zlib.constants;

// Whether a member is all there is told by its checksum.
const inflateRaw: Decode = (bytes, most) =>
  partOf(zlib.inflateRawSync(bytes, { ...optionsFor(most), finishFlush: Z_SYNC_FLUSH }));

const zstd: Decode = (bytes, most, isStrict) =>
  partOf(
    zlib.zstdDecompressSync(bytes, {
      ...optionsFor(most),
      finishFlush: isStrict ? ZSTD_e_end : ZSTD_e_flush,
      params: { [ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
    }),
  );

function optionsFor(most: number): { info: boolean; chunkSize: number; maxOutputLength: number } {
  return { info: true, chunkSize: CHUNK_BYTES, maxOutputLength: Math.max(1, most) };
}

/** All that is right, in one call; undefined when something is not and a careful look is needed. */
export function inflateQuickly(bytes: Buffer, compression: Compression, most: number): Decoded | undefined {
  if (compression !== 'gzip') return undefined;
  try {
    const { data, used } = partOf(zlib.gunzipSync(bytes, optionsFor(most)));
    // Behind the first zero byte nothing is read, be it padding or another member.
    return isZero(bytes.subarray(used)) ? { pieces: [data], troubles: [] } : undefined;
  } catch (thrown) {
    if (isTooLarge(thrown)) return 'tooLarge';
    return undefined;
  }
}

/** Decodes member by member, or frame by frame, as much as can be decoded. */
export function inflateCarefully(bytes: Buffer, compression: Compression, most: number): Decoded {
  const careful = new CarefulInflate(bytes, most);
  return compression === 'zstd' ? careful.zstd() : careful.gzip();
}

/** State: how far the object has been decoded. */
class CarefulInflate {
  readonly #bytes: Buffer;
  readonly #most: number;
  readonly #pieces: Buffer[] = [];
  readonly #troubles: InflateTrouble[] = [];
  #at = 0;
  #made = 0;

  constructor(bytes: Buffer, most: number) {
    this.#bytes = bytes;
    this.#most = most;
  }

  gzip(): Decoded {
    for (;;) {
      const isWhole = this.#member();
      if (isWhole === 'tooLarge') return 'tooLarge';
      this.#skipZeros();
      const rest = this.#bytes.subarray(this.#at);
      if (rest.length === 0) break;
      const isMember = gzipHeaderLength(rest) !== 'bad';
      if (isWhole && !isMember)
        this.#trouble('gzip.trailing-bytes', trailingBytes('gzip member', this.#at), this.#at, rest);
      const next = isMember ? 0 : findGzipMember(rest, 0);
      if (next === -1) break;
      this.#at += next;
      if (!isWhole) this.#pieces.push(NEWLINE);
    }
    return { pieces: this.#pieces, troubles: this.#troubles };
  }

  zstd(): Decoded {
    for (this.#skipZeros(); this.#at < this.#bytes.length; this.#skipZeros()) {
      const rest = this.#bytes.subarray(this.#at);
      if (!beginsZstdFrame(rest)) {
        this.#trouble('zstd.trailing-bytes', trailingBytes('zstd frame', this.#at), this.#at, rest);
        break;
      }
      const part = decodeAsFarAsPossible(rest, zstd, this.#most - this.#made);
      if (part === 'tooLarge') return 'tooLarge';
      this.#add(part.data);
      if (part.error !== undefined) {
        const offset = this.#at + part.used;
        this.#troubles.push(zstdTrouble(part.error, this.#at, offset, keptTail(this.#bytes.subarray(offset))));
        break;
      }
      this.#at += part.used;
    }
    return { pieces: this.#pieces, troubles: this.#troubles };
  }

  /** Decodes one member; false when something of it is missing or wrong. */
  #member(): boolean | 'tooLarge' {
    const start = this.#at;
    const header = gzipHeaderLength(this.#bytes.subarray(start));
    if (header === 'short') return this.#truncated('the header', start, this.#bytes.subarray(start));
    if (header === 'bad') {
      this.#trouble('gzip.corrupt', `no gzip header at byte ${start}`, start, this.#bytes.subarray(start));
      this.#at += 2;
      return false;
    }
    const data = start + header;
    const part = decodeAsFarAsPossible(this.#bytes.subarray(data), inflateRaw, this.#most - this.#made);
    if (part === 'tooLarge') return 'tooLarge';
    this.#add(part.data);
    const end = data + part.used;
    if (part.error !== undefined) {
      this.#trouble('gzip.corrupt', corruptMember(start, end), end, this.#bytes.subarray(end));
      this.#at = Math.max(data, end - LOOK_BACK_BYTES);
      return false;
    }
    this.#at = end;
    const trailer = this.#bytes.subarray(end, end + GZIP_TRAILER);
    if (trailer.length === 0) {
      this.#truncated('the data', start, trailer);
      this.#at = Math.max(data, end - LOOK_BACK_BYTES);
      return false;
    }
    if (trailer.length < GZIP_TRAILER) return this.#truncated('the checksum', start, trailer);
    this.#at += GZIP_TRAILER;
    const checksum = new GzipChecksum();
    checksum.add(part.data);
    if (checksum.matches(trailer)) return true;
    this.#trouble('gzip.corrupt', wrongChecksum(start), end, trailer);
    return false;
  }

  #truncated(where: string, start: number, tail: Buffer): false {
    this.#at = this.#bytes.length;
    this.#trouble('gzip.truncated', truncatedMember(where, start), this.#bytes.length - tail.length, tail);
    return false;
  }

  #trouble(reason: InflateTrouble['reason'], detail: string, offset: number, tail: Buffer): void {
    this.#troubles.push({ reason, detail, offset, tail: keptTail(tail) });
  }

  #add(data: Buffer): void {
    this.#pieces.push(data);
    this.#made += data.length;
  }

  #skipZeros(): void {
    while (this.#at < this.#bytes.length && this.#bytes[this.#at] === 0) this.#at += 1;
  }
}

type PartOrError = (Part & { readonly error?: Error }) | 'tooLarge';

/** Halves the input until the longest beginning is found that can be decoded. */
function decodeAsFarAsPossible(bytes: Buffer, decode: Decode, most: number): PartOrError {
  const whole = attempt(() => decode(bytes, most, true));
  if (whole === 'tooLarge' || !(whole instanceof Error)) return whole;
  const short = attempt(() => decode(bytes, most, false));
  if (short === 'tooLarge') return short;
  if (!(short instanceof Error)) return { ...short, error: whole };
  let best: Part = { data: Buffer.alloc(0), used: 0 };
  let bad = bytes.length;
  while (bad - best.used > 1) {
    const middle = (best.used + bad) >> 1;
    const part = attempt(() => decode(bytes.subarray(0, middle), most, false));
    if (part instanceof Error) bad = middle;
    else if (part === 'tooLarge') return 'tooLarge';
    else best = { data: part.data, used: middle };
  }
  return { ...best, error: whole };
}

function attempt(decode: () => Part): Part | Error | 'tooLarge' {
  try {
    return decode();
  } catch (thrown) {
    if (isTooLarge(thrown)) return 'tooLarge';
    if (thrown instanceof Error && 'code' in thrown) return thrown;
    throw thrown;
  }
}

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
}

/** The types of node:zlib do not know what the option `info` does. */
function partOf(result: unknown): Part {
  const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } }; // documented so
  return { data: buffer, used: engine.bytesWritten };
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
