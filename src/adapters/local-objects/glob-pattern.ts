import { isAbsolute, posix, resolve } from 'node:path';
import { YaguraError } from '#core/errors/yagura-error.ts';

// Node's own glob gives no order, follows links anywhere, and matches by regular expressions that a name can slow down.

/** Says of each name in a folder whether its file is taken, what is taken below it, or why neither is. */
export type Selection = (name: string) => Choice;
export type Choice = {
  readonly file: boolean;
  readonly below?: Selection;
  readonly skip?: 'hidden' | 'unfinished';
};

export type GlobPattern = { /** The folder all matches are in. */ readonly base: string; readonly select: Selection };

type Token =
  | { readonly kind: 'character'; readonly is: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  | { readonly kind: 'star' };
type Segment = { readonly text: string; readonly tokens: readonly Token[]; readonly globstar: boolean };
type State = { readonly segments: readonly Segment[]; readonly at: number };

const MOST_ALTERNATIVES = 256;
const MAGIC = /[*?[{]/;

/** True where a path that does not exist can be meant as a pattern. */
export function isPattern(path: string): boolean {
  return MAGIC.test(path);
}

/** Everything but hidden files and those somebody is still writing. */
export const everything: Selection = (name) => {
  if (isHidden(name)) return { file: false, skip: 'hidden' };
  return isUnfinished(name) ? { file: false, skip: 'unfinished' } : { file: true, below: everything };
};

/** A name that a shell does not show either. */
function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** A name that writers give until the file is complete. */
function isUnfinished(name: string): boolean {
  return /\.(?:tmp|part)$/i.test(name);
}

/** Understands `*`, `?`, `**`, `[a-z]`, `[!a]`, `{a,b}` and `\` before one of them; a folder that matches is taken whole. */
export function globPattern(pattern: string, cwd: string): GlobPattern {
  const all = alternatives(pattern).map((one) =>
    posix
      .normalize(isAbsolute(one) ? one : `${escaped(cwd)}/${one}`)
      .replace(/\/$/, '')
      .split('/'),
  );
  const plain = all.map((parts) => {
    const first = parts.findIndex((part) => MAGIC.test(part));
    // The last part is what the names in the base are compared with, also where it is plain.
    return first < 0 ? parts.length - 1 : first;
  });
  const shared = sharedLength(all, Math.min(...plain));
  const base = resolve('/', ...(all[0] ?? []).slice(0, shared).map(unescaped));
  const states = all.map((parts): State => ({ segments: parts.slice(shared).map(segment), at: 0 }));
  return { base, select: selectionOf(states) };
}

function selectionOf(states: readonly State[]): Selection {
  const open = withEmptyGlobstars(states);
  return (name) => {
    const hit = open.filter(({ segments, at }) => takes(segments[at], name));
    const file = hit.some(({ segments, at }) => at === segments.length - 1);
    if (file) return { file, below: everything };
    const next = hit.map(({ segments, at }) => ({ segments, at: segments[at]?.globstar === true ? at : at + 1 }));
    return next.length === 0 ? { file } : { file, below: selectionOf(next) };
  };
}

/** `**` may stand for no folder at all, so what follows it is compared as well. */
function withEmptyGlobstars(states: readonly State[]): State[] {
  const seen = new Map<readonly Segment[], Set<number>>();
  const open: State[] = [];
  for (const { segments, at } of states) {
    for (let place = at; place < segments.length; place++) {
      const places = seen.get(segments) ?? new Set();
      seen.set(segments, places);
      if (!places.has(place)) open.push({ segments, at: place });
      places.add(place);
      if (segments[place]?.globstar !== true) break;
    }
  }
  return open;
}

function takes(part: Segment | undefined, name: string): boolean {
  if (part === undefined) return false;
  if (isHidden(name) && !part.text.startsWith('.')) return false;
  if (isUnfinished(name) && !isUnfinished(part.text)) return false;
  return part.globstar || matches(part.tokens, Array.from(name));
}

/** Only the last star is ever tried again, so the time is at most the product of both lengths. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let place = 0;
  let star = -1;
  let starPlace = 0;
  while (place < name.length) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      star = token++;
      starPlace = place;
    } else if (current !== undefined && fits(current, name[place] ?? '')) {
      token++;
      place++;
    } else if (star >= 0) {
      token = star + 1;
      place = ++starPlace;
    } else return false;
  }
  return tokens.slice(token).every(({ kind }) => kind === 'star');
}

function fits(token: Token, character: string): boolean {
  switch (token.kind) {
    case 'any':
    case 'star':
      return true;
    case 'character':
      return token.is === character;
    case 'class': {
      const code = character.codePointAt(0) ?? 0;
      const within = token.ranges.some(
        ([low, high]) => (low.codePointAt(0) ?? 0) <= code && code <= (high.codePointAt(0) ?? 0),
      );
      return within !== token.negated;
    }
  }
}

function segment(text: string): Segment {
  const characters = Array.from(text);
  const tokens: Token[] = [];
  for (let place = 0; place < characters.length; place++) {
    const character = characters[place] ?? '';
    if (character === '*') tokens.push({ kind: 'star' });
    else if (character === '?') tokens.push({ kind: 'any' });
    else if (character === '\\') tokens.push({ kind: 'character', is: characters[++place] ?? '\\' });
    else {
      const found = character === '[' ? classAt(characters, place) : undefined;
      tokens.push(found?.token ?? { kind: 'character', is: character });
      place = found?.end ?? place;
    }
  }
  return { text, tokens, globstar: text === '**' };
}

/** `[abc]`, `[a-z]`, `[!a]`, `[^a]`; a bracket that nothing closes is a character. */
function classAt(characters: readonly string[], start: number): { token: Token; end: number } | undefined {
  const negated = /[!^]/.test(characters[start + 1] ?? '');
  const first = start + (negated ? 2 : 1);
  // A `]` in the first place is a member.
  const end = characters.indexOf(']', first + 1);
  if (end < 0) return undefined;
  const ranges: [string, string][] = [];
  for (let place = first; place < end; place++) {
    const low = characters[place] ?? '';
    const isRange = characters[place + 1] === '-' && place + 2 < end;
    ranges.push([low, isRange ? (characters[place + 2] ?? low) : low]);
    if (isRange) place += 2;
  }
  return { token: { kind: 'class', negated, ranges }, end };
}

/** The texts that `{a,b}` stands for, braces in braces included; `{a}` and an unclosed brace stand for themselves. */
function alternatives(pattern: string): string[] {
  const done: string[] = [];
  const left = [pattern];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const found = openedBraces(next);
    if (found === undefined) done.push(next);
    else left.push(...found);
    if (done.length + left.length > MOST_ALTERNATIVES)
      throw new YaguraError(
        'input.invalid',
        `The pattern ${pattern} stands for more than ${MOST_ALTERNATIVES} alternatives. Name a folder, or use * instead of the braces.`,
      );
  }
  return done;
}

/** The first group with a comma of its own, replaced by each of its members. */
function openedBraces(pattern: string): string[] | undefined {
  for (let start = 0; start < pattern.length; start++) {
    if (pattern[start] === '\\') start++;
    else if (pattern[start] === '{') {
      const ends = memberEnds(pattern, start);
      const close = ends?.at(-1);
      if (ends === undefined || close === undefined || ends.length === 1) continue;
      return ends.map((end, index) => {
        const from = (ends[index - 1] ?? start) + 1;
        return pattern.slice(0, start) + pattern.slice(from, end) + pattern.slice(close + 1);
      });
    }
  }
  return undefined;
}

/** Where the members of the group that starts here end: at its commas and at its closing brace. */
function memberEnds(pattern: string, start: number): number[] | undefined {
  const ends: number[] = [];
  let depth = 0;
  for (let place = start; place < pattern.length; place++) {
    const character = pattern[place];
    if (character === '\\') place++;
    else if (character === '{') depth++;
    else if (character === ',' && depth === 1) ends.push(place);
    else if (character === '}' && --depth === 0) return [...ends, place];
  }
  return undefined;
}

function sharedLength(all: readonly (readonly string[])[], most: number): number {
  const [first = []] = all;
  let length = 0;
  while (length < most && all.every((parts) => parts[length] === first[length])) length++;
  return length;
}

function escaped(path: string): string {
  return path.replace(/[*?[{}\\,]/g, '\\$&');
}

function unescaped(part: string): string {
  return part.replace(/\\([\s\S])/g, '$1');
}
