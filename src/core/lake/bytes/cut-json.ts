import type { Cutter, RecordCut } from './cut.ts';
import { CLOSE_ARRAY, COMMA, NEWLINE, OPEN_ARRAY, OPEN_OBJECT } from './json-bytes.ts';
import { needsText, openDocument, stepInDocument } from './json-document.ts';
import { beginsArray, stepOverOddity } from './json-garbage.ts';
import { believeLinesOnly, stepOverLine } from './json-lines-only.ts';
import { beginSkip, skip } from './json-oversize.ts';
import { closeArrayOf, isRecordArray } from './json-resync.ts';
import type { ScanOutcome } from './json-scan.ts';
import { findRecord, likeness, recordHead } from './json-search.ts';
import {
  type CutterState,
  cutRecord,
  cutTrouble,
  enterBrokenDocument,
  fail,
  flush,
  indentAt,
  initialState,
  type JsonCutterOptions,
  leaveDocument,
  NO_LINE,
  openBrackets,
  wait,
} from './json-state.ts';
import type { JsonTrouble } from './json-trouble.ts';
import { firstVisible } from './json-verify.ts';

/**
 * Cuts JSON lines, documents one behind the other, bare arrays of records and documents around an array of records into records.
 * @example
 * const cutter = createJsonCutter({ at: ['Records'] });
 * for (const chunk of chunks) handle(cutter.push(chunk));
 * handle(cutter.end());
 */
export function createJsonCutter(options: JsonCutterOptions = {}): Cutter {
  const state = initialState(options);
  return {
    push(chunk) {
      if (chunk.length === 0) return [];
      state.window.append(chunk, keepFrom(state));
      if (state.window.end >= state.retryAt) run(state, false);
      return state.sink.take();
    },
    end() {
      do run(state, true);
      while (endInput(state));
      return state.sink.take();
    },
  };
}

/** What the window must not forget. */
function keepFrom(state: CutterState): number {
  if (state.trouble !== undefined) return state.trouble.keepFrom(state.window);
  const { place, document, at, held } = state;
  const isInText = place.envelopes > 0 && !place.isInArray && document !== undefined;
  return Math.min(at, held?.offset ?? at, isInText && needsText(state, document) ? document.textFrom : at);
}

function run(state: CutterState, isFinal: boolean): void {
  while (step(state, isFinal));
}

/** One step forward; false when more bytes are needed for the next. */
function step(state: CutterState, isFinal: boolean): boolean {
  if (state.probe.isExhausted && !state.isLinesOnly) believeLinesOnly(state);
  if (state.trouble !== undefined) return resync(state, state.trouble, isFinal);
  if (state.skipped !== undefined) return skip(state, state.skipped, isFinal);
  if (state.isLinesOnly) return stepOverLine(state, isFinal);
  if (state.place.envelopes > 0 && !state.place.isInArray && state.document !== undefined)
    return stepInDocument(state, state.document, isFinal);
  return stepBetween(state, isFinal);
}

/** Between records or documents. */
function stepBetween(state: CutterState, isFinal: boolean): boolean {
  const { bytes, base } = state.window;
  const isArray = isRecordArray(state.place);
  let at = state.at - base;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === NEWLINE) {
      state.newlineAt = base + at;
      // A line ends here, and so did the record.
      if (!isArray) flush(state);
    } else if (byte === COMMA) {
      state.newlineAt = NO_LINE;
      state.isSeparated = true;
      state.hasCommas ||= !isArray;
    } else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) break;
  }
  state.at = base + at;
  if (at === bytes.length) return false;
  const byte = bytes[at];
  if (isArray && !state.isSeparated && state.held !== undefined) {
    const begins = beginsDocument(state, at);
    if (begins === undefined && !isFinal) return wait(state, state.at);
    if (begins === true) {
      leaveArray(state, state.at, 'another document begins');
      return true;
    }
  }
  if (byte === OPEN_OBJECT) return stepOverObject(state, at, isFinal);
  if (isArray && byte === CLOSE_ARRAY) return closeArray(state);
  if (isArray && byte !== OPEN_ARRAY) return stepOverOddity(state, isFinal);
  const mark = isArray ? 0 : markLength(bytes, at);
  state.at += mark;
  if (mark > 0) return true;
  if (byte !== OPEN_ARRAY) return stepOverOddity(state, isFinal);
  const begins = beginsArray(state, isFinal, isArray);
  if (begins === undefined) return wait(state, state.at);
  return begins ? openArray(state) : stepOverOddity(state, isFinal);
}

/** True when a document begins where a record should, as it does behind one that was never finished; undefined when more bytes must tell. */
function beginsDocument({ window, place, document }: CutterState, at: number): boolean | undefined {
  const { bytes } = window;
  if (place.isInArray) {
    const alike = document?.key === undefined ? -1 : likeness(bytes, at, document.key);
    return alike === 0 ? undefined : alike === 1;
  }
  if (bytes[at] !== OPEN_ARRAY) return false;
  const first = firstVisible(bytes, at + 1);
  return first === bytes.length ? undefined : bytes[first] === OPEN_OBJECT;
}

/** At an object: the document around an array of records, or a record. */
function stepOverObject(state: CutterState, at: number, isFinal: boolean): boolean {
  const { keys, place, scanner, window } = state;
  const key = keys.at(-1);
  const mayBeDocument = key !== undefined && !place.isInArray && state.recordAt !== state.at;
  if (mayBeDocument) flush(state);
  if (mayBeDocument && !state.lacksArray) return openDocument(state);
  const outcome = scanner.scan(window.bytes, at, window.bytes.length);
  const isDocument = mayBeDocument && (outcome !== 'complete' || window.bytes.subarray(at, scanner.end).includes(key));
  return isDocument ? openDocument(state) : stepOverRecord(state, at, outcome, isFinal);
}

