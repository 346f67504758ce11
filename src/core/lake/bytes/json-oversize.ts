import { findRecord, type Surroundings } from './json-search.ts';
import { JsonSkipper } from './json-skip.ts';
import {
  type CutterState,
  cutTrouble,
  fail,
  flush,
  headFrom,
  indentAt,
  NO_LINE,
  type Skipped,
  tooLarge,
} from './json-state.ts';

/** Begins to pass over a record that is longer than a record may be; up to the next line like its own, if there is one. */
export function beginSkip(state: CutterState): true {
  flush(state);
  const { bytes, base } = state.window;
  const start = state.at;
  const indent = indentAt(state, start);
  const place = { ...state.place };
  const around: Surroundings = { place, indent, heads: [], documentHead: undefined, hasCommas: false, hasLines: false };
  const from = start - base + 1;
  const search = { from, inlineFrom: bytes.length, to: bytes.length, trust: 'lines' } as const;
  const next = findRecord(state.probe, { bytes, isFinal: false }, around, search);
  const { reason, detail } = tooLarge(state);
  if (next.kind === 'found') {
    cutTrouble(state, reason, detail, start, base + next.at);
    state.at = base + next.at;
    state.newlineAt = state.at - indent - 1;
  } else state.skipped = { skipper: new JsonSkipper(), start, head: headFrom(state, start), reason, detail };
  return true;
}

/** Passes over more of what cannot be held; false when that goes on in the next chunk. */
export function skip(state: CutterState, skipped: Skipped, isFinal: boolean): boolean {
  const { window, place } = state;
  const { start, head, reason, detail } = skipped;
  const isRecord = place.envelopes === 0 || place.isInArray;
  const behind = skipped.skipper.skip(window.bytes, state.at - window.base);
  state.at = behind === undefined ? window.end : window.base + behind.end;
  if (behind === undefined && !isFinal) return false;
  state.skipped = undefined;
  state.newlineAt = NO_LINE;
  if (behind?.isLost === true) {
    if (!isRecord) place.envelopes = 0;
    const lost = `${detail}, with a line break in a string at byte ${state.at}`;
    const where = { start, head, at: state.at, inlineFrom: state.at, indent: 0, hasBrackets: false };
    return fail(state, { ...where, reason, detail: lost });
  }
  if (!isRecord) return true;
  state.isTorn = behind === undefined;
  cutTrouble(state, reason, behind === undefined ? `${detail}, up to the end` : detail, start, state.at, { head });
  return true;
}
