import { type CutReason, MAX_TROUBLE_BYTES, type RecordCut } from './cut.ts';
import { isRecordArray, JsonProbe, type Place } from './json-resync.ts';
import { JsonScanner } from './json-scan.ts';
import { recordHead } from './json-search.ts';
import { JsonSink } from './json-sink.ts';
import type { Skipper } from './json-skip.ts';
import { type ArrayKey, JsonTrouble, type Trouble } from './json-trouble.ts';
import { examine, invalidUtf8 } from './json-verify.ts';
import { JsonWindow } from './json-window.ts';

export type JsonCutterOptions = {
  /** The keys that lead to the array of records in a document, as `['Records']`; a document without it is a record itself. */
  readonly at?: readonly string[];
  /** Give each record the text of its document without the array. */
  readonly keepEnvelope?: boolean;
  readonly limits?: { readonly maxRecordBytes?: number; readonly maxDepth?: number };
};

/** No newline stands between the next record and what is before it. */
export const NO_LINE = -2;

/** A document around an array of records. */
export type OpenDocument = {
  readonly start: number;
  readonly indent: number;
  /** `{"firstKey"`, by which the next document is recognised. */
  key: Buffer | undefined;
  hasArray: boolean;
  /** A comma or an opening brace stands before the next key. */
  mayHaveKey: boolean;
  /** Its first bytes, when it is too large to be held. */
  head: Buffer | undefined;
  /** Where its text outside the array goes on. */
  textFrom: number;
};

/** Something that is passed over because it cannot be held. */
export type Skipped = {
  readonly skipper: Skipper;
  readonly start: number;
  readonly head: Buffer;
  readonly reason: CutReason;
  readonly detail: string;
};

/** All that a cutter knows between two chunks; positions are offsets in the stream. */
export type CutterState = {
  /** `"key"` of each step to the array of records. */
  readonly keys: readonly Buffer[];
  readonly keepsEnvelope: boolean;
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly window: JsonWindow;
  readonly scanner: JsonScanner;
  readonly probe: JsonProbe;
  readonly sink: JsonSink;
  readonly place: { -readonly [key in keyof Place]: Place[key] };
  at: number;
  /** Trying again makes sense when the input is so long. */
  retryAt: number;
  /** The newline before the next record when only white space is between. */
  newlineAt: number;
  /** Documents are separated by commas. */
  hasCommas: boolean;
  /** A comma stands behind the last record. */
  isSeparated: boolean;
  /** The last record of an array: it is given out when what follows shows that it really ended. */
  held: RecordCut | undefined;
  last: Buffer | undefined;
  document: OpenDocument | undefined;
  /** The last document had no array of records, and the next will have none either. */
  lacksArray: boolean;
  trouble: JsonTrouble | undefined;
  /** The input ends inside a record, and that has been told. */
  isTorn: boolean;
  /** Where a document begins that turned out to be a record. */
  recordAt: number;
  skipped: Skipped | undefined;
  /** Too much was broken: from here on only whole lines are believed. */
  isLinesOnly: boolean;
};

/** The state before the first byte. */
export function initialState({ at = [], keepEnvelope = false, limits = {} }: JsonCutterOptions): CutterState {
  const maxBytes = limits.maxRecordBytes ?? 16 * 1024 * 1024;
  const maxDepth = limits.maxDepth ?? 512;
  return {
    keys: at.map((key) => Buffer.from(JSON.stringify(key))),
    keepsEnvelope: keepEnvelope,
    maxBytes,
    maxDepth,
    window: new JsonWindow(),
    scanner: new JsonScanner(maxDepth),
    probe: new JsonProbe(maxDepth, maxBytes),
    sink: new JsonSink(maxBytes),
    place: { envelopes: 0, isInArray: false, isBare: false, nested: 0 },
    at: 0,
    retryAt: 0,
    newlineAt: -1,
    hasCommas: false,
    isSeparated: false,
    held: undefined,
    last: undefined,
    document: undefined,
    lacksArray: false,
    trouble: undefined,
    isTorn: false,
    recordAt: -1,
    skipped: undefined,
    isLinesOnly: false,
  };
}

/** Gives up for now: with bytes up to twice the distance there is something new to see. Trying at every chunk would cost the square of a long record. */
export function wait(state: CutterState, from: number): false {
  state.retryAt = from + 2 * (state.window.end - from);
  return false;
}

/** How far in the record at an offset begins on a line of its own, or -1. */
export function indentAt(state: CutterState, offset: number): number {
  return state.newlineAt === NO_LINE ? -1 : offset - state.newlineAt - 1;
}

/** Gives out the record that was held back. */
export function flush(state: CutterState): void {
  if (state.held === undefined) return;
  state.sink.push(state.held, state.place.envelopes);
  state.held = undefined;
}

