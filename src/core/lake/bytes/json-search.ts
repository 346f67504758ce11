import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, NEWLINE, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import {
  type Demand,
  isRecordArray,
  type JsonProbe,
  NOWHERE,
  type Place,
  type Sight,
  startsRecord,
  UNKNOWN,
  visibleBefore,
} from './json-resync.ts';
import { firstVisible } from './json-verify.ts';

/** What is known about the records around a broken one. */
export type Surroundings = {
  readonly place: Place;
  /** How far in records begin on lines of their own; -1 when they do not. */
  readonly indent: number;
  /** `{"firstKey"` of records nearby; what begins like them is a record rather than an object inside one. */
  readonly heads: readonly Buffer[];
  /** `{"firstKey"` of the document around the records. */
  readonly documentHead: Buffer | undefined;
  /** Documents are separated by commas. */
  readonly hasCommas: boolean;
  /** Records do have lines of their own: one that begins the input proves nothing. */
  readonly hasLines: boolean;
};

export type Found =
  | { readonly kind: 'found'; readonly at: number; readonly isDocument: boolean }
  | { readonly kind: 'unknown'; readonly at: number }
  | { readonly kind: 'nowhere' };

export type Search = {
  /** Records may begin from here on if they have lines of their own or are like others … */
  readonly from: number;
  /** … and any from here on, */
  readonly inlineFrom: number;
  /** up to here. */
  readonly to: number;
  /** `lines`: only records on lines of their own; `closed`: only what begins like a record nearby and closes everything in the very end. */
  readonly trust: 'any' | 'lines' | 'closed';
};

/** No key of a record is longer. */
const MAX_HEAD = 256;
const LIKE_A_RECORD: Demand = { records: 64, bytes: 256 * 1024, mayBeBroken: true };
const LIKE_A_WHOLE_RECORD: Demand = { records: 64, bytes: 256 * 1024 };
const UNLIKE_A_RECORD: Demand = { records: 4096, bytes: 4 * 1024 * 1024 };
/** What broke stands behind it, so that it must not be met again. */
const EARLY: Demand = { records: 4096, bytes: 4 * 1024 * 1024, mustBeWhole: true };
const BETWEEN_DOCUMENTS: Place = { envelopes: 0, isInArray: false, isBare: false, nested: 0 };
const TO_THE_END: Demand = { records: 0, bytes: 0, mustClose: true };

/** Looks for the next place where a record begins, though the brackets and quotes before it cannot be trusted. */
export function findRecord(probe: JsonProbe, sight: Sight, around: Surroundings, search: Search): Found {
  const { bytes } = sight;
  // Looking for a bracket to the end of all bytes, once for every line, would cost the square of their number.
  const seen = bytes.subarray(0, search.to);
  for (let at = nextObject(seen, search.from); at !== -1; at = nextObject(seen, at + 1)) {
    const document = search.trust === 'any' && at >= search.inlineFrom ? documentStart(bytes, at, around) : -1;
    if (document >= 0) return { kind: 'found', at: document, isDocument: true };
    const candidate = candidateAt(sight, at, around, search.inlineFrom);
    if (candidate === 'unknown' && !probe.isTooFar(sight, at)) return { kind: 'unknown', at };
    if (candidate === undefined || candidate === 'unknown') continue;
    if (candidate.isOnOwnLine && !isRecordArray(around.place)) return { kind: 'found', at, isDocument: false };
    if (probe.isExhausted) return { kind: 'nowhere' };
    const demand = demandFor(candidate, search.trust);
    const verdict = demand === undefined ? 'no' : probe.element(sight, at, around.place, demand);
    if (verdict === 'yes') return { kind: 'found', at, isDocument: false };
    if (verdict === 'unknown') return { kind: 'unknown', at };
    if (search.trust !== 'any' || candidate.line < 0 || visibleBefore(bytes, at) === COMMA) continue;
    // A document that was never finished, with whole ones on the lines behind it.
    const asDocument = probe.element(sight, at, BETWEEN_DOCUMENTS, LIKE_A_RECORD);
    if (asDocument === 'yes') return { kind: 'found', at, isDocument: true };
    if (asDocument === 'unknown') return { kind: 'unknown', at };
  }
  return { kind: 'nowhere' };
}

function nextObject(bytes: Buffer, from: number): number {
  return bytes.indexOf(OPEN_OBJECT, from);
}

type Candidate = {
  /** The newline before it when only white space is between, or -1. */
  readonly line: number;
  /** It begins a line, as far in as the records do. */
  readonly isOnOwnLine: boolean;
  /** It begins like the records. */
  readonly isAlike: boolean;
  /** It stands where the brackets and quotes may well have been right. */
  readonly isEarly: boolean;
  /** It stands behind a comma or the end of an object, so that it is worth its own trouble if it is broken, too. */
  readonly isBehindRecord: boolean;
};

