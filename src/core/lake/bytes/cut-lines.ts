import { type Cut, type Cutter, MAX_TROUBLE_BYTES } from './cut.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Cuts text into lines without their ends (LF, CRLF, or a lone CR at the very end); empty lines are lines, too. */
export function createLineCutter({ maxLineBytes = 16 * 1024 * 1024 }: { readonly maxLineBytes?: number } = {}): Cutter {
  let pieces: Buffer[] = [];
  let length = 0;
  let offset = 0;

  function add(piece: Buffer): void {
    // What is too long is not kept, but for its first bytes.
    if (length <= Math.max(maxLineBytes, MAX_TROUBLE_BYTES)) pieces.push(piece);
    length += piece.length;
  }

  function take(): Cut {
    const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    const cut = toCut(bytes, length, offset, maxLineBytes);
    pieces = [];
    offset += length;
    length = 0;
    return cut;
  }

  return {
    push(chunk) {
      const cuts: Cut[] = [];
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, end));
        cuts.push(take());
        offset += 1;
        from = end + 1;
      }
      // A copy, so that the beginning of a line does not keep a whole chunk alive.
      if (from < chunk.length) add(Buffer.from(chunk.subarray(from)));
      return cuts;
    },
    end() {
      return length === 0 ? [] : [take()];
    },
  };
}

function toCut(bytes: Buffer, length: number, offset: number, maxLineBytes: number): Cut {
  const hasReturn = length === bytes.length && bytes[length - 1] === CARRIAGE_RETURN;
  const lineLength = hasReturn ? length - 1 : length;
  if (lineLength <= maxLineBytes) {
    const line = hasReturn ? bytes.subarray(0, lineLength) : bytes;
    return { kind: 'record', bytes: line, offset, envelope: undefined, loneSurrogates: false };
  }
  return {
    kind: 'trouble',
    reason: 'line.too-long',
    detail: `a line of ${lineLength} bytes, more than ${maxLineBytes}`,
    bytes: Buffer.from(bytes.subarray(0, Math.min(MAX_TROUBLE_BYTES, lineLength))),
    offset,
    length: lineLength,
    records: 1,
  };
}
