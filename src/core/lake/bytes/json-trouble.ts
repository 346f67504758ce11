import { type CutReason, MAX_TROUBLE_BYTES, type TroubleCut } from './cut.ts';
import { NEWLINE } from './json-bytes.ts';
import {
  type Broken,
  bracketEnd,
  type Demand,
  type JsonProbe,
  NOWHERE,
  type Sight,
  startsRecord,
  UNKNOWN,
} from './json-resync.ts';
import { damagedArray, findRecord, type Search, type Surroundings } from './json-search.ts';
import { firstVisible } from './json-verify.ts';
import type { JsonWindow } from './json-window.ts';

/** `"key"` of the array of records, and in how many objects it stands. */
export type ArrayKey = { readonly key: Buffer; readonly depth: number };

/** A value that went wrong; all positions are offsets in the stream. */
export type Trouble = {
  readonly reason: CutReason;
  readonly detail: string;
  readonly records: number;
  readonly start: number;
  /** Where it went wrong. */
  readonly at: number;
  /** Records that do not have lines of their own may begin from here on. */
  readonly inlineFrom: number;
  readonly trust: Search['trust'];
  readonly broken: Broken;
  readonly around: Surroundings;
  /** When the array of records has not come yet. */
  readonly arrayKey: ArrayKey | undefined;
  /** Whether its brackets are still to be trusted. */
  readonly hasBrackets: boolean;
  /** The first bytes, when the window has lost them. */
  readonly head: Buffer | undefined;
};

/** Where cutting goes on: at a record, at a document, or in the array of one. */
export type Resumed = { readonly kind: 'same' | 'document' | 'array'; readonly at: number; readonly cut: TroubleCut };
type Step = Resumed | { readonly kind: 'wait'; readonly from: number };

// An array that never ends has lost its bracket to the broken value.
const AT_ONCE: Demand = { records: 0, bytes: 0, mayHaveComma: true, mustCloseInput: true };
const SURELY: Demand = { records: 4096, bytes: 4 * 1024 * 1024, mustCloseInput: true };

/** The array of records comes no later in a document. */
const MAX_ENVELOPE = 64 * 1024;
/** Line starts and separators are told by what stands before a place. */
const CONTEXT = 1024;

/** Finds the place behind a broken value where records can be cut again, with as little lost as possible. */
export class JsonTrouble {
  readonly #trouble: Trouble;
  readonly #maxBytes: number;
  readonly #probe: JsonProbe;
  #hasBrackets: boolean;
  #searchFrom: number;
  #head: Buffer | undefined;

  constructor(trouble: Trouble, probe: JsonProbe, maxBytes: number) {
    this.#trouble = trouble;
    this.#maxBytes = maxBytes;
    this.#probe = probe;
    this.#hasBrackets = trouble.hasBrackets;
    this.#searchFrom = trouble.start + 1;
    this.#head = trouble.head;
  }

  /** What went wrong. */
  get trouble(): Trouble {
    return this.#trouble;
  }

