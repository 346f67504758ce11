import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
/** `incomplete`: good so far, but the bytes end inside the value. */
export type ScanOutcome = 'complete' | 'incomplete' | 'malformed' | 'too-deep';

const VALUE = 0;
const FIRST_VALUE = 1;
const KEY = 2;
const FIRST_KEY = 3;
const BEFORE_COLON = 4;
const AFTER = 5;
const EXPECTED = ['a value', 'a value or ]', 'a key', 'a key or }', 'a colon', 'a comma or the end of the container'];

/** Instead of a position: the bytes end too early. A position where the text is wrong is told as `-2 - position`. */
const CUT_SHORT = -1;

/** Keys seen in an object are remembered in small tables, one for each depth; what does not fit is left to the exact way. */
const TABLE_DEPTHS = 32;
const TABLE_SIZE = 256;
const TABLE_KEYS = 128;

function bytesWhere(belongs: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (belongs(byte) ? 1 : 0));
}

/** Bytes of a string that need no look. Characters of several bytes are checked elsewhere, for a whole chunk at once. */
const PLAIN = bytesWhere((byte) => byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH);
const ESCAPABLE = bytesWhere((byte) => '"\\/bfnrt'.includes(String.fromCharCode(byte)));
const HEX = bytesWhere((byte) => /[\da-f]/i.test(String.fromCharCode(byte)));
const DIGIT = bytesWhere((byte) => byte >= 0x30 && byte <= 0x39);

/**
 * Walks over one JSON value and judges it as strictly as JSON.parse, without building it: that alone would cost more than the rest of the work.
 * `bytes[at] ?? 0` satisfies the type of an index; the bounds are always checked before.
 */
export class JsonScanner {
  /** Behind the value, or where it went wrong. */
  end = 0;
  /** Two keys of an object may be equal, or half of a surrogate pair may be missing; only a slow look can tell. */
  isSuspect = false;
  /** How many containers are open where it went wrong, and for each (from 1) whether it is an object (1) or an array (0). */
  depth = 0;
  readonly open: Uint8Array;
  /** Where the last string begins: a missing quote shows only behind it. */
  lastString = 0;
  /** Whether it went wrong inside that string. */
  isInString = false;
  /** What should have stood where it went wrong. */
  expected = '';