/** Cuts out a complete JSON object, if it is fit to be a record. */
export function cutRecord(state: CutterState, from: number, to: number, isSuspect: boolean): void {
  flush(state);
  if (to - from > state.maxBytes) {
    cutTrouble(state, 'json.too-large', `${to - from} bytes, more than ${state.maxBytes}`, from, to);
    return;
  }
  const bytes = state.window.slice(from, to);
  const verified = !state.window.isUtf8(from, to) ? invalidUtf8(bytes) : isSuspect ? examine(bytes) : undefined;
  if (verified?.ok === false) {
    cutTrouble(state, verified.reason, `${verified.detail} of the record`, from, to);
    return;
  }
  state.last = bytes;
  state.isSeparated = false;
  const loneSurrogates = verified?.loneSurrogates === true;
  state.held = { kind: 'record', bytes, offset: from, envelope: undefined, loneSurrogates };
}

/** What is said of a value that cannot be held. */
export function tooLarge({ maxBytes }: CutterState): { readonly reason: CutReason; readonly detail: string } {
  return { reason: 'json.too-large', detail: `longer than ${maxBytes} bytes` };
}

/** Cuts out bytes that are no record. */
export function cutTrouble(
  state: CutterState,
  reason: CutReason,
  detail: string,
  from: number,
  to: number,
  more: { readonly records?: number; readonly head?: Buffer } = {},
): void {
  const length = to - from;
  const { records = 1, head } = more;
  // A copy, so that a quarantined piece does not keep a whole chunk alive.
  const bytes = head ?? Buffer.from(state.window.slice(from, from + Math.min(length, MAX_TROUBLE_BYTES)));
  state.sink.push({ kind: 'trouble', reason, detail, bytes, offset: from, length, records }, state.place.envelopes);
}

/** The first bytes from an offset on, as many as a trouble may keep. */
export function headFrom(state: CutterState, from: number): Buffer {
  return Buffer.from(state.window.slice(from, Math.min(state.window.end, from + MAX_TROUBLE_BYTES)));
}

/** The key of the array of records, where documents have one. */
export function arrayKeyOf({ keys }: CutterState): ArrayKey | undefined {
  const key = keys.at(-1);
  return key === undefined ? undefined : { key, depth: keys.length };
}

/** What a failure says; the rest follows from the state. */
export type Failure = Pick<Trouble, 'reason' | 'detail' | 'start' | 'at' | 'inlineFrom'> &
  Partial<Pick<Trouble, 'records' | 'trust' | 'arrayKey' | 'hasBrackets' | 'head'>> & {
    readonly open?: readonly boolean[];
    readonly isInString?: boolean;
    readonly indent: number;
  };

/** Goes on in the array of records of a document whose beginning is broken. */
export function enterBrokenDocument(state: CutterState, at: number): void {
  const lost = { head: Buffer.alloc(0), hasArray: true, mayHaveKey: false, textFrom: at };
  state.document = { start: at, indent: -1, key: undefined, ...lost };
  state.place.envelopes = state.keys.length;
  state.place.isInArray = true;
  state.at = at;
  state.newlineAt = NO_LINE;
}

/** Leaves a document and its array, finished or not. */
export function leaveDocument(state: CutterState): void {
  state.sink.end(state.place.envelopes);
  state.place.envelopes = state.place.nested = 0;
  state.place.isInArray = false;
  state.document = undefined;
}

/** Begins to look for the place where cutting can go on. */
export function fail(state: CutterState, failure: Failure): true {
  const { open = [], isInString = false, indent, ...rest } = failure;
  const place = { ...state.place };
  const isOwn = state.window.base <= failure.start;
  const head = isOwn ? recordHead(state.window.bytes, failure.start - state.window.base) : undefined;
  const last = state.last === undefined ? undefined : recordHead(state.last, 0);
  const trouble: Trouble = {
    records: 1,
    trust: 'any',
    hasBrackets: true,
    arrayKey: undefined,
    head: undefined,
    ...rest,
    broken: { open, isInString, place, indent },
    around: {
      place,
      indent,
      heads: [last, head].filter((known) => known !== undefined),
      documentHead: isRecordArray(place) ? state.document?.key : undefined,
      hasCommas: state.hasCommas,
      hasLines: indent >= 0 && failure.start > indent,
    },
  };
  state.trouble = new JsonTrouble(trouble, state.probe, state.maxBytes);
  return true;
}

/** The brackets open where the scanner stopped. */
export function openBrackets({ open, depth }: JsonScanner): boolean[] {
  return Array.from(open.subarray(1, depth + 1), (kind) => kind === 1);
}
