import { isUtf8 } from 'node:buffer';
import type { CutReason } from './cut.ts';
import { BACKSLASH, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import { JsonScanner } from './json-scan.ts';

export type Verified =
  | { readonly ok: true; readonly loneSurrogates: boolean }
  | { readonly ok: false; readonly reason: CutReason; readonly detail: string };

const UNICODE_ESCAPE = 6;
const MAX_DEPTH = 512;
const FINE: Verified = { ok: true, loneSurrogates: false };
/** Its tables are large, and it keeps nothing from one text to the next. */
const usualScanner = new JsonScanner(MAX_DEPTH);

/** Judges one JSON text as strictly as JSON.parse, and stricter: UTF-8 is valid, no object has a key twice, and no nesting is deeper than `maxDepth`. */
export function verifyJson(bytes: Buffer, maxDepth = MAX_DEPTH): Verified {
  const scanner = maxDepth === MAX_DEPTH ? usualScanner : new JsonScanner(maxDepth);
  const start = firstVisible(bytes);
  const first = scanner.scan(bytes, start, bytes.length);
  // A number ends where something else begins, so that one at the very end seems to go on.
  const text = first === 'incomplete' ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes;
  const padded = text === bytes ? first : scanner.scan(text, start, text.length);
  const outcome = padded === 'complete' ? padded : first;
  if (outcome === 'too-deep')
    return { ok: false, reason: 'json.too-deep', detail: `nested deeper than ${maxDepth} at byte ${scanner.end}` };
  if (outcome !== 'complete')
    return {
      ok: false,
      reason: outcome === 'incomplete' ? 'json.truncated' : 'json.malformed',
      detail: `expected ${scanner.expected} at byte ${Math.min(scanner.end, bytes.length)}`,
    };
  const behind = firstVisible(text, scanner.end);
  if (behind < text.length)
    return { ok: false, reason: 'json.malformed', detail: `expected the end at byte ${behind}` };
  if (!isUtf8(bytes)) return invalidUtf8(bytes);
  return scanner.isSuspect ? examine(bytes) : FINE;
}

/** Tells where the bytes stop being UTF-8. */
export function invalidUtf8(bytes: Buffer): Verified {
  let [good, bad] = [0, bytes.length];
  // A beginning is valid up to three bytes after its last whole character.
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, wholeCharacters(bytes, middle)))) good = middle;
    else bad = middle;
  }
  return { ok: false, reason: 'json.invalid-utf8', detail: `not UTF-8 at byte ${wholeCharacters(bytes, good)}` };
}

/** The end of the last whole character before `end`, so that a character cut in two does not count against the bytes. */
export function wholeCharacters(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= Math.min(3, end); back += 1) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? end - back : end;
  }
  return end;
}

/** The exact and slow look at JSON that is known to be well-formed: equal keys and half surrogate pairs. */
export function examine(bytes: Buffer): Verified {
  let loneSurrogates = false;
  const keysOfOpen: (Set<string> | undefined)[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === OPEN_OBJECT) keysOfOpen.push(new Set());
    else if (byte === OPEN_ARRAY) keysOfOpen.push(undefined);
    else if (byte === 0x7d || byte === 0x5d) keysOfOpen.pop();
    else if (byte === QUOTE) {
      const close = closingQuote(bytes, at);
      const keys = keysOfOpen.at(-1);
      const literal = bytes.subarray(at, close + 1);
      if (literal.includes(BACKSLASH) && surrogateHalves(literal).length > 0) loneSurrogates = true;
      if (keys !== undefined && bytes[firstVisible(bytes, close + 1)] === 0x3a) {
        const key = textOf(literal);
        if (keys.has(key))
          return { ok: false, reason: 'json.duplicate-key', detail: `a key for the second time at byte ${at}` };
        keys.add(key);
      }
      at = close;
    }
  }
  return loneSurrogates ? { ok: true, loneSurrogates } : FINE;
}

/** The same JSON with the escapes of half surrogate pairs replaced by that of U+FFFD, which is as long. */
export function withoutLoneSurrogates(bytes: Buffer): Buffer {
  const clean = Buffer.from(bytes);
  for (const at of surrogateHalves(bytes)) clean.write('\\ufffd', at, 'latin1');
  return clean;
}

/** Where `\ud800` … `\udfff` stand without their other half. */
function surrogateHalves(json: Buffer): number[] {
  const lone: number[] = [];
  for (let at = json.indexOf(BACKSLASH); at !== -1; at = json.indexOf(BACKSLASH, at)) {
    const kind = surrogateAt(json, at);
    if (kind === 'high' && surrogateAt(json, at + UNICODE_ESCAPE) === 'low') at += 2 * UNICODE_ESCAPE;
    else {
      if (kind !== 'none') lone.push(at);
      at += kind === 'none' ? 2 : UNICODE_ESCAPE;
    }
  }
  return lone;
}

function surrogateAt(json: Buffer, at: number): 'high' | 'low' | 'none' {
  if (json[at] !== BACKSLASH || json[at + 1] !== 0x75) return 'none';
  const code = Number.parseInt(json.toString('latin1', at + 2, at + UNICODE_ESCAPE), 16);
  if (code >= 0xd800 && code <= 0xdbff) return 'high';
  return code >= 0xdc00 && code <= 0xdfff ? 'low' : 'none';
}

function closingQuote(bytes: Uint8Array, open: number): number {
  let at = open + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** The string that a literal, quotes included, stands for. */
function textOf(literal: Buffer): string {
  const text = literal.toString('utf8');
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** The first byte from `from` on that is no white space of JSON. */
export function firstVisible(bytes: Uint8Array, from = 0): number {
  let at = from;
  while (at < bytes.length && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09))
    at += 1;
  return at;
}
