import { type Cut, MAX_TROUBLE_BYTES } from './cut.ts';
import { COMMA, OPEN_OBJECT } from './json-bytes.ts';
import { type Verified, verifyJson } from './json-verify.ts';

/** Collects cuts; those of a document wait for its envelope, whose end stands behind the records. */
export class JsonSink {
  readonly #maxBytes: number;
  #ready: Cut[] = [];
  #waiting: Cut[] = [];
  #waitingBytes = 0;
  #pieces: Buffer[] | undefined;
  #pieceBytes = 0;
  #offset = 0;
  /** Known before the document's end only when too many records were waiting for it. */
  #early: Buffer | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds a cut; `openObjects` closes the envelope should it be needed before its end. */
  push(cut: Cut, openObjects: number): void {
    if (this.#pieces === undefined) {
      this.#ready.push(this.#early === undefined ? cut : enveloped(cut, this.#early));
      return;
    }
    this.#waiting.push(cut);
    this.#waitingBytes += cut.bytes.length;
    if (this.#waitingBytes <= this.#maxBytes) return;
    this.#release(openObjects);
  }

  /** Begins a document whose records shall carry its text. */
  begin(offset: number): void {
    this.#offset = offset;
    this.#early = undefined;
    this.#pieces = [];
    this.#pieceBytes = 0;
  }

  /** Adds text of the document that is not its array. */
  addText(text: Buffer): void {
    this.#pieceBytes += text.length;
    // A copy, or else the window lives as long as the records.
    if (this.#pieceBytes <= this.#maxBytes) this.#pieces?.push(Buffer.from(text));
  }

  /** The text of the document cannot be told. */
  loseText(): void {
    this.#pieceBytes = Number.POSITIVE_INFINITY;
    this.#pieces &&= [];
  }

  /** Ends the document: its records go out with its text, closed by as many brackets as are missing. */
  end(openObjects: number): void {
    if (this.#pieces !== undefined) this.#release(openObjects);
    this.#early = undefined;
  }

  /** The cuts that are done. */
  take(): Cut[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #release(openObjects: number): void {
    const text = joined(this.#pieces ?? [], openObjects);
    const verified = verifyJson(text);
    const isUsable = verified.ok && this.#pieceBytes <= this.#maxBytes;
    this.#early = isUsable ? text : undefined;
    if (!isUsable && this.#waiting.some(({ kind }) => kind === 'record'))
      this.#ready.push(this.#unusable(text, verified));
    for (const cut of this.#waiting) this.#ready.push(this.#early === undefined ? cut : enveloped(cut, this.#early));
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#pieces = undefined;
  }

  #unusable(text: Buffer, verified: Verified): Cut {
    const why =
      this.#pieceBytes > this.#maxBytes ? `longer than ${this.#maxBytes} bytes` : verified.ok ? '' : verified.detail;
    return {
      kind: 'trouble',
      reason: 'json.envelope',
      detail: `the records come without the text of their document, which is unusable: ${why}`,
      bytes: text.subarray(0, MAX_TROUBLE_BYTES),
      offset: this.#offset,
      length: text.length,
      records: 0,
    };
  }
}

function enveloped(cut: Cut, envelope: Buffer): Cut {
  return cut.kind === 'record' ? { ...cut, envelope } : cut;
}

/** Joins the text before and behind an array whose key went with it: where that was the first key, the comma behind it goes too. */
function joined(pieces: readonly Buffer[], openObjects: number): Buffer {
  let text = '';
  for (const piece of pieces) {
    const next = piece.toString('latin1');
    const before = trimEnd(text);
    const isFirst = before.charCodeAt(before.length - 1) === OPEN_OBJECT;
    text = isFirst ? before + next.replace(/^[ \t\r\n,]+/, '') : before + next;
  }
  text = trimEnd(text) + '}'.repeat(openObjects);
  return Buffer.from(text, 'latin1');
}

/** Without white space and commas at the end. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) <= 0x20 || text.charCodeAt(end - 1) === COMMA)) end -= 1;
  return text.slice(0, end);
}
