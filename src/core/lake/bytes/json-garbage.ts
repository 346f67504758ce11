import { isRecordArray } from './json-resync.ts';
import { findRecord, type Surroundings } from './json-search.ts';
import { type CutterState, cutTrouble, fail, flush, indentAt, NO_LINE, wait } from './json-state.ts';
import { firstVisible } from './json-verify.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Cuts something that stands where a record should; false when more bytes are needed. */
export function stepOverOddity(state: CutterState, isFinal: boolean): boolean {
  const { window, scanner } = state;
  const { bytes, base } = window;
  const at = state.at - base;
  const outcome = scanner.scan(bytes, at, bytes.length);
  const isShort = outcome === 'incomplete' && bytes.length - at <= state.maxBytes;
  if (isShort && !isFinal) return wait(state, state.at);
  if (outcome === 'complete') {
    const next = firstVisible(bytes, scanner.end);
    if (next === bytes.length && !isFinal) return wait(state, state.at);
    if (state.held !== undefined && bytes[at] === QUOTE && bytes[next] === COLON)
      return failReopened(state, state.held.offset);
    if (isFollower(state, scanner.end, next)) {
      flush(state);
      cutTrouble(state, 'json.not-an-object', 'JSON, but no object', state.at, base + scanner.end);
      state.at = base + scanner.end;
      state.newlineAt = NO_LINE;
      return true;
    }
  }
  flush(state);
  if (!isRecordArray(state.place)) return stepOverGarbage(state, isFinal);
  const detail = `expected a record or ] at byte ${state.at}`;
  const indent = indentAt(state, state.at);
  return fail(state, {
    reason: 'json.garbage',
    detail,
    start: state.at,
    at: state.at,
    inlineFrom: state.at + 1,
    indent,
  });
}

/** A key behind a record: the record was closed too early, and what looked like all of it is only the beginning. */
function failReopened(state: CutterState, start: number): true {
  state.held = undefined;
  const detail = `expected a record at byte ${state.at}, found a key: a bracket before it closes too early`;
  const indent = -1;
  return fail(state, {
    reason: 'json.malformed',
    detail,
    start,
    at: state.at,
    inlineFrom: state.at,
    indent,
    open: [true],
  });
}

function isFollower(state: CutterState, from: number, next: number): boolean {
  const { bytes } = state.window;
  const byte = bytes[next];
  if (next === bytes.length || byte === COMMA) return true;
  if (isRecordArray(state.place)) return byte === CLOSE_ARRAY;
  return byte === OPEN_OBJECT || byte === OPEN_ARRAY || bytes.subarray(from, next).includes(NEWLINE);
}

/** Cuts text between documents, a line at a time. */
function stepOverGarbage(state: CutterState, isFinal: boolean): boolean {
  const { bytes, base } = state.window;
  const sight = { bytes, isFinal };
  const place = { ...state.place };
  const around: Surroundings = {
    place,
    indent: -1,
    head: undefined,
    documentHead: undefined,
    hasCommas: state.hasCommas,
  };
  const start = state.at - base;
  for (let from = start; ; ) {
    const line = bytes.indexOf(NEWLINE, from);
    const to = line === -1 ? bytes.length : line;
    const found = findRecord(state.probe, sight, around, { from, inlineFrom: from, to, trust: 'any' });
    if (found.kind === 'found') return endGarbage(state, base + found.at);
    const next = line === -1 ? bytes.length : firstVisible(bytes, line + 1);
    if (next === bytes.length || found.kind === 'unknown') {
      if (isFinal) return endGarbage(state, base + to);
      return bytes.length - start > state.maxBytes ? failWithoutLines(state) : wait(state, state.at);
    }
    if (!continuesLine(bytes, line + 1, next)) return endGarbage(state, base + line);
    from = line + 1;
  }
}

function endGarbage(state: CutterState, end: number): true {
  cutTrouble(state, 'json.garbage', `expected a JSON object at byte ${state.at}`, state.at, end);
  state.at = end;
  state.newlineAt = NO_LINE;
  return true;
}

function failWithoutLines(state: CutterState): true {
  const { at } = state;
  const detail = `expected a JSON object at byte ${at}`;
  return fail(state, {
    reason: 'json.garbage',
    detail,
    start: at,
    at,
    inlineFrom: at + 1,
    indent: 0,
    hasBrackets: false,
  });
}

/** A line that is further in, or begins with a closing bracket, belongs to the one before, as in a stack trace or the rest of a torn document. */
function continuesLine(bytes: Buffer, line: number, visible: number): boolean {
  const first = bytes[line];
  const isFurtherIn = first === 0x20 || first === 0x09 || first === CLOSE_OBJECT || first === CLOSE_ARRAY;
  return isFurtherIn && bytes[visible] !== OPEN_OBJECT && bytes[visible] !== OPEN_ARRAY;
}

/** True when a bracket begins an array of records, even one whose first record is broken, and not a text like `[INFO]`; undefined when more bytes must tell. */
export function beginsArray(state: CutterState, isFinal: boolean): boolean | undefined {
  const { bytes, base } = state.window;
  const first = firstVisible(bytes, state.at - base + 1);
  if (first + 1 >= bytes.length && !isFinal) return undefined;
  const byte = bytes[first];
  if (byte === OPEN_OBJECT || byte === CLOSE_ARRAY || byte === QUOTE || byte === OPEN_ARRAY || byte === undefined)
    return true;
  if (bytes[first + 1] === OPEN_OBJECT || bytes[first + 1] === QUOTE) return true;
  const outcome = state.scanner.scan(bytes, first, bytes.length);
  if (outcome === 'incomplete' && !isFinal) return undefined;
  return outcome === 'complete' && bytes[firstVisible(bytes, state.scanner.end)] === COMMA;
}
