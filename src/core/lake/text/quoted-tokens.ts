const quote = 0x22;
const space = 0x20;

/**
 * The values of a line with one space between them. A value that begins with a double quote ends at the next quote with
 * a space or the line's end behind it, so it may hold spaces and lone quotes. Undefined where that end is missing.
 */
export function quotedTokens(line: string): string[] | undefined {
  const tokens: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const isQuoted = line.charCodeAt(at) === quote;
    const end = isQuoted ? closingQuote(line, at + 1) : endOfWord(line, at);
    if (end < 0) return undefined;
    tokens.push(line.slice(isQuoted ? at + 1 : at, end));
    at = end + (isQuoted ? 2 : 1);
  }
  return tokens;
}

export interface QuotedPair {
  readonly first: string;
  readonly second: string;
  /** A quote inside one of them looks like the border between them, too. */
  readonly isAmbiguous: boolean;
}

/** The two values of `"first" "second"`, whose own quotes the writer did not escape. Undefined for any other text. */
export function quotedPair(text: string): QuotedPair | undefined {
  const border = text.indexOf('" "', 1);
  if (border < 0 || text.charCodeAt(0) !== quote || text.charCodeAt(text.length - 1) !== quote) return undefined;
  if (border + 3 > text.length - 1) return undefined;
  return {
    first: text.slice(1, border),
    second: text.slice(border + 3, -1),
    isAmbiguous: text.indexOf('" "', border + 2) >= 0,
  };
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    if (at + 1 === line.length || line.charCodeAt(at + 1) === space) return at;
  }
  return -1;
}

function endOfWord(line: string, from: number): number {
  const end = line.indexOf(' ', from);
  return end < 0 ? line.length : end;
}
