import { collectNames, type NameCollector, type NamedValues } from './named-values.ts';

/** How a text writes its pairs down. */
export interface KeyValueOptions {
  /** The character between two pairs; a space stands for any run of spaces and tabs. */
  readonly separator?: string;
  /** The character between a key and its value. */
  readonly assignment?: string;
  /** Characters that may enclose a value. */
  readonly quotes?: string;
  /** Where a value without quotes ends: at the next separator, or only where another `key=` begins. */
  readonly unquoted?: 'separator' | 'next pair';
}

export interface KeyValueText {
  /** Values without their quotes and escapes; a repeated key is kept as `key (2)`. */
  readonly pairs: NamedValues;
  /** What belongs to no pair, in its order. */
  readonly rest: readonly string[];
}

/** A text with more pairs than this keeps the others in `rest`: each name would become a column of its own. */
const maximumPairs = 1000;

/**
 * Reads `key=value key="some value"`. Total, and linear in the text's length. Within quotes a backslash makes a quote or a
 * backslash content, and so is a quote that no separator follows, so that a value cannot pose as a pair.
 * @example parseKeyValues('type=event msg="said \\"no\\"" done').pairs.msg // 'said "no"'
 */
export function parseKeyValues(text: string, options: KeyValueOptions = {}): KeyValueText {
  const reader = new PairReader(text, options);
  reader.read();
  return { pairs: reader.pairs.values, rest: reader.rest };
}

/** State: where in the text it is. */
class PairReader {
  readonly pairs: NameCollector = collectNames();
  readonly rest: string[] = [];
  readonly #text: string;
  readonly #separator: string;
  readonly #assignment: string;
  readonly #quotes: string;
  readonly #runsOn: boolean;
  #at = 0;
  /** A value once had no end although its backslashes were taken for escapes: they are none in this text. */
  #hasEscapes = true;

  constructor(text: string, options: KeyValueOptions) {
    this.#text = text;
    this.#separator = options.separator ?? ' ';
    this.#assignment = options.assignment ?? '=';
    this.#quotes = options.quotes ?? '"';
    this.#runsOn = options.unquoted === 'next pair';
  }

  read(): void {
    for (this.#skipSeparators(); this.#at < this.#text.length; this.#skipSeparators()) {
      if (this.pairs.size === maximumPairs) {
        this.rest.push(this.#text.slice(this.#at));
        return;
      }
      const start = this.#at;
      const keyEnd = this.#keyEnd(start);
      if (keyEnd > start && this.#text[keyEnd] === this.#assignment) {
        this.#at = keyEnd + 1;
        this.pairs.add(this.#text.slice(start, keyEnd).trim(), this.#value());
      } else this.rest.push(this.#isQuote(start) ? this.#quoted() : this.#word());
    }
  }

  #value(): string {
    if (this.#isQuote(this.#at)) return this.#quoted();
    return this.#runsOn ? this.#untilNextPair() : this.#word();
  }

  #word(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !this.#isSeparator(this.#at)) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #untilNextPair(): string {
    const start = this.#at;
    const next = this.#nextPair(start);
    this.#at = next;
    return this.#text.slice(start, next).trimEnd();
  }

  /** The separator before the next `key=`, or the text's end. */
  #nextPair(from: number): number {
    let equals = this.#text.indexOf(this.#assignment, from);
    let floor = from;
    while (equals !== -1) {
      let keyStart = equals;
      while (keyStart > floor && isKeyCharacter(this.#text.charCodeAt(keyStart - 1))) keyStart -= 1;
      if (keyStart < equals && keyStart > floor && this.#isSeparator(keyStart - 1)) return keyStart - 1;
      floor = equals + 1;
      equals = this.#text.indexOf(this.#assignment, floor);
    }
    return this.#text.length;
  }

  #quoted(): string {
    const start = this.#at + 1;
    const quote = this.#text.charAt(this.#at);
    let end = this.#closing(quote, start);
    if (end === -1 && this.#hasEscapes) {
      this.#hasEscapes = false;
      end = this.#closing(quote, start);
    }
    const value = this.#text.slice(start, end === -1 ? this.#text.length : end);
    this.#at = end === -1 ? this.#text.length : end + 1;
    return this.#hasEscapes ? unescaped(value, quote) : value;
  }

  #closing(quote: string, from: number): number {
    for (let at = from; at < this.#text.length; at += 1) {
      const letter = this.#text[at];
      if (letter === '\\' && this.#hasEscapes && isEscaped(this.#text[at + 1], quote)) at += 1;
      else if (letter === quote && this.#endsValue(at + 1)) return at;
    }
    return -1;
  }

  #endsValue(at: number): boolean {
    return at === this.#text.length || this.#isSeparator(at) || isBlank(this.#text[at]);
  }

  #keyEnd(start: number): number {
    let at = start;
    while (at < this.#text.length && this.#text[at] !== this.#assignment) {
      if (this.#isSeparator(at) || this.#isQuote(at)) return at;
      at += 1;
    }
    return at;
  }

  #skipSeparators(): void {
    while (this.#at < this.#text.length && (this.#isSeparator(this.#at) || isBlank(this.#text[this.#at])))
      this.#at += 1;
  }

  #isSeparator(at: number): boolean {
    return this.#text[at] === this.#separator || (this.#separator === ' ' && this.#text[at] === '\t');
  }

  #isQuote(at: number): boolean {
    const letter = this.#text[at];
    return letter !== undefined && this.#quotes.includes(letter);
  }
}

function isBlank(letter: string | undefined): boolean {
  return letter === ' ' || letter === '\t';
}

function isEscaped(letter: string | undefined, quote: string): boolean {
  return letter === quote || letter === '\\';
}

/** Letters, digits and what else stands in names of fields, so that an equals sign within a value starts no pair. */
function isKeyCharacter(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 91) ||
    (code >= 97 && code <= 122) ||
    code === 93 || // ]
    code === 95 || // _
    code === 45 || // -
    code === 46 // .
  );
}

function unescaped(value: string, quote: string): string {
  if (!value.includes('\\')) return value;
  let text = '';
  let from = 0;
  for (let at = value.indexOf('\\'); at !== -1; at = value.indexOf('\\', at)) {
    if (isEscaped(value[at + 1], quote)) {
      text += value.slice(from, at);
      from = at + 1;
      at += 2;
    } else at += 1;
  }
  return text + value.slice(from);
}
