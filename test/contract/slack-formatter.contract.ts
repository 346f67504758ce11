import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapePlain, LIMITS } from '#core/notification/block-kit.ts';
import { weightOf } from '#core/notification/fit-message.ts';
import type { MessageInput, SlackMessage } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import { checkBlocks } from '../stand-ins/slack/block-limits.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type GoldenFile<Input> = {
  /** A whole input; every case changes some of it. */
  readonly base: Input;
  readonly cases: { readonly name: string; readonly given: Json; expected: SlackMessage | null }[];
};

/** Every case of a golden file, and what holds for all of them. `UPDATE_GOLDEN=1` writes the expected messages anew. */
export function describeSlackFormatter<Input>(file: string, format: (input: Input) => SlackMessage): void {
  const golden = JSON.parse(readFileSync(file, 'utf8')) as GoldenFile<Input>; // our own file, judged by its cases
  if (process.env['UPDATE_GOLDEN'] === '1') {
    for (const entry of golden.cases) entry.expected = format(merged(golden.base, entry.given));
    writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);
  }

  describe('a message', () => {
    it.each(golden.cases)('$name', ({ given, expected }) => {
      expect(format(merged(golden.base, given))).toEqual(expected);
    });

    it.each(golden.cases)('keeps to what Slack accepts: $name', ({ given }) => {
      const message = format(merged(golden.base, given));

      expectSafe(message);
    });

    it('is safe and within limits whatever others wrote', () => {
      const rewritten = fc.tuple(
        fc.constantFrom(...golden.cases.map((entry) => merged(golden.base, entry.given))),
        fc.array(hostileText(), { minLength: 1, maxLength: 40 }),
      );
      fc.assert(
        fc.property(rewritten, ([input, words]) => {
          const message = format(withEveryText(input, words));

          expectSafe(message);
        }),
        { numRuns: 150 },
      );
    });
  });
}

/** The account's label ends the header, whatever has to be cut before it. */
export function expectPlaceInHeader(message: SlackMessage, input: MessageInput): void {
  const [first] = message.blocks;
  const text = (first?.['text'] as { text: string } | undefined)?.text ?? ''; // a header's only shape
  if (input.account !== null) expect(text).toContain(escapePlain(accountLabel(input.account)));
}

const SPECIALS = [
  ...['<!channel>', '<!here|x>', '<@U012AB3CD>', '<#C012AB3CD>', '<https://evil.example|click>', '@here', '@channel'],
  ...['*bold*', '_italic_', '~gone~', '`code`', '```block```', '> quote', '&lt;!channel&gt;', '&amp;', '•', '|', '^'],
  ...['\u202e', '\u2066', '\u200b', '\u200d', '\ufeff', '\u0000', '\u001b[31m', '\ud800', '\udc00', '\r\n', '\u2028'],
  ...['\u0301'.repeat(40), '👩‍👩‍👧‍👦', '漢字', 'x'.repeat(400), '__proto__', 'arn:aws:s3:::bucket_name'],
];

/** What an attacker may write; every text holds the mark by which it is known again. */
function hostileText(): fc.Arbitrary<string> {
  const part = fc.oneof(fc.constantFrom(...SPECIALS), fc.string({ unit: 'binary', maxLength: 20 }));
  return fc
    .array(part, { maxLength: 12 })
    .chain((parts) => fc.constantFrom(1, 1, 1, 30).map((times) => `Ω${parts.join('Ω').repeat(times)}Ω`));
}

// What our own program writes: kinds, codes, addresses it checked. Everything else may be written by others.
const OURS =
  /^(?:kind|topic|state|status|severity|via|audience|language|action|ownership|code|cause|origin|label|sourceUrl|consoleUrl|url|floor|changed|severityFrom|code)$/;

/** Replaces every text that others may have written. */
function withEveryText<Input>(input: Input, words: readonly string[]): Input {
  let next = 0;
  const rewrite = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return OURS.test(key) ? value : (words[next++ % words.length] ?? value);
    if (Array.isArray(value)) return value.map((item) => rewrite(item, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewrite(item, name)]));
  };
  return rewrite(input, '') as Input; // same shape, other words
}

/** Nothing in a message is markup but ours, and Slack takes it. */
export function expectSafe(message: SlackMessage): void {
  expect(checkBlocks(message.blocks, 'message')).toEqual({ error: null, messages: [] });
  expect(weightOf(message.blocks) + message.text.length).toBeLessThanOrEqual(LIMITS.message);
  for (const { type, text } of textsOf(message)) {
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\ufeff\u2028\u2029]/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).not.toMatch(/@(?:here|channel|everyone)\b/i);
    expect(text).not.toMatch(/undefined|NaN|\[object|\{[a-zA-Z]+\}(?![ |])/);
    if (type === 'mrkdwn') expectOwnMarkup(text);
    else expect(text).not.toMatch(/[<>]/);
  }
}

function expectOwnMarkup(text: string): void {
  const angles = text.match(/<[^>]*>?/g) ?? [];
  for (const angle of angles)
    expect(angle).toMatch(/^<(?:!date\^\d+\^\{date_short_pretty\} \{time\}\|[^>]*|https?:\/\/[^>|]*\|[^>|]*)>$/);
  const rest = text.replaceAll(/<[^>]*>/g, '').replaceAll(/`[^`\n]+`/g, '');
  expect(rest).not.toMatch(/[<>`~]/);
  for (const bold of rest.match(/\*[^*]*\*?/g) ?? []) {
    expect(bold).toMatch(/^\*[^*\n]+\*$/);
  }
  for (const at of rest.matchAll(/_/g))
    expect(rest.slice(at.index - 1, at.index + 2)).toMatch(/^[A-Za-z0-9]_[A-Za-z0-9]$/);
}

function textsOf(message: SlackMessage): { type: string; text: string }[] {
  const found: { type: string; text: string }[] = [{ type: 'mrkdwn', text: message.text }];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (value === null || typeof value !== 'object') return;
    const { type, text } = value as { type?: unknown; text?: unknown };
    if (typeof text === 'string') found.push({ type: String(type), text });
    Object.values(value).forEach(look);
  };
  look(message.blocks);
  return found;
}

/** `given` over `base`; lists are replaced whole. */
function merged<T>(base: T, given: Json): T {
  const merge = (under: unknown, over: Json): unknown => {
    if (over === null || typeof over !== 'object' || Array.isArray(over)) return over;
    const own = under !== null && typeof under === 'object' && !Array.isArray(under) ? under : {};
    const parts = Object.entries(over).map(([key, value]) => [
      key,
      merge((own as Record<string, unknown>)[key], value),
    ]);
    return { ...own, ...Object.fromEntries(parts) };
  };
  return merge(base, given) as T; // cases of our own files, of the shape of their base
}
