import { CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import { recordHead } from './json-search.ts';
import { JsonSkipper } from './json-skip.ts';
import {
  arrayKeyOf,
  type CutterState,
  cutTrouble,
  fail,
  headFrom,
  indentAt,
  NO_LINE,
  type OpenDocument,
  openBrackets,
  tooLarge,
  wait,
} from './json-state.ts';
import { firstVisible } from './json-verify.ts';

/** Enters a document that may have the array of records. */
export function openDocument(state: CutterState): true {
  const { at } = state;
  const indent = indentAt(state, at);
  const text = { mayHaveKey: true, head: undefined, textFrom: at };
  state.document = { start: at, indent, key: undefined, hasArray: false, ...text };
  if (state.keepsEnvelope) state.sink.begin(at);
  state.place.envelopes = 1;
  state.at += 1;
  return true;
}

/** One step through the document outside its array; false when more bytes are needed for the next. */
export function stepInDocument(state: CutterState, document: OpenDocument, isFinal: boolean): boolean {
  const { window } = state;
  if (needsText(state, document) && state.at - document.textFrom > state.maxBytes) loseText(state, document);
  const at = firstVisible(window.bytes, state.at - window.base);
  state.at = window.base + at;
  if (at === window.bytes.length) return isFinal ? failTruncated(state, document) : false;
  const byte = window.bytes[at];
  if (byte === COMMA) {
    state.at += 1;
    document.mayHaveKey = true;
  } else if (byte === CLOSE_OBJECT) {
    state.at += 1;
    state.place.envelopes -= 1;
    document.mayHaveKey = false;
    if (state.place.envelopes === 0) closeDocument(state, document);
  } else if (byte === QUOTE && document.mayHaveKey) return stepOverKey(state, document, at, isFinal);
  else
    return failInDocument(
      state,
      document,
      document.mayHaveKey ? 'expected a key or } at' : 'expected a comma or } at',
      state.at,
    );
  return true;
}

function stepOverKey(state: CutterState, document: OpenDocument, at: number, isFinal: boolean): boolean {
  const { window, scanner } = state;
  const { bytes, base } = window;
  const outcome = scanner.scan(bytes, at, bytes.length);
  if (outcome === 'malformed') return failInDocument(state, document, 'expected a key at', base + scanner.end);
  const keyEnd = scanner.end;
  const colon = firstVisible(bytes, keyEnd);
  if (outcome === 'complete' && colon < bytes.length && bytes[colon] !== COLON)
    return failInDocument(state, document, 'expected a colon at', base + colon);
  const value = firstVisible(bytes, colon + 1);
  if (outcome === 'incomplete' || value >= bytes.length) return lacksBytes(state, document, isFinal);
  const key = state.keys[state.place.envelopes - 1];
  if (key?.equals(bytes.subarray(at, keyEnd)) === true) {
    const isLast = state.place.envelopes === state.keys.length;
    if (isLast && bytes[value] === OPEN_ARRAY) return enterArray(state, document, base + value);
    if (!isLast && bytes[value] === OPEN_OBJECT) {
      state.place.envelopes += 1;
      state.at = base + value + 1;
      return true;
    }
  }
  return stepOverValue(state, document, value, isFinal);
}

function stepOverValue(state: CutterState, document: OpenDocument, value: number, isFinal: boolean): boolean {
  const { bytes, base } = state.window;
  const { scanner } = state;
  const outcome = scanner.scan(bytes, value, bytes.length);
  if (outcome === 'complete') {
    state.at = base + scanner.end;
    document.mayHaveKey = false;
    return true;
  }
  if (outcome === 'incomplete') {
    if (bytes.length - value <= state.maxBytes) return lacksBytes(state, document, isFinal);
    if (needsText(state, document)) loseText(state, document);
    document.mayHaveKey = false;
    const head = document.head ?? headFrom(state, state.at);
    state.at = base + value;
    state.skipped = { skipper: new JsonSkipper(), start: document.start, head, ...tooLarge(state) };
    return true;
  }
  const at = base + scanner.end;
  return failInDocument(state, document, `expected ${scanner.expected} at`, at, openBrackets(scanner));
}

function lacksBytes(state: CutterState, document: OpenDocument, isFinal: boolean): boolean {
  if (isFinal) return failTruncated(state, document);
  if (state.window.end - state.at <= state.maxBytes) return wait(state, state.at);
  return failInDocument(state, document, `expected a key of at most ${state.maxBytes} bytes at`, state.at);
}

function enterArray(state: CutterState, document: OpenDocument, bracket: number): true {
  const { window } = state;
  if (document.head === undefined) state.sink.addText(window.slice(document.textFrom, state.at));
  document.hasArray = true;
  document.mayHaveKey = false;
  document.key ??= recordHead(window.bytes, document.start - window.base);
  state.lacksArray = false;
  state.place.isInArray = true;
  state.at = bracket + 1;
  state.newlineAt = NO_LINE;
  return true;
}

/** True while the text of a document outside its array must be held: it may be a record itself, or be asked for. */
export function needsText(state: CutterState, document: OpenDocument): boolean {
  return document.head === undefined && (!document.hasArray || state.keepsEnvelope);
}

function loseText(state: CutterState, document: OpenDocument): void {
  document.head = headFrom(state, document.textFrom);
  document.key ??= recordHead(document.head, 0);
  state.sink.loseText();
}

function closeDocument(state: CutterState, document: OpenDocument): void {
  state.document = undefined;
  if (document.hasArray) {
    if (needsText(state, document)) state.sink.addText(state.window.slice(document.textFrom, state.at));
    state.sink.end(0);
    state.newlineAt = NO_LINE;
    return;
  }
  state.sink.loseText();
  state.sink.end(0);
  if (document.head !== undefined) {
    const detail = `${state.at - document.start} bytes without the array of records, more than ${state.maxBytes}`;
    cutTrouble(state, 'json.too-large', detail, document.start, state.at, { head: document.head });
    return;
  }
  state.lacksArray = true;
  state.at = state.recordAt = document.start;
  state.newlineAt = document.indent === -1 ? NO_LINE : document.start - document.indent - 1;
}

/** The input ends inside the document. */
function failTruncated(state: CutterState, document: OpenDocument): true {
  const { end } = state.window;
  const { hasArray, start, head, indent } = document;
  state.sink.end(state.place.envelopes);
  state.place.envelopes = 0;
  state.document = undefined;
  const reason = 'json.truncated';
  if (hasArray) {
    cutTrouble(state, reason, 'the input ends inside a document, behind its records', state.at, end, { records: 0 });
    state.at = end;
    return true;
  }
  const detail = `the input ends inside the document that begins at byte ${start}`;
  return fail(state, {
    reason,
    detail,
    start,
    head,
    at: end,
    inlineFrom: start + 1,
    indent,
    trust: 'closed',
    hasBrackets: false,
  });
}

function failInDocument(
  state: CutterState,
  document: OpenDocument,
  expected: string,
  at: number,
  inner: readonly boolean[] = [],
): true {
  const { envelopes } = state.place;
  const open = [...Array.from({ length: envelopes }, () => true), ...inner];
  const { start: documentStart, head, hasArray, indent } = document;
  const start = hasArray ? state.at : documentStart;
  const inlineFrom = Math.max(start + 1, Math.min(at, state.window.base + state.scanner.lastString));
  if (!hasArray) state.sink.loseText();
  state.sink.end(envelopes);
  state.place.envelopes = 0;
  const where = { at, start, inlineFrom, indent, open, isInString: state.scanner.isInString };
  if (hasArray) {
    state.document = undefined;
    const detail = `${expected} byte ${at}, behind the records of a document`;
    return fail(state, { ...where, reason: 'json.envelope', detail, records: 0 });
  }
  const detail = `${expected} byte ${at}`;
  return fail(state, { ...where, reason: 'json.malformed', detail, head, arrayKey: arrayKeyOf(state) });
}
