import {
  type Demand,
  isRecordArray,
  type JsonProbe,
  type Place,
  type Sight,
  startsRecord,
  type Verdict,
  visibleBefore,
} from './json-resync.ts';
import { firstVisible } from './json-verify.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** What is known about the records around a broken one. */
export type Surroundings = {
  readonly place: Place;
  /** How far in records begin on lines of their own; -1 when they do not. */
  readonly indent: number;
  /** `{"firstKey"` of a record nearby; what begins like it is a record rather than an object inside one. */
  readonly head: Buffer | undefined;
  /** `{"firstKey"` of the document around the records. */
  readonly documentHead: Buffer | undefined;
  /** Documents are separated by commas. */
  readonly hasCommas: boolean;
};

export type Found =
  | { readonly kind: 'found'; readonly at: number; readonly isDocument: boolean }
  | { readonly kind: 'unknown'; readonly at: number }
  | { readonly kind: 'nowhere' };

export type Search = {
  /** Records on lines of their own may begin from here on … */
  readonly from: number;
  /** … and others from here on, */
  readonly inlineFrom: number;
  /** up to here. */
  readonly to: number;
  /** `lines`: only records on lines of their own; `closed`: only what begins like a record nearby and closes everything in the very end. */
  readonly trust: 'any' | 'lines' | 'closed';
};

/** No key of a record is longer. */
const MAX_HEAD = 256;
/** So much is read to judge places after one trouble; behind it only lines are believed. */
const MAX_PROBED = 64 * 1024 * 1024;
const LIKE_A_RECORD: Demand = { records: 64, bytes: 256 * 1024, mayBeBroken: true };
const UNLIKE_A_RECORD: Demand = { records: 4096, bytes: 4 * 1024 * 1024 };
const BETWEEN_DOCUMENTS: Place = { envelopes: 0, isInArray: false, isBare: false };
const TO_THE_END: Demand = { records: 0, bytes: 0, mustClose: true };

/** Looks for the next place where a record begins, though the brackets and quotes before it cannot be trusted. */
export function findRecord(probe: JsonProbe, sight: Sight, around: Surroundings, search: Search): Found {
  const { bytes } = sight;
  const begin = around.indent >= 0 ? search.from : search.inlineFrom;
  let probed = 0;
  for (
    let at = bytes.indexOf(OPEN_OBJECT, begin);
    at !== -1 && at < search.to;
    at = bytes.indexOf(OPEN_OBJECT, at + 1)
  ) {
    const next = firstVisible(bytes, at + 1);
    if (next === bytes.length && !sight.isFinal) return { kind: 'unknown', at };
    if (bytes[next] !== QUOTE && bytes[next] !== CLOSE_OBJECT) continue;
    const line = lineStart(bytes, at);
    const isOnOwnLine = line >= 0 && startsRecord(bytes, line, around.indent);
    if (!isOnOwnLine && at < search.inlineFrom) continue;
    const document = search.trust === 'any' ? documentStart(bytes, at, around) : -1;
    if (document >= 0) return { kind: 'found', at: document, isDocument: true };
    if (isOnOwnLine && !isRecordArray(around.place)) return { kind: 'found', at, isDocument: false };
    if (probed > MAX_PROBED || (!isOnOwnLine && !mayBegin(bytes, at, line, around))) continue;
    const verdict = judge(probe, sight, at, around, isOnOwnLine, search.trust);
    probed += probe.read;
    if (verdict === 'yes') return { kind: 'found', at, isDocument: false };
    if (verdict === 'unknown') return { kind: 'unknown', at };
    if (search.trust !== 'any' || line < 0 || visibleBefore(bytes, at) === COMMA) continue;
    // A document that was never finished, with whole ones on the lines behind it.
    const asDocument = probe.element(sight, at, BETWEEN_DOCUMENTS, LIKE_A_RECORD);
    probed += probe.read;
    if (asDocument === 'yes') return { kind: 'found', at, isDocument: true };
    if (asDocument === 'unknown') return { kind: 'unknown', at };
  }
  return { kind: 'nowhere' };
}

function judge(
  probe: JsonProbe,
  sight: Sight,
  at: number,
  around: Surroundings,
  isOnOwnLine: boolean,
  trust: Search['trust'],
): Verdict {
  const isAlike = isOnOwnLine || (around.head !== undefined && startsWith(sight.bytes, at, around.head));
  if (trust === 'lines' ? !isOnOwnLine : trust === 'closed' && !isAlike) {
    probe.read = 0;
    return 'no';
  }
  if (trust === 'closed') return probe.element(sight, at, around.place, TO_THE_END);
  return probe.element(sight, at, around.place, isAlike ? LIKE_A_RECORD : UNLIKE_A_RECORD);
}

/** False for what can only be inside a record. */
function mayBegin(bytes: Buffer, at: number, line: number, around: Surroundings): boolean {
  const before = visibleBefore(bytes, at);
  if (before === COLON || before === OPEN_ARRAY) return false;
  if (before !== COMMA) return true;
  // Where records have lines of their own, others that do are further in.
  const isFurtherIn = around.indent >= 0 && line >= 0;
  return (isRecordArray(around.place) || around.hasCommas) && !isFurtherIn;
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
  return bytes.length >= at + head.length && bytes.compare(head, 0, head.length, at, at + head.length) === 0;
}

/** An object's beginning up to its first key, by which others of its kind are recognised. */
export function recordHead(bytes: Buffer, at: number): Buffer | undefined {
  const open = firstVisible(bytes, at + 1);
  if (bytes[at] !== OPEN_OBJECT || bytes[open] !== QUOTE) return undefined;
  const close = bytes.subarray(open + 1, open + 1 + MAX_HEAD).indexOf(QUOTE);
  return close === -1 ? undefined : Buffer.from(bytes.subarray(at, open + close + 2));
}
