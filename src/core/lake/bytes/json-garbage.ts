import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, NEWLINE, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import { isRecordArray, NOWHERE, UNKNOWN } from './json-resync.ts';
import { damagedArray, findRecord, type Surroundings } from './json-search.ts';
import {
  arrayKeyOf,
  type CutterState,
  cutTrouble,
  enterBrokenDocument,
  fail,
  flush,
  indentAt,
  NO_LINE,
  wait,
} from './json-state.ts';
import { firstVisible } from './json-verify.ts';

/** Cuts something that stands where a record should; false when more bytes are needed. */
export function stepOverOddity(state: CutterState, isFinal: boolean): boolean {
  const { window, scanner } = state;
  const { bytes, base } = window;
  const at = state.at - base;
  const outcome = scanner.scan(bytes, at, bytes.length);
  const mayWait = !isFinal && bytes.length - at <= state.maxBytes;
  if (outcome === 'incomplete' && mayWait) return wait(state, state.at);
  if (outcome === 'complete') {
    const next = firstVisible(bytes, scanner.end);
    if (next === bytes.length && mayWait) return wait(state, state.at);
    if (bytes[at] === QUOTE && bytes[next] === COLON) return failAtKey(state, bytes.subarray(at, scanner.end));
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

/** A key where a record should begin: the record before was closed too early, unless it has that key; or this one lacks its beginning. */
function failAtKey(state: CutterState, key: Buffer): true {
  const { held, at } = state;
  const isReopened = held !== undefined && !held.bytes.includes(key);
  const start = isReopened ? held.offset : at;
  const detail = isReopened
    ? `expected a record at byte ${at}, found a key: a bracket before it closes too early`
    : `expected a record at byte ${at}, found a key: the bracket before it is missing`;
  const indent = indentAt(state, at);
  if (isReopened) state.held = undefined;
  flush(state);
  const inlineFrom = Math.max(at, start + 1);
  const arrayKey = isRecordArray(state.place) || isReopened ? undefined : arrayKeyOf(state);
  return fail(state, { reason: 'json.malformed', detail, start, at, inlineFrom, indent, open: [true], arrayKey });
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
    heads: [],
    hasLines: false,
    documentHead: undefined,
    hasCommas: state.hasCommas,
  };
  const start = state.at - base;
  const arrayKey = arrayKeyOf(state);
  const array =
    arrayKey === undefined ? NOWHERE : damagedArray(state.probe, sight, start, arrayKey.key, arrayKey.depth);
  if (array === UNKNOWN && bytes.length - start <= state.maxBytes) return wait(state, state.at);
  if (array >= 0) {
    cutTrouble(state, 'json.envelope', 'the beginning of a document is broken', state.at, base + array, { records: 0 });
    enterBrokenDocument(state, base + array);
    return true;
  }
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

/**
 * True when a bracket begins an array of records; even one whose first record is broken, unless it `isNested` in another, but not a text
 * like `[INFO]`. Undefined when more bytes must tell.
 */
export function beginsArray(state: CutterState, isFinal: boolean, isNested: boolean): boolean | undefined {
  const { bytes, base } = state.window;
  const first = firstVisible(bytes, state.at - base + 1);
  const mayWait = !isFinal && state.window.end - state.at <= state.maxBytes;
  if (first + 1 >= bytes.length && mayWait) return undefined;
  const byte = bytes[first];
  if (isNested) return byte === OPEN_OBJECT;
  if (byte === OPEN_OBJECT || byte === CLOSE_ARRAY || byte === QUOTE || byte === OPEN_ARRAY || byte === undefined)
    return true;
  if (bytes[first + 1] === OPEN_OBJECT || bytes[first + 1] === QUOTE) return true;
  const outcome = state.scanner.scan(bytes, first, bytes.length);
  if (outcome === 'incomplete' && mayWait) return undefined;
  return outcome === 'complete' && bytes[firstVisible(bytes, state.scanner.end)] === COMMA;
}
