import { createHash } from 'node:crypto';
import type { SlackBlock } from '#core/notification/message.ts';

/** Slack's limits (docs.slack.dev, Block Kit reference), in UTF-16 units. */
export const LIMITS = {
  blocks: 50,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  contextElement: 3_000,
  actions: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  text: 3_000,
  /** All text of a message; every further block costs as much as `perBlock` characters (measured, bolt-js issue 2509). */
  message: 13_000,
  perBlock: 125,
} as const;

/** A text of a message as Slack draws it; made by the functions here only, so that nothing from outside is markup. */
export type Mrkdwn = string;
export type Plain = string;

const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;
const INVISIBLE = /(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/gu;
const ACCENT_PILE = /(\p{M}{4})\p{M}+/gu;

/** One line of text from outside that shows what it holds: no line breaks, control, invisible or direction characters. */
export function oneLine(value: string): string {
  return PLAIN_ASCII.test(value) ? value.trim() : visible(value.replaceAll(/\s+/g, ' ')).trim();
}

const PLAIN_ASCII = /^[\x20-\x7e]*$/;

/** Text from outside with its paragraphs. */
export function paragraphs(value: string): string {
  const lines = value.replaceAll(/\r\n?|[\u2028\u2029\u0085\v\f]/g, '\n').split('\n');
  return lines
    .map(oneLine)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function visible(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(BIDI, '\ufffd')
    .replaceAll(INVISIBLE, '')
    .replaceAll(CONTROL, '\ufffd')
    .replaceAll(ACCENT_PILE, '$1');
}

function entities(value: string): string {
  return /[&<>]/.test(value) ? value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : value;
}

// Slack has no escape for its own marks; look-alikes keep the words readable, whichever client draws them.
const LOOK_ALIKES: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ' };

function withoutMarks(value: string): string {
  return value
    .replaceAll(/[*~`]/g, (mark) => LOOK_ALIKES[mark] ?? mark)
    .replaceAll(/@(?=(?:here|channel|everyone)(?![a-z0-9]))/gi, '＠');
}

// Most text from outside needs nothing done; several expressions over every text of every message would be felt.
const HARMLESS = /^[A-Za-z0-9 .,:;()/+='"-]*$/;

/** Text from outside for mrkdwn: no link, mention, emphasis or quotation can come out of it. */
export function escapeMrkdwn(value: string): Mrkdwn {
  if (HARMLESS.test(value)) return value.trim();
  const line = entities(oneLine(value).replace(/^>+/, (marks) => '›'.repeat(marks.length)));
  return withoutMarks(line).replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, 'ˍ');
}

/** Text from outside for a plain_text object; Slack decodes the three entities there as well. */
export function escapePlain(value: string): Plain {
  if (HARMLESS.test(value)) return value.trim();
  return withoutMarks(entities(oneLine(value)));
}

/** The same for a text of several paragraphs. */
export function escapeParagraphs(value: string): Plain {
  return withoutMarks(entities(paragraphs(value)));
}

/** An id, name or command as code: nothing in it is markup, and it is copied as it is. */
export function code(value: string): Mrkdwn {
  const inside = HARMLESS.test(value) ? value.trim() : withoutMarks(entities(oneLine(value)));
  return inside === '' ? '–' : `\`${inside}\``;
}

/** Says how much is missing, in the reader's language. */
export type SayMissing = (characters: number) => string;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** A single grapheme longer than this is an attack on whoever refuses to split it. */
const MAX_GRAPHEME = 64;

/** Shortens text from outside so that its escaped form keeps to `most`, and says how much is missing. */
export function clipped(
  value: string,
  most: number,
  escaped: (value: string) => string,
  say: SayMissing = () => '…',
): string {
  const whole = escaped(value);
  if (whole.length <= most) return whole;
  const line = paragraphs(value);
  const room = most - say(line.length).length;
  let low = 0;
  let high = Math.min(line.length, Math.max(room, 0));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (escaped(line.slice(0, middle)).length <= room) low = middle;
    else high = middle - 1;
  }
  const kept = wholeGraphemes(line, low);
  return `${escaped(kept)}${say(line.length - kept.length)}`;
}

/** The first `most` UTF-16 units without half a character at the end. */
export function wholeGraphemes(text: string, most: number): string {
  if (text.length <= most) return text;
  const from = Math.max(0, most - MAX_GRAPHEME);
  const start = from > 0 && isLowSurrogate(text, from) ? from - 1 : from;
  const around = text.slice(start, most + MAX_GRAPHEME);
  const found = graphemes.segment(around).containing(most - start);
  const boundary = found === undefined ? most : start + found.index;
  if (boundary > start || start === 0) return text.slice(0, boundary);
  return text.slice(0, isLowSurrogate(text, most) ? most - 1 : most);
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** A moment in the reader's own time zone, in UTC where Slack cannot draw it. */
export function moment(at: number): Mrkdwn {
  if (!Number.isFinite(at) || at <= 0 || at > 8.64e15) return '–';
  const fallback = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const seconds = Math.floor(at / 1000);
  return seconds > 4_102_444_800 ? fallback : `<!date^${seconds}^{date_short_pretty} {time}|${fallback}>`;
}

/** A link with words that are already escaped; an address that may not be opened leaves only the words. */
export function link(url: string | null, words: Mrkdwn): Mrkdwn {
  const address = url === null ? null : safeAddress(url);
  return address === null ? words : `<${entities(address)}|${words.replaceAll('|', '¦')}>`;
}

/** The address when Slack may be given it, else null. */
export function safeAddress(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return null;
  const address = parsed.href.replaceAll('|', '%7C').replaceAll("'", '%27');
  return address.length > LIMITS.url ? null : address;
}

/** A header; `text` is already escaped. */
export function header(text: Plain): SlackBlock {
  return { type: 'header', text: { type: 'plain_text', text: text === '' ? '–' : text, emoji: false } };
}

/** A paragraph; `verbatim` keeps Slack from making links of what others wrote. */
export function section(text: Mrkdwn): SlackBlock {
  return { type: 'section', text: mrkdwn(text) };
}

/** A paragraph of text in which no mark means anything. */
export function plainSection(text: Plain): SlackBlock {
  return { type: 'section', text: { type: 'plain_text', text: text === '' ? '–' : text, emoji: false } };
}

/** Pairs of label and value, two in a row. */
export function fields(texts: readonly Mrkdwn[]): SlackBlock {
  return { type: 'section', fields: texts.slice(0, LIMITS.fields).map(mrkdwn) };
}

/** Small print. */
export function context(texts: readonly Mrkdwn[]): SlackBlock {
  return { type: 'context', elements: texts.slice(0, LIMITS.contextElements).map(mrkdwn) };
}

export function divider(): SlackBlock {
  return { type: 'divider' };
}

export function actions(blockId: string, elements: readonly Readonly<Record<string, unknown>>[]): SlackBlock {
  return { type: 'actions', block_id: blockId, elements: elements.slice(0, LIMITS.actions) };
}

/** A button that asks us to do something; `value` names the problem. */
export function button(
  actionId: string,
  text: Plain,
  value: string,
  style?: 'primary' | 'danger',
): Readonly<Record<string, unknown>> {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text, emoji: false },
    value,
    ...(style === undefined ? {} : { style }),
  };
}

/** A button that opens a page; undefined when the address is none that may be opened. */
export function linkButton(
  actionId: string,
  text: Plain,
  url: string | null,
): Readonly<Record<string, unknown>> | undefined {
  const address = url === null ? null : safeAddress(url);
  return address === null
    ? undefined
    : { type: 'button', action_id: actionId, text: { type: 'plain_text', text, emoji: false }, url: address };
}

/** What stands for a problem key in a button: the key, or its hash when it is too long. */
export function problemReference(key: string): string {
  return key.length <= LIMITS.buttonValue ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

function mrkdwn(text: Mrkdwn): Readonly<Record<string, unknown>> {
  return { type: 'mrkdwn', text: text === '' ? '–' : text, verbatim: true };
}
