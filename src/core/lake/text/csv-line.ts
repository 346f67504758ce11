export interface CsvLine {
  readonly values: readonly string[];
  /** False where a quote is never closed: the record goes on in the next line, or is cut off. */
  readonly isComplete: boolean;
}

export interface CsvOptions {
  readonly separator?: string;
  readonly quote?: string;
}

/** A line with more values than this keeps the others, uncut, in its last one. */
const maximumValues = 2000;

/**
 * Reads one line of separated values, quoted as RFC 4180 says: quotes within quotes are doubled. Total: a quote within an
 * unquoted value is content, and text after a closing quote belongs to the value.
 * @example parseCsvLine('1,"a ""b"", c",').values // ['1', 'a "b", c', '']
 */
export function parseCsvLine(line: string, options: CsvOptions = {}): CsvLine {
  const separator = options.separator ?? ',';
  const quote = options.quote ?? '"';
  const values: string[] = [];
  let isComplete = true;
  let at = 0;
  for (;;) {
    if (values.length === maximumValues - 1) {
      values.push(line.slice(at));
      return { values, isComplete };
    }
    let value = '';
    if (line[at] === quote) {
      const quoted = quotedAt(line, at, quote);
      ({ value } = quoted);
      at = quoted.end;
      isComplete = quoted.isClosed;
    }
    const next = line.indexOf(separator, at);
    values.push(value + line.slice(at, next === -1 ? line.length : next));
    if (next === -1) return { values, isComplete };
    at = next + separator.length;
  }
}

interface QuotedValue {
  readonly value: string;
  readonly end: number;
  readonly isClosed: boolean;
}

function quotedAt(line: string, position: number, quote: string): QuotedValue {
  let value = '';
  let from = position + 1;
  for (;;) {
    const close = line.indexOf(quote, from);
    if (close === -1) return { value: value + line.slice(from), end: line.length, isClosed: false };
    if (line[close + 1] !== quote) return { value: value + line.slice(from, close), end: close + 1, isClosed: true };
    value += line.slice(from, close + 1);
    from = close + 2;
  }
}
