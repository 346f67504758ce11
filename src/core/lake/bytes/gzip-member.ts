import { crc32 } from 'node:zlib';

const METHOD_DEFLATE = 8;
const HAS_HEADER_CRC = 0x02;
const HAS_EXTRA = 0x04;
const HAS_NAME = 0x08;
const HAS_COMMENT = 0x10;
const RESERVED = 0xe0;
const FIXED_HEADER = 10;
const MAGIC = Buffer.from([0x1f, 0x8b, METHOD_DEFLATE]);

/** Checksum and length behind the data of a member. */
export const GZIP_TRAILER = 8;

/** The length of a member's header (RFC 1952), `short` when its end is not there, `bad` when it is none. */
export function gzipHeaderLength(bytes: Buffer): number | 'short' | 'bad' {
  if (bytes.compare(MAGIC, 0, Math.min(3, bytes.length), 0, Math.min(3, bytes.length)) !== 0) return 'bad';
  const flags = bytes[3] ?? 0;
  if ((flags & RESERVED) !== 0) return 'bad';
  if (bytes.length < FIXED_HEADER) return 'short';
  let length = FIXED_HEADER;
  if ((flags & HAS_EXTRA) !== 0) {
    if (bytes.length < length + 2) return 'short';
    length += 2 + bytes.readUInt16LE(length);
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, length);
    if (end === -1) return 'short';
    length = end + 1;
  }
  if ((flags & HAS_HEADER_CRC) !== 0) length += 2;
  return length > bytes.length ? 'short' : length;
}

/** Where the next member may begin, or -1. A name of three bytes is met by chance, so the rest of the header has to be likely. */
export function findGzipMember(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MAGIC, from); at !== -1; at = bytes.indexOf(MAGIC, at + 1)) {
    const extra = bytes[at + 8] ?? 0;
    const system = bytes[at + 9] ?? 0;
    const isLikely = (extra === 0 || extra === 2 || extra === 4) && (system <= 13 || system === 255);
    if (isLikely && ((bytes[at + 3] ?? 0) & RESERVED) === 0) return at;
  }
  return -1;
}

/** Checks the data of a member against its trailer. */
export class GzipChecksum {
  #crc = 0;
  #length = 0;

  add(data: Uint8Array): void {
    this.#crc = crc32(data, this.#crc);
    this.#length = (this.#length + data.length) >>> 0;
  }

  matches(trailer: Buffer): boolean {
    return trailer.readUInt32LE(0) === this.#crc && trailer.readUInt32LE(4) === this.#length;
  }
}
