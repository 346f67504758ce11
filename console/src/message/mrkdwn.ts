import { withEmoji } from './emoji.ts';
import { type AngleNode, parseAngle, unescapeSlack } from './mrkdwn-angle.ts';

/** What a line of Slack's mrkdwn means. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | AngleNode;

export type Block =
  | { readonly kind: 'lines'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'quote'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'pre'; readonly text: string };

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Mark = keyof typeof MARKS;

/** Parses mrkdwn as Slack draws it; never throws, takes time in proportion to the length, and makes data, not HTML. */
export function parseMrkdwn(text: string): Block[] {
  const blocks: Block[] = [];
  const fences = text.replaceAll('\r\n', '\n').split('```');
  // An odd fence at the end opens nothing: it is text.
  const closed = fences.length % 2 === 1 ? fences : [...fences.slice(0, -2), `${fences.at(-2)}\`\`\`${fences.at(-1)}`];
  closed.forEach((part, index) => {
    if (index % 2 === 1) blocks.push({ kind: 'pre', text: unescapeSlack(part.replace(/^\n/, '').replace(/\n$/, '')) });
    else blocks.push(...lineBlocks(part));
  });
  return blocks;
}

function lineBlocks(part: string): Block[] {
  const trimmed = part.replace(/^\n/, '').replace(/\n$/, '');
  if (trimmed === '') return [];
  const blocks: { kind: 'lines' | 'quote'; lines: Inline[][] }[] = [];
  for (const line of trimmed.split('\n')) {
    const quoted = /^&gt; ?/.exec(line) ?? /^> ?/.exec(line);
    const kind = quoted === null ? 'lines' : 'quote';
    const inlines = parseInline(quoted === null ? line : line.slice(quoted[0].length));
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(inlines);
    else blocks.push({ kind, lines: [inlines] });
  }
  return blocks;
}

/** Parses one line. */
export function parseInline(line: string): Inline[] {
  return scan(line, new Set());
}

function scan(line: string, within: ReadonlySet<Mark>): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  let at = 0;
  // Once a closing mark is not found from here, it is not found from any later place either.
  const hopeless = new Set<string>();
  const push = (node: Inline, next: number) => {
    if (plain !== '') found.push({ kind: 'text', text: withEmoji(unescapeSlack(plain)) });
    plain = '';
    found.push(node);
    at = next;
  };
  while (at < line.length) {
    const character = line.charAt(at);
    const span = hopeless.has(character) ? undefined : spanAt(line, at, within, hopeless);
    if (span !== undefined) {
      push(span.node, span.next);
      continue;
    }
    plain += character;
    at += 1;
  }
  if (plain !== '') found.push({ kind: 'text', text: withEmoji(unescapeSlack(plain)) });
  return found;
}

type Span = { readonly node: Inline; readonly next: number };

function spanAt(line: string, at: number, within: ReadonlySet<Mark>, hopeless: Set<string>): Span | undefined {
  const character = line.charAt(at);
  if (character === '`') return codeAt(line, at, hopeless);
  if (character === '<') return angleAt(line, at, hopeless);
  if (character !== '*' && character !== '_' && character !== '~') return undefined;
  return within.has(character) ? undefined : markedAt(line, at, character, within, hopeless);
}

function codeAt(line: string, at: number, hopeless: Set<string>): Span | undefined {
  const end = line.indexOf('`', at + 1);
  if (end < 0) hopeless.add('`');
  if (end <= at + 1) return undefined;
  return { node: { kind: 'code', text: unescapeSlack(line.slice(at + 1, end)) }, next: end + 1 };
}

function angleAt(line: string, at: number, hopeless: Set<string>): Span | undefined {
  const end = line.indexOf('>', at + 1);
  if (end < 0) hopeless.add('<');
  if (end <= at + 1) return undefined;
  return { node: parseAngle(line.slice(at + 1, end)), next: end + 1 };
}

function markedAt(
  line: string,
  at: number,
  mark: Mark,
  within: ReadonlySet<Mark>,
  hopeless: Set<string>,
): Span | undefined {
  if (!isBoundary(line, at - 1) || isSpace(line, at + 1) || line.charAt(at + 1) === mark) return undefined;
  for (let end = line.indexOf(mark, at + 2); end > 0; end = line.indexOf(mark, end + 1)) {
    if (isSpace(line, end - 1) || !isBoundary(line, end + 1)) continue;
    const children = scan(line.slice(at + 1, end), new Set([...within, mark]));
    return { node: { kind: MARKS[mark], children }, next: end + 1 };
  }
  hopeless.add(mark);
  return undefined;
}

/** Slack formats only what is set off from words: the start, the end, a space, punctuation or another mark. */
function isBoundary(line: string, at: number): boolean {
  return at < 0 || at >= line.length || !/[\p{L}\p{N}]/u.test(line.charAt(at));
}

function isSpace(line: string, at: number): boolean {
  return at >= line.length || /\s/.test(line.charAt(at));
}