  /** What the window must not forget. */
  keepFrom(window: JsonWindow): number {
    if (this.#hasBrackets) return this.#trouble.start;
    if (this.#head === undefined) {
      if (window.end - this.#trouble.start < MAX_TROUBLE_BYTES) return this.#trouble.start;
      this.#head = Buffer.from(window.slice(this.#trouble.start, this.#trouble.start + MAX_TROUBLE_BYTES));
    }
    return Math.max(window.base, this.#searchFrom - CONTEXT);
  }

  /** Tries with the bytes that are there; `isFinal` when no more will come. */
  step(window: JsonWindow, isFinal: boolean): Step {
    this.#probe.allow(window.end);
    if (this.#hasBrackets) {
      const step = this.#byBrackets(window, isFinal);
      if (step !== undefined) return step;
      this.#hasBrackets = false;
    }
    const { trust, inlineFrom, around } = this.#trouble;
    const found = findRecord(this.#probe, { bytes: window.bytes, isFinal }, around, {
      from: this.#searchFrom - window.base,
      inlineFrom: Math.max(this.#searchFrom, inlineFrom) - window.base,
      to: window.bytes.length,
      trust,
    });
    if (found.kind === 'found')
      return this.#resume(window, found.isDocument ? 'document' : 'same', window.base + found.at);
    if (isFinal) return this.#resume(window, 'same', window.end);
    this.#searchFrom = found.kind === 'unknown' ? window.base + found.at : window.end;
    return { kind: 'wait', from: this.#searchFrom };
  }

  #byBrackets(window: JsonWindow, isFinal: boolean): Step | undefined {
    const { at, broken, arrayKey } = this.#trouble;
    const sight = { bytes: window.bytes, isFinal };
    const isTooFar = window.end - at > this.#maxBytes;
    const { at: end, isForgiven, read } = bracketEnd(sight, at - window.base, broken);
    this.#probe.spend(read);
    const array = arrayKey === undefined ? NOWHERE : this.#arrayFrom(sight, window, arrayKey);
    if (array >= 0 && (end < 0 || array < end)) return this.#resume(window, 'array', window.base + array);
    if (array === UNKNOWN && end < 0 && !isTooFar) return { kind: 'wait', from: this.#trouble.start };
    if (end === UNKNOWN) return isTooFar ? undefined : { kind: 'wait', from: this.#trouble.start };
    if (end === NOWHERE) return undefined;
    const verdict = this.#probe.follower(sight, end, broken.place, isForgiven ? SURELY : AT_ONCE);
    if (verdict === 'unknown' && !isTooFar) return { kind: 'wait', from: this.#trouble.start };
    return verdict === 'yes' ? this.#resume(window, 'same', window.base + end) : undefined;
  }

  /** The array of records of a broken document, by its key or by what is left of that. */
  #arrayFrom(sight: Sight, window: JsonWindow, { key, depth }: ArrayKey): number {
    const { at, start, broken } = this.#trouble;
    const array = arrayBehind(sight.bytes, at - window.base, key, broken.indent);
    const isHeld = window.base <= start;
    return array >= 0 || !isHeld ? array : damagedArray(this.#probe, sight, start - window.base, key, depth);
  }

  #resume(window: JsonWindow, kind: Resumed['kind'], at: number): Resumed {
    const { reason, detail, records, start } = this.#trouble;
    const end = Math.max(start + 1, withoutSeparators(window, at));
    const held = this.#head ?? Buffer.from(window.slice(start, Math.min(end, start + MAX_TROUBLE_BYTES)));
    const length = end - start;
    const cut: TroubleCut = {
      kind: 'trouble',
      reason: kind === 'array' ? 'json.envelope' : reason,
      detail,
      bytes: held.subarray(0, length),
      offset: start,
      length,
      records: kind === 'array' ? 0 : records,
    };
    return { kind, at, cut };
  }
}

function withoutSeparators(window: JsonWindow, offset: number): number {
  let end = offset;
  for (; end > window.base; end -= 1) {
    const byte = window.bytes[end - 1 - window.base] ?? 0;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x2c) break;
  }
  return end;
}

/** Behind the `[` of the array of records, if the document goes on to it. */
function arrayBehind(bytes: Buffer, from: number, key: Buffer, indent: number): number {
  const offset = bytes.subarray(from, from + MAX_ENVELOPE).indexOf(key);
  if (offset === -1) return NOWHERE;
  const at = from + offset;
  for (let line = bytes.indexOf(NEWLINE, from); line !== -1 && line < at; line = bytes.indexOf(NEWLINE, line + 1))
    if (startsRecord(bytes, line, indent)) return NOWHERE;
  const colon = firstVisible(bytes, at + key.length);
  const bracket = firstVisible(bytes, colon + 1);
  return bytes[colon] === 0x3a && bytes[bracket] === 0x5b ? bracket + 1 : NOWHERE;
}
