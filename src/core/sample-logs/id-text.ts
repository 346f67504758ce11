import type { Random } from '#core/sample-organization/random.ts';

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random hex digits, an even number of them. */
export function hexText(random: Random, digits: number): string {
  let text = '';
  for (let left = digits; left > 0; left -= 8) text += wordText(word(random)).slice(0, left);
  return text;
}

/** A random UUID, version 4. */
export function uuidText(random: Random): string {
  const first = wordText(word(random));
  const second = wordText((word(random) & 0xffff_0fff) | 0x4000);
  const third = wordText((word(random) & 0x3fff_ffff) | 0x8000_0000);
  return `${first}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${wordText(word(random))}`;
}

/** Random digits and letters, as AWS ends the names of its log files. */
export function lettersText(random: Random, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += LETTERS[Math.floor(random.next() * 62)];
  return text;
}

/** Random digits and capital letters, as Amazon S3 names requests. */
export function capitalsText(random: Random, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += LETTERS[Math.floor(random.next() * 36)];
  return text;
}

function word(random: Random): number {
  return (random.next() * 4_294_967_296) >>> 0;
}

function wordText(value: number): string {
  const byte = (shift: number) => BYTES[(value >>> shift) & 255] ?? '';
  return byte(24) + byte(16) + byte(8) + byte(0);
}