  readonly #maxDepth: number;
  #serial = 0;
  readonly #serialOf: Int32Array;
  readonly #keysOf: Int32Array;
  readonly #tableSerials = new Int32Array(TABLE_DEPTHS * TABLE_SIZE);
  readonly #tableHashes = new Int32Array(TABLE_DEPTHS * TABLE_SIZE);

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
    this.open = new Uint8Array(maxDepth + 1);
    this.#serialOf = new Int32Array(maxDepth + 1);
    this.#keysOf = new Int32Array(maxDepth + 1);
  }

  /** Scans the value that begins at `from`; nothing from `to` on is looked at. */
  scan(bytes: Uint8Array, from: number, to: number): ScanOutcome {
    const open = this.open;
    let at = from;
    let depth = 0;
    let state = VALUE;
    this.isSuspect = false;
    this.lastString = from;
    for (;;) {
      let byte = 0;
      for (; ; at += 1) {
        if (at >= to) return this.#stop('incomplete', at, depth, state);
        byte = bytes[at] ?? 0;
        if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
      }
      if (state === AFTER && byte === COMMA) {
        state = open[depth] === 1 ? KEY : VALUE;
        at += 1;
        continue;
      }
      if (state === BEFORE_COLON) {
        if (byte !== 0x3a) return this.#stop('malformed', at, depth, state);
        state = VALUE;
        at += 1;
        continue;
      }
      if (byte === QUOTE && state !== AFTER) {
        const isKey = state === KEY || state === FIRST_KEY;
        const behind = isKey ? this.#keyEnd(bytes, at + 1, to, depth) : this.#stringEnd(bytes, at + 1, to);
        this.lastString = at;
        if (behind < 0) return this.#stopInside(behind, at, to, depth);
        at = behind;
        if (isKey) {
          state = BEFORE_COLON;
          continue;
        }
      } else if ((byte === OPEN_OBJECT || byte === OPEN_ARRAY) && state <= FIRST_VALUE) {
        if (depth === this.#maxDepth) return this.#stop('too-deep', at, depth, state);
        depth += 1;
        at += 1;
        state = this.#enter(byte, depth);
        continue;
      } else if (closes(byte, state, open[depth] === 1)) {
        depth -= 1;
        at += 1;
      } else {
        const behind = state <= FIRST_VALUE ? scalarEnd(bytes, at, to, byte) : -2 - at;
        if (behind < 0) return this.#stopInside(behind, at, to, depth, state);
        at = behind;
      }
      if (depth === 0) return this.#stop('complete', at, depth, AFTER);
      state = AFTER;
    }
  }

  #enter(byte: number, depth: number): number {
    if (byte === OPEN_ARRAY) {
      this.open[depth] = 0;
      return FIRST_VALUE;
    }
    this.open[depth] = 1;
    if (this.#serial === 0x7fffffff) {
      this.#serial = 0;
      this.#tableSerials.fill(0);
    }
    this.#serial += 1;
    this.#serialOf[depth] = this.#serial;
    this.#keysOf[depth] = 0;
    return FIRST_KEY;
  }

  /** The end of a key, which is also compared with the other keys of its object. */
  #keyEnd(bytes: Uint8Array, from: number, to: number, depth: number): number {
    let hash = 0;
    let at = from;
    for (; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (PLAIN[byte] === 0) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (at >= to) return CUT_SHORT;
    if (bytes[at] !== QUOTE) {
      // Escaped, a key can be written in several ways.
      this.isSuspect = true;
      return this.#stringEnd(bytes, at, to);
    }
    this.#remember(hash, depth);
    return at + 1;
  }

  #remember(hash: number, depth: number): void {
    const keys = this.#keysOf[depth] ?? 0;
    if (depth >= TABLE_DEPTHS || keys >= TABLE_KEYS) {
      this.isSuspect = true;
      return;
    }
    this.#keysOf[depth] = keys + 1;
    const serial = this.#serialOf[depth] ?? 0;
    const table = depth * TABLE_SIZE;
    let slot = table + ((hash ^ (hash >>> 8) ^ (hash >>> 16)) & (TABLE_SIZE - 1));
    while (this.#tableSerials[slot] === serial) {
      if (this.#tableHashes[slot] === hash) {
        this.isSuspect = true;
        return;
      }
      slot = table + ((slot + 1) & (TABLE_SIZE - 1));
    }
    this.#tableSerials[slot] = serial;
    this.#tableHashes[slot] = hash;
  }

  #stringEnd(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    for (;;) {
      while (at < to && PLAIN[bytes[at] ?? 0] === 1) at += 1;
      if (at >= to) return CUT_SHORT;
      if (bytes[at] === QUOTE) return at + 1;
      if (bytes[at] !== BACKSLASH) return -2 - at;
      if (at + 1 >= to) return CUT_SHORT;
      if (ESCAPABLE[bytes[at + 1] ?? 0] === 1) at += 2;
      else {
        at = this.#unicodeEnd(bytes, at, to);
        if (at < 0) return at;
      }
    }
  }

  #unicodeEnd(bytes: Uint8Array, from: number, to: number): number {
    if (bytes[from + 1] !== 0x75) return -2 - from;
    for (let at = from + 2; at < from + 6; at += 1) {
      if (at >= to) return CUT_SHORT;
      if (HEX[bytes[at] ?? 0] === 0) return -2 - from;
    }
    // \ud800 to \udfff
    if (((bytes[from + 2] ?? 0) | 0x20) === 0x64 && (bytes[from + 3] ?? 0) >= 0x38) this.isSuspect = true;
    return from + 6;
  }

  #stopInside(result: number, token: number, to: number, depth: number, state: number = VALUE): ScanOutcome {
    if (result === CUT_SHORT) return this.#stop('incomplete', to, depth, state);
    const at = -2 - result;
    this.#stop('malformed', at, depth, state);
    // Words and numbers are blamed as a whole.
    this.isInString = at > token;
    if (this.isInString) this.expected = 'a string without raw control characters or unknown escapes';
    return 'malformed';
  }

  #stop(outcome: ScanOutcome, at: number, depth: number, state: number): ScanOutcome {
    this.end = at;
    this.depth = depth;
    this.isInString = false;
    this.expected = EXPECTED[state] ?? '';
    return outcome;
  }
}

function closes(byte: number, state: number, isObject: boolean): boolean {
  return isObject
    ? byte === CLOSE_OBJECT && (state === AFTER || state === FIRST_KEY)
    : byte === CLOSE_ARRAY && (state === AFTER || state === FIRST_VALUE);
}

function scalarEnd(bytes: Uint8Array, from: number, to: number, first: number): number {
  if (first === 0x2d || DIGIT[first] === 1) return numberEnd(bytes, from, to);
  if (first === 0x74) return wordEnd(bytes, from, to, 'true');
  if (first === 0x66) return wordEnd(bytes, from, to, 'false');
  if (first === 0x6e) return wordEnd(bytes, from, to, 'null');
  return -2 - from;
}

function wordEnd(bytes: Uint8Array, from: number, to: number, word: string): number {
  for (let index = 1; index < word.length; index += 1) {
    if (from + index >= to) return CUT_SHORT;
    if (bytes[from + index] !== word.charCodeAt(index)) return -2 - from;
  }
  return from + word.length;
}

function numberEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  if (at < to && bytes[at] === 0x30) at += 1;
  else at = digitsEnd(bytes, at, to, from);
  if (at >= 0 && at < to && bytes[at] === 0x2e) at = digitsEnd(bytes, at + 1, to, from);
  if (at >= 0 && at < to && ((bytes[at] ?? 0) | 0x20) === 0x65) {
    const sign = bytes[at + 1];
    at = digitsEnd(bytes, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1, to, from);
  }
  // A number ends where something else begins.
  return at >= to ? CUT_SHORT : at;
}

/** At least one digit; the position of the number where there is none. */
function digitsEnd(bytes: Uint8Array, from: number, to: number, number: number): number {
  let at = from;
  while (at < to && DIGIT[bytes[at] ?? 0] === 1) at += 1;
  if (at >= to) return to;
  return at === from ? -2 - number : at;
}