/** Tells what speaks for an object being a record; undefined when too little does. */
function candidateAt(
  sight: Sight,
  at: number,
  around: Surroundings,
  inlineFrom: number,
): Candidate | 'unknown' | undefined {
  const { bytes } = sight;
  const next = firstVisible(bytes, at + 1);
  if (next === bytes.length && !sight.isFinal) return 'unknown';
  const line = lineStart(bytes, at);
  const isOnOwnLine = line >= 0 && startsRecord(bytes, line, around.indent);
  if (bytes[next] !== QUOTE && !(isOnOwnLine && bytes[next] === CLOSE_OBJECT)) return undefined;
  const isEarly = at < inlineFrom;
  const before = visibleBefore(bytes, at);
  const isBehindRecord = before === COMMA || before === CLOSE_OBJECT;
  const where = { line, isOnOwnLine, isEarly, isBehindRecord };
  if (isOnOwnLine) return { ...where, isAlike: true };
  const heads = around.documentHead === undefined ? around.heads : [...around.heads, around.documentHead];
  const alike = Math.max(-1, ...heads.map((head) => likeness(bytes, at, head)));
  if (alike === 0 && !sight.isFinal) return 'unknown';
  const isAlike = alike === 1;
  const isInArray = isRecordArray(around.place);
  if (isAlike && (isInArray ? isEarly : !isEarly || !around.hasLines)) return { ...where, isAlike };
  // Where records have lines of their own, two of them on one line are a rare accident: only what is alike is believed.
  const needsLikeness = isEarly || (around.hasLines && !isInArray);
  if (needsLikeness || isInside(bytes, at, line, around)) return undefined;
  return { ...where, isAlike };
}

function demandFor(candidate: Candidate, trust: Search['trust']): Demand | undefined {
  const { isOnOwnLine, isAlike, isEarly, isBehindRecord } = candidate;
  if (trust === 'lines') return isOnOwnLine ? LIKE_A_RECORD : undefined;
  if (trust === 'closed') return isAlike ? TO_THE_END : undefined;
  if (isEarly && !isOnOwnLine) return EARLY;
  if (!isAlike) return UNLIKE_A_RECORD;
  return isBehindRecord || isOnOwnLine ? LIKE_A_RECORD : LIKE_A_WHOLE_RECORD;
}

/** True for what looks like an object inside a record. */
function isInside(bytes: Buffer, at: number, line: number, around: Surroundings): boolean {
  // Where records have lines of their own, others that do are further in.
  if (around.indent >= 0 && line >= 0 && at - line - 1 > around.indent) return true;
  const before = visibleBefore(bytes, at);
  if (before === COLON || before === OPEN_ARRAY) return true;
  return before === COMMA && !isRecordArray(around.place) && !around.hasCommas;
}

/** The newline before `at` when only white space is between, or -1. */
function lineStart(bytes: Uint8Array, at: number): number {
  let back = at - 1;
  while (bytes[back] === 0x20 || bytes[back] === 0x09) back -= 1;
  return bytes[back] === NEWLINE ? back : -1;
}

/** Where a new document begins if the object is its first, or -1. */
function documentStart(bytes: Buffer, at: number, around: Surroundings): number {
  const before = visibleBefore(bytes, at);
  if (around.documentHead !== undefined && startsWith(bytes, at, around.documentHead))
    return before !== COMMA && before !== COLON ? at : -1;
  if (!around.place.isBare || before !== OPEN_ARRAY) return -1;
  const bracket = bytes.lastIndexOf(OPEN_ARRAY, at);
  const isBehindArray = visibleBefore(bytes, bracket) === CLOSE_ARRAY || lineStart(bytes, bracket) === bracket - 1;
  return isBehindArray ? bracket : -1;
}

function startsWith(bytes: Buffer, at: number, head: Buffer): boolean {
  return likeness(bytes, at, head) === 1;
}

/** Compares with the beginning of a record: 1 when the bytes begin like it, -1 when they do not, 0 when they end before that is clear. */
export function likeness(bytes: Buffer, at: number, head: Buffer): 1 | 0 | -1 {
  const length = Math.min(head.length, bytes.length - at);
  if (bytes.compare(head, 0, length, at, at + length) !== 0) return -1;
  return length === head.length ? 1 : 0;
}

/** An object's beginning up to its first key, by which others of its kind are recognised. */
export function recordHead(bytes: Buffer, at: number): Buffer | undefined {
  const open = firstVisible(bytes, at + 1);
  if (bytes[at] !== OPEN_OBJECT || bytes[open] !== QUOTE) return undefined;
  const close = bytes.subarray(open + 1, open + 1 + MAX_HEAD).indexOf(QUOTE);
  return close === -1 ? undefined : Buffer.from(bytes.subarray(at, open + close + 2));
}

/** Of a document's damaged beginning no more is searched. */
const MAX_ENVELOPE = 4 * 1024;

/** The first record of an array whose key, or what stands around it, is damaged; half of the key must be left. */
export function damagedArray(probe: JsonProbe, sight: Sight, from: number, key: Buffer, depth: number): number {
  const { bytes } = sight;
  const halves = [key.subarray(0, key.length >> 1), key.subarray(key.length >> 1)];
  const place: Place = { envelopes: depth, isInArray: true, isBare: false, nested: 0 };
  const to = Math.min(bytes.length, from + MAX_ENVELOPE);
  probe.spend(to - from);
  for (let at = nextObject(bytes, from + 1); at !== -1 && at < to; at = nextObject(bytes, at + 1)) {
    if (bytes[at - 1] === NEWLINE) return NOWHERE;
    const before = bytes.subarray(Math.max(from, at - key.length - 8), at);
    if (!halves.some((half) => before.includes(half))) continue;
    const verdict = probe.element(sight, at, place, LIKE_A_RECORD);
    if (verdict === 'unknown') return UNKNOWN;
    if (verdict === 'yes') return at;
  }
  return NOWHERE;
}
