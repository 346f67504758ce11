/** A search as a person writes it, taken apart. */
export type SearchNode =
  | { readonly kind: 'all'; readonly of: readonly SearchNode[] }
  | { readonly kind: 'any'; readonly of: readonly SearchNode[] }
  | { readonly kind: 'not'; readonly of: SearchNode }
  /** Text anywhere in the event. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: string; readonly test: FieldTest };

export type FieldTest =
  | { readonly is: 'equal'; readonly value: string }
  /** `*` stands for any text. */
  | { readonly is: 'like'; readonly pattern: string }
  | { readonly is: 'exists' }
  | { readonly is: 'within'; readonly cidr: string }
  | { readonly is: 'compare'; readonly operator: '<' | '<=' | '>' | '>='; readonly value: string };

/** What is wrong with a search, and at which character (from 0). */
export interface SearchProblem {
  readonly at: number;
  readonly message: string;
}

export type ParsedSearch =
  | { readonly ok: true; readonly node: SearchNode }
  | { readonly ok: false; readonly problem: SearchProblem };

interface Token {
  readonly kind: 'word' | 'quoted' | 'open' | 'close' | 'or' | 'and' | 'not' | 'minus' | 'field';
  readonly text: string;
  readonly at: number;
}

const maximumLength = 4096;
const maximumDepth = 20;

/**
 * Reads a search: terms beside each other must all hold, `OR`, `NOT` or `-`, brackets, `field:value`, `field:*`,
 * `field:a*b`, `field:203.0.113.0/24`, `field:>=5`, quotes around what has spaces.
 * @example parseSearch('actor.user.name:alice src_endpoint.ip:203.0.113.0/24 -status:Failure "free text"')
 */
export function parseSearch(text: string): ParsedSearch {
  if (text.length > maximumLength)
    return { ok: false, problem: { at: maximumLength, message: `A search has at most ${maximumLength} characters` } };
  const tokens = tokensOf(text);
  if ('message' in tokens) return { ok: false, problem: tokens };
  const reader = new Reader(tokens.list, text.length);
  try {
    return { ok: true, node: reader.whole() };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: { at: error.at, message: error.message } };
    throw error;
  }
}

class Unreadable extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

function tokensOf(text: string): { readonly list: readonly Token[] } | SearchProblem {
  const list: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const letter = text[at] ?? '';
    if (/\s/.test(letter)) at += 1;
    else if (letter === '(' || letter === ')')
      list.push({ kind: letter === '(' ? 'open' : 'close', text: letter, at: at++ });
    else if (letter === '-' && /[^\s]/.test(text[at + 1] ?? ' ')) list.push({ kind: 'minus', text: letter, at: at++ });
    else if (letter === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) return { at, message: 'A quotation mark is not closed' };
      list.push({
        kind: 'quoted',
        text: text
          .slice(at + 1, end)
          .replaceAll('\\"', '"')
          .replaceAll('\\\\', '\\'),
        at,
      });
      at = end + 1;
    } else {
      const word = wordAt(text, at);
      list.push(word);
      at += word.text.length + (word.kind === 'field' ? 1 : 0);
    }
  }
  return { list };
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}

const operators: Readonly<Record<string, Token['kind']>> = { OR: 'or', AND: 'and', NOT: 'not' };

/** A word up to a space, bracket or quote; up to a colon where it is the name of a field. */
function wordAt(text: string, at: number): Token {
  const field = /^[A-Za-z_][A-Za-z0-9_.[\]-]*(?=:)/.exec(text.slice(at, at + 256));
  if (field !== null) return { kind: 'field', text: field[0], at };
  const word = /^[^\s()"]+/.exec(text.slice(at))?.[0] ?? text[at] ?? '';
  return { kind: operators[word] ?? 'word', text: word, at };
}

/** State: the tokens still to be read. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): SearchNode {
    if (this.#tokens.length === 0) return { kind: 'all', of: [] };
    const node = this.#either(0);
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw new Unreadable(rest.at, 'A bracket is closed that was not opened');
    return node;
  }

  #either(depth: number): SearchNode {
    if (depth > maximumDepth) throw new Unreadable(this.#at(), `Brackets are nested deeper than ${maximumDepth}`);
    const parts = [this.#every(depth)];
    while (this.#take('or')) parts.push(this.#every(depth));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'any', of: parts };
  }

  #every(depth: number): SearchNode {
    const parts: SearchNode[] = [];
    for (
      let token = this.#tokens[this.#next];
      token !== undefined && token.kind !== 'or' && token.kind !== 'close';
      token = this.#tokens[this.#next]
    ) {
      if (!this.#take('and')) parts.push(this.#term(depth));
    }
    if (parts.length === 0) throw new Unreadable(this.#at(), 'A condition is missing here');
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', of: parts };
  }

  #term(depth: number): SearchNode {
    if (depth > maximumDepth) throw new Unreadable(this.#at(), `Conditions are nested deeper than ${maximumDepth}`);
    if (this.#take('minus') || this.#take('not')) return { kind: 'not', of: this.#term(depth + 1) };
    if (this.#take('open')) {
      const inner = this.#either(depth + 1);
      if (!this.#take('close')) throw new Unreadable(this.#at(), 'A bracket is not closed');
      return inner;
    }
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new Unreadable(this.#end, 'A condition is missing here');
    this.#next += 1;
    return token.kind === 'field' ? this.#field(token) : { kind: 'text', text: token.text };
  }

  #field(name: Token): SearchNode {
    const value = this.#tokens[this.#next];
    if (value === undefined || value.at !== name.at + name.text.length + 1)
      throw new Unreadable(name.at + name.text.length + 1, `A value is missing behind ${name.text}:`);
    this.#next += 1;
    if (value.kind === 'quoted') return { kind: 'field', field: name.text, test: { is: 'equal', value: value.text } };
    if (value.kind === 'field') {
      // A value with a colon in it, such as an ARN: what looks like a field is its beginning.
      const rest = this.#tokens[this.#next];
      const follows =
        rest !== undefined &&
        rest.at === value.at + value.text.length + 1 &&
        (rest.kind === 'word' || rest.kind === 'field');
      if (follows) this.#next += 1;
      return { kind: 'field', field: name.text, test: testOf(`${value.text}:${follows ? rest.text : ''}`) };
    }
    const minus = value.kind === 'minus' ? this.#tokens[this.#next++] : undefined;
    return { kind: 'field', field: name.text, test: testOf(minus === undefined ? value.text : `-${minus.text}`) };
  }

  #take(kind: Token['kind']): boolean {
    if (this.#tokens[this.#next]?.kind !== kind) return false;
    this.#next += 1;
    return true;
  }

  #at(): number {
    return this.#tokens[this.#next]?.at ?? this.#end;
  }
}

function testOf(text: string): FieldTest {
  if (text === '*') return { is: 'exists' };
  const compared = /^(<=|>=|<|>)(.+)$/.exec(text);
  if (compared !== null)
    return { is: 'compare', operator: compared[1] as '<' | '<=' | '>' | '>=', value: compared[2] ?? '' }; // the pattern's alternatives
  if (/^[0-9A-Fa-f:.]+\/\d{1,3}$/.test(text)) return { is: 'within', cidr: text };
  return text.includes('*') ? { is: 'like', pattern: text } : { is: 'equal', value: text };
}
