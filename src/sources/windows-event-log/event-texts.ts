/** A piece of a file of XML events. */
export type TextPiece =
  /** `<Event>…</Event>`, with what stood before it on its line. */
  | { readonly kind: 'event'; readonly head: string; readonly text: string }
  /** An event that does not end. */
  | { readonly kind: 'broken'; readonly text: string; readonly reason: string; readonly detail: string }
  /** What is outside of events. */
  | { readonly kind: 'text'; readonly text: string };

/** The largest event of Windows is far smaller. */
const longestEvent = 4 * 1024 * 1024;
const namespace = /<Event\s[^<>]{0,500}schemas\.microsoft\.com\/win\/2004\/08\/events\/event/;

/** Where an event's text is being looked for its end. */
interface OpenEvent {
  readonly head: string;
  readonly lines: string[];
  length: number;
  depth: number;
  /** The mark that ends a comment or character data. */
  until: '-->' | ']]>' | undefined;
}

/** State: the lines of the event that has begun. Cuts events out of lines, in time linear in their length. */
export class EventTexts {
  #open: OpenEvent | undefined;
  /** After an event that is too long, up to the next one. */
  #isSkipping = false;

  line(text: string): readonly TextPiece[] {
    const pieces: TextPiece[] = [];
    // Where an event was cut off, the next one tells that it was.
    if (this.#open !== undefined && namespace.test(text)) pieces.push(...this.end());
    let at = 0;
    while (at < text.length || (at === 0 && text === '')) {
      const next = this.#open === undefined ? this.#begin(text, at, pieces) : this.#goOn(text, at, pieces);
      if (next <= at) break;
      at = next;
    }
    return pieces;
  }

  end(): readonly TextPiece[] {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return [];
    return [{ kind: 'broken', text: textOf(open), reason: 'event.truncated', detail: 'the event has no end tag' }];
  }

  /** Looks for the beginning of an event; gives where to go on. */
  #begin(text: string, from: number, pieces: TextPiece[]): number {
    const start = beginningOf(text, from);
    const before = text.slice(from, start < 0 ? undefined : start);
    if (start < 0) {
      if (!this.#isSkipping && before.trim() !== '') pieces.push({ kind: 'text', text: before });
      return text.length;
    }
    this.#isSkipping = false;
    this.#open = { head: before, lines: [], length: 0, depth: 0, until: undefined };
    return this.#goOn(text, start, pieces);
  }

  #goOn(text: string, from: number, pieces: TextPiece[]): number {
    const open = this.#open;
    if (open === undefined) return from;
    const end = endOf(open, text, from);
    const part = text.slice(from, end < 0 ? undefined : end);
    open.lines.push(part);
    open.length += part.length + 1;
    if (end >= 0) {
      this.#open = undefined;
      pieces.push({ kind: 'event', head: open.head, text: textOf(open) });
      return end;
    }
    if (open.length > longestEvent) {
      const detail = `the event has more than ${longestEvent} characters`;
      pieces.push({ kind: 'broken', text: textOf(open), reason: 'event.too-long', detail });
      this.#open = undefined;
      this.#isSkipping = true;
    }
    return text.length;
  }
}

function textOf({ lines }: OpenEvent): string {
  return lines.join('\n');
}

/** Where an event begins, -1 where none does. */
export function beginningOf(text: string, from = 0): number {
  const begin = /<Event(?=[\s>])/g;
  begin.lastIndex = from;
  return begin.exec(text)?.index ?? -1;
}

/** Where the event ends in this line, -1 where it goes on. Marks inside comments and character data are none. */
function endOf(open: OpenEvent, text: string, from: number): number {
  const mark = /<!--|<!\[CDATA\[|<(\/?)Event(?=[\s>])/g;
  let at = from;
  for (;;) {
    if (open.until !== undefined) {
      const closed = text.indexOf(open.until, at);
      if (closed < 0) return -1;
      at = closed + open.until.length;
      open.until = undefined;
    }
    mark.lastIndex = at;
    const found = mark.exec(text);
    if (found === null) return -1;
    at = mark.lastIndex;
    if (found[0] === '<!--') open.until = '-->';
    else if (found[0] === '<![CDATA[') open.until = ']]>';
    else {
      open.depth += found[1] === '/' ? -1 : 1;
      if (open.depth <= 0) {
        const close = text.indexOf('>', at);
        return close < 0 ? text.length : close + 1;
      }
    }
  }
}
