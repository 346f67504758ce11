import { NEWLINE, OPEN_OBJECT } from './json-bytes.ts';
import { lineSkipper } from './json-skip.ts';
import {
  type CutterState,
  cutRecord,
  cutTrouble,
  flush,
  headFrom,
  leaveDocument,
  tooLarge,
  wait,
} from './json-state.ts';
import { firstVisible } from './json-verify.ts';

const WHY = 'so much is broken before it that only whole records on lines of their own are believed';

/** Stops looking for records inside what is broken, when that has cost too much. */
export function believeLinesOnly(state: CutterState): void {
  flush(state);
  leaveDocument(state);
  state.place.isBare = false;
  state.isLinesOnly = true;
  const trouble = state.trouble?.trouble;
  if (trouble === undefined) return;
  const { reason, start } = trouble;
  const detail = `${trouble.detail}; ${WHY}`;
  state.at = Math.max(start, state.window.base);
  state.skipped = { skipper: lineSkipper, start, head: trouble.head ?? headFrom(state, state.at), reason, detail };
  state.trouble = undefined;
}

/** Cuts one line: a record, or a trouble; false when more bytes are needed. */
export function stepOverLine(state: CutterState, isFinal: boolean): boolean {
  const { window, scanner } = state;
  const { bytes, base } = window;
  const at = firstVisible(bytes, state.at - base);
  state.at = base + at;
  if (at === bytes.length) return false;
  const line = bytes.indexOf(NEWLINE, at);
  if (line === -1 && !isFinal) {
    if (bytes.length - at <= state.maxBytes) return wait(state, state.at);
    state.skipped = { skipper: lineSkipper, start: state.at, head: headFrom(state, state.at), ...tooLarge(state) };
    return true;
  }
  const end = line === -1 ? bytes.length : line;
  const isWhole = bytes[at] === OPEN_OBJECT && scanner.scan(bytes, at, end) === 'complete';
  if (isWhole && firstVisible(bytes, scanner.end) >= end) {
    cutRecord(state, state.at, base + scanner.end, scanner.isSuspect);
    flush(state);
  } else
    cutTrouble(state, 'json.malformed', `no JSON object on the line at byte ${state.at}; ${WHY}`, state.at, base + end);
  state.at = base + end;
  return true;
}
