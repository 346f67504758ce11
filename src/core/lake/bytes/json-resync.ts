import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './json-bytes.ts';
import { JsonScanner } from './json-scan.ts';
import { firstVisible } from './json-verify.ts';

/** Nowhere in what can be seen, and never will be. */
export const NOWHERE = -1;
/** More bytes are needed to tell. */
export const UNKNOWN = -2;

/** Where cutting is. */
export type Place = {
  /** How many objects of a document are open around the array of records. */
  readonly envelopes: number;
  /** Whether that array is open. */
  readonly isInArray: boolean;
  /** Whether an array without a document is open; its elements may be documents. */
  readonly isBare: boolean;
  /** How many arrays are open inside the array of records; they are no more than brackets. */
  readonly nested: number;
};

/** Leaves the innermost array. */
export function closeArrayOf(place: { -readonly [key in keyof Place]: Place[key] }): void {
  if (place.nested > 0) place.nested -= 1;
  else if (place.isInArray) place.isInArray = false;
  else place.isBare = false;
}

/** The bytes that are there; `isFinal` when no more will come. */
export type Sight = { readonly bytes: Buffer; readonly isFinal: boolean };

/** What is known where a value went wrong. */
export type Broken = {
  /** The brackets that are open, outermost first: true for an object. */
  readonly open: readonly boolean[];
  readonly isInString: boolean;
  readonly place: Place;
  /** How far in records begin on lines of their own; -1 when they do not. */
  readonly indent: number;
};

/** Deeper than this nobody nests but to do harm. */
const MAX_OPEN = 1 << 20;

/** True where records are the elements of an array. */
export function isRecordArray({ envelopes, isInArray, isBare }: Place): boolean {
  return isInArray || (isBare && envelopes === 0);
}

/** Where a broken value seems to end, whether a bracket had to be made up for that, and how many bytes were read. */
export type BracketEnd = { readonly at: number; readonly isForgiven: boolean; readonly read: number };

/**
 * Where a broken value ends if its brackets and quotes are still to be trusted: a missing bracket is forgiven where the next one tells,
 * and anything that shows a quote too many or too few makes the answer NOWHERE.
 */
export function bracketEnd(sight: Sight, from: number, broken: Broken): BracketEnd {
  const notes = { forgiven: 0, at: from };
  const at = findBracketEnd(sight, from, broken, notes);
  return { at, isForgiven: notes.forgiven > 0, read: notes.at - from };
}

function findBracketEnd(sight: Sight, from: number, broken: Broken, notes: { forgiven: number; at: number }): number {
  const { bytes } = sight;
  const { isInString, place, indent } = broken;
  const stack = [...broken.open];
  const more = sight.isFinal ? NOWHERE : UNKNOWN;
  // Where nothing is open, the broken value begins here, and what stands before it is none of its own.
  let before = stack.length === 0 ? 0 : visibleBefore(bytes, from);
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    notes.at = at;
    if (byte === QUOTE || (isInString && at === from)) {
      if (at !== from && !mayPrecedeString(before)) return NOWHERE;
      at = stringEnd(bytes, byte === QUOTE && !isInString ? at + 1 : at, isInString && at === from);
      if (at < 0) return at === UNKNOWN ? more : NOWHERE;
      const next = firstVisible(bytes, at + 1);
      if (next === bytes.length) return more;
      if (!mayFollowString(bytes[next])) return NOWHERE;
      before = QUOTE;
      continue;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const isElement = before === COMMA && stack.at(-1) === false;
      if ((before !== COLON && before !== OPEN_ARRAY && !isElement) || stack.length >= MAX_OPEN) return NOWHERE;
      stack.push(byte === OPEN_OBJECT);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      const missing = closeBracket(stack, byte === CLOSE_OBJECT);
      notes.forgiven += Math.abs(missing);
      if (missing < 0) return byte === CLOSE_ARRAY && isRecordArray(place) ? at : NOWHERE;
      if (stack.length === 0) return at + 1;
    } else if (byte === NEWLINE && startsRecord(bytes, at, indent)) return NOWHERE;
    else if (byte === COMMA && stack.length === 0) return at;
    if (!isBlank(byte)) before = byte;
  }
  return more;
}

function stringEnd(bytes: Uint8Array, from: number, mayHaveNewline: boolean): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
    else if (byte === NEWLINE && !mayHaveNewline) return NOWHERE;
  }
  return UNKNOWN;
}

function mayPrecedeString(byte: number): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === COMMA || byte === COLON;
}

function mayFollowString(byte: number | undefined): boolean {
  return byte === COLON || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
}