function openArray(state: CutterState): true {
  flush(state);
  if (isRecordArray(state.place)) state.place.nested += 1;
  else state.place.isBare = true;
  state.at += 1;
  state.newlineAt = NO_LINE;
  return true;
}

function closeArray(state: CutterState): true {
  flush(state);
  closeArrayOf(state.place);
  state.at += 1;
  state.newlineAt = NO_LINE;
  if (state.document !== undefined) state.document.textFrom = state.at;
  return true;
}

/** The length of a mark that separates texts: a byte order mark where files were joined, or the record separator of RFC 7464. */
function markLength(bytes: Buffer, at: number): number {
  if (bytes[at] === 0x1e) return 1;
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? 3 : 0;
}

function stepOverRecord(state: CutterState, at: number, outcome: ScanOutcome, isFinal: boolean): boolean {
  const { scanner, window } = state;
  const { bytes, base } = window;
  if (outcome === 'complete') {
    cutRecord(state, state.at, base + scanner.end, scanner.isSuspect);
    state.at = base + scanner.end;
    state.newlineAt = NO_LINE;
    return true;
  }
  if (outcome === 'incomplete' && bytes.length - at > state.maxBytes) return beginSkip(state);
  if (outcome === 'incomplete' && !isFinal) return wait(state, state.at);
  flush(state);
  const start = state.at;
  const indent = indentAt(state, start);
  if (outcome === 'incomplete') {
    const detail = `the input ends inside the record that begins at byte ${start}`;
    const rest = { trust: 'closed', hasBrackets: false } as const;
    return fail(state, {
      reason: 'json.truncated',
      detail,
      start,
      at: window.end,
      inlineFrom: start + 1,
      indent,
      ...rest,
    });
  }
  const inlineFrom = Math.max(start + 1, base + scanner.lastString);
  const where = {
    start,
    at: base + scanner.end,
    inlineFrom,
    indent,
    open: openBrackets(scanner),
    isInString: scanner.isInString,
  };
  return outcome === 'too-deep'
    ? fail(state, {
        ...where,
        reason: 'json.too-deep',
        detail: `nested deeper than ${state.maxDepth} at byte ${where.at}`,
      })
    : fail(state, { ...where, reason: 'json.malformed', detail: `expected ${scanner.expected} at byte ${where.at}` });
}

function resync(state: CutterState, trouble: JsonTrouble, isFinal: boolean): boolean {
  const step = trouble.step(state.window, isFinal);
  if (step.kind === 'wait') return wait(state, step.from);
  const { place } = state;
  state.sink.push(step.cut, place.envelopes);
  state.trouble = undefined;
  state.at = step.at;
  state.isTorn = isFinal && step.at === state.window.end;
  state.newlineAt = lineBefore(state, step.at);
  if (step.kind === 'array') enterBrokenDocument(state, step.at);
  else if (step.kind === 'document') {
    leaveDocument(state);
    if (state.window.bytes[step.at - state.window.base] === OPEN_ARRAY) place.isBare = false;
  } else if (!place.isInArray) state.document = undefined;
  return true;
}

/** The newline before an offset when only white space is between. */
function lineBefore({ window }: CutterState, offset: number): number {
  let at = offset - 1;
  while (at >= window.base && (window.bytes[at - window.base] === 0x20 || window.bytes[at - window.base] === 0x09))
    at -= 1;
  return at < 0 || window.bytes[at - window.base] === NEWLINE ? at : NO_LINE;
}

/** What is left to say when no more bytes come; true when there is something to cut again. */
function endInput(state: CutterState): boolean {
  if (isRecordArray(state.place)) return leaveArray(state, state.window.end, 'the input ends');
  flush(state);
  return false;
}

/** Leaves an array that was never closed; true when there is something to cut again. */
function leaveArray(state: CutterState, end: number, what: string): boolean {
  if (state.held !== undefined && reopenHeld(state, state.held, end)) return true;
  flush(state);
  const detail = `${what} inside an array of records, between two of them, at byte ${end}`;
  if (!state.isTorn) cutTrouble(state, 'json.truncated', detail, end, end, { records: 0 });
  leaveDocument(state);
  state.place.isBare = false;
  return false;
}

/** A record torn inside an array of its own swallows those behind it and takes the brackets of the document for its own. */
function reopenHeld(state: CutterState, held: RecordCut, end: number): boolean {
  const { base, bytes } = state.window;
  const start = held.offset;
  const own = recordHead(held.bytes, 0);
  const heads = own === undefined ? [] : [own];
  const around = {
    place: { ...state.place },
    indent: -1,
    heads,
    documentHead: undefined,
    hasCommas: false,
    hasLines: false,
  };
  const from = start - base + 1;
  const search = { from, inlineFrom: from, to: from + held.bytes.length, trust: 'closed' } as const;
  const next = findRecord(state.probe, { bytes: bytes.subarray(0, end - base), isFinal: true }, around, search);
  if (next.kind !== 'found') return false;
  state.held = undefined;
  cutTrouble(state, 'json.malformed', 'torn: whole records stand inside', start, base + next.at);
  state.at = base + next.at;
  return true;
}
