import { isUtf8 } from 'node:buffer';

/** A piece of a file that is a document of its own; `first` is the number of its first line or element in the file. */
export type TextChunk = { readonly text: string; readonly first: number; readonly unit: 'line' | 'element' };

export type ChunkProblem = { readonly position: string; readonly reason: string };

export type ChunkSizes = {
  /** Up to this size a file is handed over whole. */
  readonly wholeBytes: number;
  /** Larger ones in pieces of about this size: few enough events for one transaction, and no long stop of everything else. */
  readonly chunkBytes: number;
  /** A single line or element beyond this is no event (AWS allows 1 MB) and is passed over. */
  readonly recordBytes: number;
};

const MIB = 1024 * 1024;
export const DEFAULT_SIZES: ChunkSizes = { wholeBytes: 16 * MIB, chunkBytes: 4 * MIB, recordBytes: 16 * MIB };

const NOTHING: Buffer = Buffer.alloc(0);
const NEWLINE = 0x0a;

/**
 * Cuts a file's bytes into texts: a small file whole; a large one line by line, or, when it is one JSON array, element by element written as JSON lines.
 */
export async function* textChunks(
  bytes: AsyncIterable<Buffer>,
  sizes: ChunkSizes,
  problem: (problem: ChunkProblem) => void,
): AsyncGenerator<TextChunk> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    const head = await readUpTo(source, sizes.wholeBytes);
    const start = withoutMark(head.bytes);
    if (start === undefined) return problem({ position: 'line 1', reason: 'is UTF-16 text; save it as UTF-8' });
    if (head.ended) return yield { text: decoded(start, 1, 'line', problem), first: 1, unit: 'line' };
    const rest = andThen(start, source, sizes.chunkBytes);
    if (opensArray(start)) yield* lineChunks(arrayAsLines(rest, problem), 'element', sizes, problem);
    else yield* lineChunks(rest, 'line', sizes, problem);
  } finally {
    // Taken by hand above, so a reader that stops early would leave the file's stream open.
    await source.return?.();
  }
}

async function* lineChunks(
  bytes: AsyncIterable<Buffer>,
  unit: TextChunk['unit'],
  sizes: ChunkSizes,
  problem: (problem: ChunkProblem) => void,
): AsyncGenerator<TextChunk> {
  let pending: Buffer = NOTHING;
  let first = 1;
  let passingOver = false;
  for await (const part of bytes) {
    const end = passingOver ? part.indexOf(NEWLINE) + 1 : 0;
    if (passingOver && end === 0) continue;
    if (passingOver) first += 1;
    passingOver = false;
    pending = pending.length === 0 ? part.subarray(end) : Buffer.concat([pending, part.subarray(end)]);
    if (pending.length < sizes.chunkBytes) continue;
    const cut = pending.lastIndexOf(NEWLINE) + 1;
    if (cut > 0) {
      const lines = pending.subarray(0, cut);
      yield { text: decoded(lines, first, unit, problem), first, unit };
      first += newlines(lines);
      pending = pending.subarray(cut);
    }
    if (pending.length > sizes.recordBytes) {
      problem({ position: `${unit} ${first}`, reason: `is longer than ${sizes.recordBytes} bytes, which no event is` });
      passingOver = true;
      pending = NOTHING;
    }
  }
  if (pending.length > 0) yield { text: decoded(pending, first, unit, problem), first, unit };
}

/** Rewrites `[a, b, c]` as three lines, in place: no copy, and the scan costs less than parsing. */
async function* arrayAsLines(
  bytes: AsyncIterable<Buffer>,
  problem: (problem: ChunkProblem) => void,
): AsyncGenerator<Buffer> {
  const scan = { depth: 0, inText: false, escaped: false, element: 1, opened: false, strayed: false };
  for await (const part of bytes) {
    blankOut(part, scan);
    yield part;
  }
  if (scan.strayed)
    problem({ position: `element ${scan.element}`, reason: 'there is text outside the array, which is passed over' });
  if (scan.depth > 0)
    problem({
      position: `element ${scan.element}`,
      reason: 'the array does not end; the file may not have been written to its end',
    });
}

type Scan = { depth: number; inText: boolean; escaped: boolean; element: number; opened: boolean; strayed: boolean };

const SPACE = 0x20;
const RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const TAB = 0x09;
/** No JSON text may hold it raw, so what was broken stays broken. */
const FORBIDDEN = 0x01;

function blankOut(part: Buffer, scan: Scan): void {
  for (let index = 0; index < part.length; index++) {
    const byte = part[index];
    if (scan.inText) {
      if (scan.escaped) scan.escaped = false;
      else if (byte === BACKSLASH) scan.escaped = true;
      else if (byte === QUOTE) scan.inText = false;
      else if (byte === NEWLINE || byte === RETURN) part[index] = FORBIDDEN;
    } else if (byte === QUOTE && scan.depth > 0) scan.inText = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      scan.depth += 1;
      if (scan.depth === 1) open(part, index, byte, scan);
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (scan.depth === 0) scan.strayed = true;
      scan.depth = Math.max(0, scan.depth - 1);
      if (scan.depth === 0) part[index] = NEWLINE;
    } else if (byte === COMMA && scan.depth === 1) {
      part[index] = NEWLINE;
      scan.element += 1;
    } else if (byte === NEWLINE || byte === RETURN) part[index] = SPACE;
    else if (scan.depth === 0 && byte !== SPACE && byte !== TAB) {
      scan.strayed = true;
      part[index] = SPACE;
    }
  }
}

function open(part: Buffer, index: number, byte: number, scan: Scan): void {
  if (scan.opened) scan.element += 1;
  scan.opened = true;
  // Arrays one after the other are read as one; an object between them is not an element of any.
  if (byte === OPEN_OBJECT) scan.strayed = true;
  part[index] = SPACE;
}

function decoded(
  bytes: Buffer,
  first: number,
  unit: TextChunk['unit'],
  problem: (problem: ChunkProblem) => void,
): string {
  if (!isUtf8(bytes)) {
    for (let line = first, at = 0; at < bytes.length; line++) {
      const end = bytes.indexOf(NEWLINE, at);
      const next = end === -1 ? bytes.length : end + 1;
      if (!isUtf8(bytes.subarray(at, next)))
        problem({ position: `${unit} ${line}`, reason: 'has bytes that are not UTF-8; each was read as \uFFFD' });
      at = next;
    }
  }
  return bytes.toString('utf8');
}

async function readUpTo(source: AsyncIterator<Buffer>, most: number): Promise<{ bytes: Buffer; ended: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length <= most) {
    const next = await source.next();
    if (next.done === true) return { bytes: Buffer.concat(parts), ended: true };
    parts.push(next.value);
    length += next.value.length;
  }
  return { bytes: Buffer.concat(parts), ended: false };
}

async function* andThen(head: Buffer, source: AsyncIterator<Buffer>, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < head.length; at += size) yield head.subarray(at, at + size);
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
}

/** Undefined for UTF-16, which some editors and shells on Windows write. */
function withoutMark(bytes: Buffer): Buffer | undefined {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return undefined;
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

function opensArray(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte !== SPACE && byte !== NEWLINE && byte !== RETURN && byte !== TAB) return byte === OPEN_LIST;
  }
  return false;
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