/** Closes up to the nearest bracket of the kind and tells how many it had to close besides; -1 when none is open. */
function closeBracket(stack: boolean[], isObject: boolean): number {
  const index = stack.lastIndexOf(isObject);
  if (index === -1) return -1;
  const missing = stack.length - index - 1;
  stack.length = index;
  return missing;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

/** The last byte before `at` that is no white space, 0 at the beginning. */
export function visibleBefore(bytes: Uint8Array, at: number): number {
  for (let back = at - 1; back >= 0; back -= 1) {
    const byte = bytes[back] ?? 0;
    if (!isBlank(byte)) return byte;
  }
  return 0;
}

/** True when the line after the newline begins an object just as far in as the records do (`indent` bytes; -1: they begin inside lines). */
export function startsRecord(bytes: Uint8Array, newline: number, indent: number): boolean {
  let at = newline + 1;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  return indent === at - newline - 1 && bytes[at] === OPEN_OBJECT;
}

export type Demand = {
  /** Believe after so many records … */
  readonly records: number;
  /** … or so many bytes without contradiction. */
  readonly bytes: number;
  /** Believe an element that is broken itself. */
  readonly mayBeBroken?: boolean;
  /** Do not believe when any element is broken. */
  readonly mustBeWhole?: boolean;
  /** Believe only when everything is closed properly in the end. */
  readonly mustClose?: boolean;
  /** Do not believe when the input ends before the array does. */
  readonly mustCloseInput?: boolean;
  /** Believe in commas between documents, too. */
  readonly mayHaveComma?: boolean;
};

export type Verdict = 'yes' | 'no' | 'unknown';

/** Broken input is read again and again to save what can be saved; what it costs stays in proportion to its length. */
const FREE_WORK = 16 * 1024 * 1024;
const WORK_PER_BYTE = 8;
/** No demand asks for more bytes. */
const MAX_DEMAND = 4 * 1024 * 1024;

/**
 * Tells whether the bytes at a place can be what the place says, by reading on: records, the end of their array, the rest of their
 * document and the beginning of the next. An element of an array inside a record looks like a record until that array ends.
 */
export class JsonProbe {
  #spent = 0;
  #allowed = FREE_WORK;
  readonly #scanner: JsonScanner;
  readonly #maxBytes: number;

  constructor(maxDepth: number, maxBytes: number) {
    this.#scanner = new JsonScanner(maxDepth);
    this.#maxBytes = maxBytes;
  }

  /** Judges a record that may begin at `from`. */
  element(sight: Sight, from: number, place: Place, demand: Demand): Verdict {
    const walk: Walk = { ...place, at: from, records: 0 };
    const verdict = this.#element(sight, walk, demand) ?? this.#follow(sight, walk, from, demand);
    this.spend(Math.max(walk.at, this.#scanner.end) - from);
    return this.#decided(verdict, sight, from);
  }

  /** Judges what comes behind a record that may end at `from`. */
  follower(sight: Sight, from: number, place: Place, demand: Demand): Verdict {
    const walk: Walk = { ...place, at: from, records: 0 };
    const verdict = this.#follow(sight, walk, from, demand);
    this.spend(walk.at - from);
    return this.#decided(verdict, sight, from);
  }

  /** What cannot be told from so many bytes will not be told from more. */
  #decided(verdict: Verdict, sight: Sight, from: number): Verdict {
    return verdict === 'unknown' && this.isTooFar(sight, from) ? 'no' : verdict;
  }

  /** True when more bytes would have to be held than a record and its neighbours may have. */
  isTooFar({ bytes }: Sight, from: number): boolean {
    return bytes.length - from > 2 * this.#maxBytes + MAX_DEMAND;
  }

  /** Counts bytes that were read besides, to find out where records begin. */
  spend(bytes: number): void {
    this.#spent += bytes;
  }

  /** Allows the work that an input so long is worth. */
  allow(inputBytes: number): void {
    this.#allowed = FREE_WORK + WORK_PER_BYTE * inputBytes;
  }

  /** True when so much is broken that it was made to cost time: then looking for records has to stop. */
  get isExhausted(): boolean {
    return this.#spent > this.#allowed;
  }

  #follow(sight: Sight, walk: Walk, from: number, demand: Demand): Verdict {
    const { isBare } = walk;
    for (;;) {
      const passed = walk.at;
      walk.at = firstVisible(sight.bytes, walk.at);
      if (!isRecordArray(walk) && walk.envelopes === 0)
        return betweenDocuments(sight, passed, walk.at, isBare, demand.mayHaveComma === true);
      if (walk.at === sight.bytes.length) return cutShort(sight, demand);
      const verdict = isRecordArray(walk)
        ? this.#afterElement(sight, walk, from, demand)
        : this.#inEnvelope(sight, walk, demand);
      if (verdict !== undefined) return verdict;
    }
  }

  #element(sight: Sight, walk: Walk, demand: Demand): Verdict | undefined {
    const outcome = this.#scanner.scan(sight.bytes, walk.at, sight.bytes.length);
    const isTooLarge = sight.bytes.length - walk.at > this.#maxBytes;
    if (outcome === 'incomplete' && walk.records === 0 && (sight.isFinal || isTooLarge)) return 'no';
    if (outcome === 'incomplete') return isTooLarge ? 'yes' : cutShort(sight, demand);
    if (outcome !== 'complete') {
      const isBelieved =
        (demand.mayBeBroken === true && outcome === 'malformed') || (walk.records > 0 && demand.mustBeWhole !== true);
      return isBelieved ? 'yes' : 'no';
    }
    walk.at = this.#scanner.end;
    walk.records += 1;
    return undefined;
  }

  #afterElement(sight: Sight, walk: Walk, from: number, demand: Demand): Verdict | undefined {
    const { bytes } = sight;
    if (bytes[walk.at] === COMMA) {
      const next = firstVisible(bytes, walk.at + 1);
      if (next === bytes.length) return cutShort(sight, demand);
      walk.at = next;
      if (bytes[next] === OPEN_OBJECT) {
        const isEnough = walk.records >= demand.records || next - from >= demand.bytes;
        return isEnough && demand.mustClose !== true ? 'yes' : this.#element(sight, walk, demand);
      }
    }
    if (bytes[walk.at] !== CLOSE_ARRAY) return 'no';
    closeArrayOf(walk);
    walk.at += 1;
    return undefined;
  }

  #inEnvelope(sight: Sight, walk: Walk, demand: Demand): Verdict | undefined {
    const { bytes } = sight;
    if (bytes[walk.at] === CLOSE_OBJECT) {
      walk.envelopes -= 1;
      walk.at += 1;
      return undefined;
    }
    if (bytes[walk.at] !== COMMA) return 'no';
    const key = firstVisible(bytes, walk.at + 1);
    if (key < bytes.length && bytes[key] !== QUOTE) return 'no';
    const early = this.#pass(sight, walk, key, demand);
    if (early !== undefined) return early;
    const colon = firstVisible(bytes, walk.at);
    if (colon < bytes.length && bytes[colon] !== COLON) return 'no';
    const value = firstVisible(bytes, colon + 1);
    const verdict = this.#pass(sight, walk, value, demand);
    // An array of objects may hold records: passing over it would lose them.
    const mayHoldRecords = bytes[value] === OPEN_ARRAY && bytes.subarray(value, walk.at).includes(OPEN_OBJECT);
    return demand.mustClose === true && mayHoldRecords ? 'no' : verdict;
  }

  /** Passes one value; an answer only when the walk ends there. */
  #pass(sight: Sight, walk: Walk, from: number, demand: Demand): Verdict | undefined {
    const outcome = this.#scanner.scan(sight.bytes, from, sight.bytes.length);
    if (outcome === 'incomplete' && sight.bytes.length - from <= this.#maxBytes) return cutShort(sight, demand);
    if (outcome !== 'complete') return 'no';
    walk.at = this.#scanner.end;
    return undefined;
  }
}

type Walk = { -readonly [key in keyof Place]: Place[key] } & { at: number; records: number };

function betweenDocuments(
  { bytes, isFinal }: Sight,
  from: number,
  next: number,
  isBehindArray: boolean,
  mayHaveComma: boolean,
): Verdict {
  const hasNewline = bytes.subarray(from, next).includes(NEWLINE);
  const byte = bytes[next];
  if (byte === undefined) return hasNewline || isFinal ? 'yes' : 'unknown';
  if (hasNewline || byte === OPEN_ARRAY || (byte === OPEN_OBJECT && !isBehindArray)) return 'yes';
  if (byte !== COMMA || !mayHaveComma) return 'no';
  const behind = bytes[firstVisible(bytes, next + 1)];
  if (behind === undefined && !isFinal) return 'unknown';
  return behind === OPEN_OBJECT ? 'yes' : 'no';
}

function cutShort(sight: Sight, demand: Demand): Verdict {
  if (!sight.isFinal) return 'unknown';
  return demand.mustClose === true || demand.mustCloseInput === true ? 'no' : 'yes';
}
