/** Bytes as text that a terminal only shows: what is no printable UTF-8 becomes an escape, line breaks stay visible. */
export function escapedBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    const character = length === 0 ? undefined : decoded(bytes.subarray(at, at + length));
    text += character === undefined ? hex(bytes[at] ?? 0) : shown(character);
    at += character === undefined ? 1 : length;
  }
  return text;
}

function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function shown(character: string): string {
  if (character === '\\') return '\\\\';
  if (character === '\n') return '\\n\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? hex(code) : `\\u{${code.toString(16)}}`;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
