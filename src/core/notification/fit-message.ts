import { context, LIMITS } from '#core/notification/block-kit.ts';
import type { Language } from '#core/notification/destination.ts';
import type { SlackBlock, SlackMessage } from '#core/notification/message.ts';
import { texts } from '#core/text/texts.ts';

type Json = Readonly<Record<string, unknown>>;
type Say = (missing: number) => string;

/** A text is not cut below this before whole blocks are left out. */
const SHORTEST = 200;

/** The message within every limit of Slack; what had to be cut is said in it. */
export function fitMessage(message: SlackMessage, language: Language): SlackMessage {
  const t = texts(language);
  const say: Say = (missing) => t.message.cut(String(missing));
  const text = cutMarkup(message.text, LIMITS.text, say);
  let left: Left = { kept: message.blocks.map((block) => withinLimits(block, say)), omitted: 0 };
  for (;;) {
    const blocks = withNote(left, (count) => t.message.partsCut(String(count)));
    const excess = weightOf(blocks) + text.length - LIMITS.message;
    if (blocks.length <= LIMITS.blocks && excess <= 0) return { text, blocks };
    const shorter = blocks.length > LIMITS.blocks ? undefined : shortenLongest(left.kept, excess, say);
    left = shorter === undefined ? withoutOne(left) : { ...left, kept: shorter };
  }
}

/** What is kept of a message, and how many of its blocks are not. */
type Left = { readonly kept: readonly SlackBlock[]; readonly omitted: number };

/** Leaves out the last paragraph; header and buttons go last of all. */
function withoutOne({ kept, omitted }: Left): Left {
  const paragraph = kept.findLastIndex(mayShrink);
  const index = paragraph < 0 ? kept.length - 1 : paragraph;
  return { kept: kept.filter((_, at) => at !== index), omitted: omitted + 1 };
}

function withNote({ kept, omitted }: Left, say: Say): readonly SlackBlock[] {
  if (omitted === 0) return kept;
  const end = kept.at(-1)?.type === 'actions' ? kept.length - 1 : kept.length;
  return [...kept.slice(0, end), context([say(omitted)]), ...kept.slice(end)];
}

/** What Slack counts: all text, and a price for every further block. */
export function weightOf(blocks: readonly unknown[]): number {
  return charactersIn(blocks) + LIMITS.perBlock * Math.max(0, blocks.length - 1);
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersIn(item), 0);
  if (!isObject(value)) return 0;
  let sum = 0;
  for (const key in value) {
    const child = value[key];
    sum += key === 'text' && typeof child === 'string' ? child.length : charactersIn(child);
  }
  return sum;
}

/** Cuts markup so that no entity, link or code span is left open, and says how much is missing. */
export function cutMarkup(markup: string, most: number, say: Say): string {
  if (markup.length <= most) return markup.toWellFormed();
  const room = most - say(markup.length).length - 1;
  let kept = '';
  let isBold = false;
  for (const [token] of markup.toWellFormed().matchAll(/<[^<>]*>|&(?:amp|lt|gt);|`[^`\n]*`|./gsu)) {
    if (kept.length + token.length > room) break;
    kept += token;
    if (token === '*') isBold = !isBold;
  }
  return `${kept}${isBold ? '*' : ''}${say(markup.length - kept.length)}`;
}

function withinLimits(block: SlackBlock, say: Say): SlackBlock {
  switch (block.type) {
    case 'header':
      return { ...block, text: cutText(block['text'], LIMITS.header, () => '…') };
    case 'section':
      return {
        ...block,
        ...(block['text'] === undefined ? {} : { text: cutText(block['text'], LIMITS.section, say) }),
        ...(Array.isArray(block['fields'])
          ? { fields: block['fields'].slice(0, LIMITS.fields).map((field) => cutText(field, LIMITS.field, say)) }
          : {}),
      };
    case 'context':
      return {
        ...block,
        elements: elementsOf(block, LIMITS.contextElements).map((element) =>
          cutText(element, LIMITS.contextElement, say),
        ),
      };
    case 'actions':
      return { ...block, elements: elementsOf(block, LIMITS.actions).flatMap(withinButtonLimits) };
    default:
      return block;
  }
}

function elementsOf(block: SlackBlock, most: number): readonly unknown[] {
  const elements = block['elements'];
  return Array.isArray(elements) ? elements.slice(0, most) : [];
}

function cutText(value: unknown, most: number, say: Say): unknown {
  if (!isObject(value) || typeof value['text'] !== 'string') return value;
  const text = cutMarkup(value['text'], most, say);
  return text === value['text'] ? value : { ...value, text };
}

// A shortened value or address would do something else than the button says.
function withinButtonLimits(element: unknown): unknown[] {
  if (!isObject(element)) return [];
  const { value, url } = element;
  if (typeof value === 'string' && value.length > LIMITS.buttonValue) return [];
  if (typeof url === 'string' && url.length > LIMITS.url) return [];
  return [{ ...element, text: cutText(element['text'], LIMITS.buttonText, () => '…') }];
}

/** Shortens the longest text by what is too much; undefined when no text is long. */
function shortenLongest(blocks: readonly SlackBlock[], excess: number, say: Say): readonly SlackBlock[] | undefined {
  const longest = Math.max(...blocks.filter(mayShrink).map((block) => Math.max(0, ...textsIn(block))));
  if (longest <= SHORTEST) return undefined;
  const most = Math.max(SHORTEST, longest - excess);
  let done = false;
  return blocks.map((block) => {
    if (done || !mayShrink(block) || Math.max(0, ...textsIn(block)) < longest) return block;
    done = true;
    return shortened(block, most, say);
  });
}

function mayShrink(block: SlackBlock): boolean {
  return block.type === 'section' || block.type === 'context';
}

function textsIn(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'text' && typeof child === 'string' ? [child.length] : textsIn(child),
  );
}

function shortened(block: SlackBlock, most: number, say: Say): SlackBlock {
  const parts = ['text', 'fields', 'elements'].flatMap((name) => {
    const part = block[name];
    if (part === undefined) return [];
    return [[name, Array.isArray(part) ? part.map((item) => cutText(item, most, say)) : cutText(part, most, say)]];
  });
  return { ...block, ...Object.fromEntries(parts) };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
