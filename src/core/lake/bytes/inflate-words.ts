import type { InflateTrouble } from './compression.ts';

/** A decoder may notice only so far behind the end of a torn member that it is reading the next one. */
export const LOOK_BACK_BYTES = 64 * 1024;

/** Says that a member is not all there. */
export function truncatedMember(where: string, start: number): string {
  return `the object ends inside ${where} of the gzip member that begins at byte ${start}`;
}

/** Says that the data of a member is wrong. */
export function corruptMember(start: number, offset: number): string {
  return `the gzip member that begins at byte ${start} cannot be decoded from byte ${offset} on`;
}

/** Says that a member was decoded to something else than what was encoded. */
export function wrongChecksum(start: number): string {
  return `the checksum of the gzip member that begins at byte ${start} does not match: what was decoded of it may be wrong`;
}

/** Says that an object goes on behind its end. */
export function trailingBytes(unit: string, offset: number): string {
  return `the bytes from ${offset} on, behind the last ${unit}, belong to none`;
}

/** True at a frame of data or one to be skipped. */
export function beginsZstdFrame(bytes: Uint8Array): boolean {
  const [first = 0, ...rest] = bytes.subarray(0, 4);
  const isData = first === 0x28 && rest[0] === 0xb5 && rest[1] === 0x2f && rest[2] === 0xfd;
  return isData || (first >> 4 === 5 && rest[0] === 0x2a && rest[1] === 0x4d && rest[2] === 0x18);
}

/** Tells why a frame of zstd could not be decoded. */
export function zstdTrouble(error: Error, start: number, offset: number, tail: Buffer): InflateTrouble {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ZSTD_error_prefix_unknown')
    return { reason: 'zstd.trailing-bytes', detail: trailingBytes('zstd frame', offset), offset, tail };
  if (code === 'Z_BUF_ERROR')
    return { reason: 'zstd.truncated', detail: `the object ends inside a zstd frame`, offset, tail };
  const detail = `the zstd frame that begins at byte ${start} cannot be decoded from byte ${offset} on: ${error.message}`;
  return { reason: 'zstd.corrupt', detail, offset, tail };
}
