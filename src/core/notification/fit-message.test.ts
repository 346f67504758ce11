import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../test/stand-ins/slack/block-limits.ts';
import {
  actions,
  button,
  context,
  divider,
  escapeMrkdwn,
  escapePlain,
  fields,
  header,
  LIMITS,
  plainSection,
  section,
} from './block-kit.ts';
import { cutMarkup, fitMessage, weightOf } from './fit-message.ts';
import type { SlackBlock } from './message.ts';

const words = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 120 }))
  .map(([part, times]) => `w${part}`.repeat(times));
const markup = words.map((text) => `*label* ${escapeMrkdwn(text)}`);
const anyBlock: fc.Arbitrary<SlackBlock> = fc.oneof(
  words.map((text) => header(escapePlain(text))),
  words.map((text) => plainSection(escapePlain(text))),
  markup.map(section),
  fc.array(markup, { minLength: 1, maxLength: 12 }).map(fields),
  fc.array(markup, { minLength: 1, maxLength: 12 }).map(context),
  fc.constant(divider()),
);
const message = fc.record({ text: markup, blocks: fc.array(anyBlock, { minLength: 1, maxLength: 60 }) });
const buttons = actions('yagura', [button('yagura.why', 'Why?', 'guardduty:1')]);

describe('a message of any size', () => {
  it('becomes one that Slack takes', () => {
    fc.assert(
      fc.property(message, fc.constantFrom('en' as const, 'ja' as const), (given, language) => {
        const fitted = fitMessage(given, language);

        expect(checkBlocks(fitted.blocks, 'message')).toEqual({ error: null, messages: [] });
        expect(weightOf(fitted.blocks) + fitted.text.length).toBeLessThanOrEqual(LIMITS.message);
      }),
      { numRuns: 200 },
    );
  });

  it('is left alone when it fits', () => {
    const given = { text: 'a', blocks: [header('a'), section('*b* c'), buttons] };

    expect(fitMessage(given, 'en')).toEqual(given);
  });

  it('says how many characters are missing', () => {
    const { blocks } = fitMessage({ text: 'a', blocks: [section('a'.repeat(4_000))] }, 'en');

    expect(JSON.stringify(blocks)).toMatch(/a… \(\+10\d\d more characters\)/);
  });

  it('says how many parts are missing, and keeps header and buttons', () => {
    const paragraphs = Array.from({ length: 70 }, (_, index) => section(`paragraph ${index}`));

    const { blocks } = fitMessage({ text: 'a', blocks: [header('title'), ...paragraphs, buttons] }, 'en');

    expect(blocks).toHaveLength(LIMITS.blocks);
    expect(blocks.at(0)).toEqual(header('title'));
    expect(blocks.at(-1)).toEqual(buttons);
    expect(JSON.stringify(blocks.at(-2))).toContain('(+23 more parts, not shown here)');
  });

  it('shortens the longest texts first', () => {
    const long = section('x'.repeat(3_000));

    const { blocks } = fitMessage({ text: 'a', blocks: [section('short'), long, long, long, long, long] }, 'en');

    expect(blocks[0]).toEqual(section('short'));
    expect(blocks).toHaveLength(6);
  });

  it('leaves out a button whose value or address would have to be cut', () => {
    const tooLong = actions('yagura', [
      button('a', 'a', 'x'.repeat(2_001)),
      { type: 'button', action_id: 'b', text: { type: 'plain_text', text: 'b' }, url: 'x'.repeat(3_001) },
      button('c', 'c', 'kept'),
    ]);

    const { blocks } = fitMessage({ text: 'a', blocks: [tooLong] }, 'en');

    expect(blocks).toEqual([actions('yagura', [button('c', 'c', 'kept')])]);
  });
});

describe('markup that is cut', () => {
  const say = (missing: number) => `… (+${missing})`;

  it('ends before an entity, a link or a code span that does not fit', () => {
    expect(cutMarkup(`aaa&amp;${'b'.repeat(40)}`, 16, say)).toBe('aaa&amp;… (+40)');
    expect(cutMarkup(`aaa<https://example.com|x>${'b'.repeat(40)}`, 20, say)).toMatch(/^aaa… /);
    expect(cutMarkup(`aaa \`code of some length\`${'b'.repeat(40)}`, 20, say)).toMatch(/^aaa … /);
  });

  it('closes what is bold', () => {
    expect(cutMarkup(`*${'bold '.repeat(20)}*`, 20, say)).toMatch(/^\*bold.*\*… \(\+\d+\)$/);
  });
});
