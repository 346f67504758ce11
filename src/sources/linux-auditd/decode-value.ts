import { isUtf8 } from 'node:buffer';
import type { AuditField } from './audit-fields.ts';

/** Fields that others than the kernel or the program choose: written in hexadecimal when they hold a space, a quote or no ASCII. */
const encodedKeys = new Set(
  'acct cmd comm cwd data device dir exe file grp key name new_group ocomm old-name path proctitle profile sw unit vm watch'.split(
    ' ',
  ),
);
const EXEC_ARGUMENT = /^a(\d{1,7})(?:\[(\d{1,7})\])?$/;
const HEXADECIMAL = /^(?:[0-9A-F]{2})+$/;

/** A field's value as text. */
export function fieldText({ key, value, isQuoted }: AuditField): string {
  if (isQuoted || !encodedKeys.has(key)) return value;
  const bytes = decoded(value);
  return bytes === undefined ? value : textOf(bytes);
}

/** A process title: its arguments end with NUL. */
export function titleText(title: string): string {
  return title.replace(/(?:\\x00){1,8}$/, '').replaceAll('\\x00', ' ');
}

/** The arguments of `execve`, from the fields of all its records: long ones come in pieces, `a1[0]`, `a1[1]`. */
export function execArguments(fields: readonly AuditField[]): readonly string[] {
  const pieces = fields.flatMap((field) => {
    const [, argument, piece = '0'] = EXEC_ARGUMENT.exec(field.key) ?? [];
    return argument === undefined ? [] : [{ argument: Number(argument), piece: Number(piece), bytes: bytesOf(field) }];
  });
  const byArgument = new Map<number, Buffer[]>();
  for (const { argument, bytes } of pieces.toSorted((a, b) => a.argument - b.argument || a.piece - b.piece)) {
    const known = byArgument.get(argument);
    if (known === undefined) byArgument.set(argument, [bytes]);
    else known.push(bytes);
  }
  // A character may be cut between two pieces: first all bytes, then the text.
  return [...byArgument.values()].map((parts) => textOf(Buffer.concat(parts)));
}

/** True for a field that `execArguments` has taken. */
export function isExecArgument(key: string): boolean {
  return key === 'argc' || EXEC_ARGUMENT.test(key) || /^a\d{1,7}_len$/.test(key);
}

function bytesOf({ value, isQuoted }: AuditField): Buffer {
  return (isQuoted ? undefined : decoded(value)) ?? Buffer.from(value);
}

/** Bytes that had a reason to be encoded; a name without quotes may look hexadecimal, too. */
function decoded(value: string): Buffer | undefined {
  if (!HEXADECIMAL.test(value)) return undefined;
  const bytes = Buffer.from(value, 'hex');
  return bytes.some((byte) => byte <= 0x20 || byte >= 0x7f || byte === 0x22) ? bytes : undefined;
}

/** Bytes that are no UTF-8, and NULs, are shown as `\x9f`. */
function textOf(bytes: Buffer): string {
  const text = isUtf8(bytes)
    ? bytes.toString('utf8')
    : bytes.toString('latin1').replace(/[\u0080-\u00ff]/g, (letter) => hexEscape(letter.charCodeAt(0)));
  return text.replaceAll('\0', '\\x00');
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
