import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clipped,
  code,
  escapeMrkdwn,
  escapeParagraphs,
  escapePlain,
  link,
  linkButton,
  moment,
  oneLine,
  paragraphs,
  problemReference,
  safeAddress,
  wholeGraphemes,
} from './block-kit.ts';

const anything = fc.string({ unit: 'binary', maxLength: 200 });
const marks = fc
  .array(
    fc.constantFrom(
      '*',
      '_',
      '~',
      '`',
      '<',
      '>',
      '&',
      '@here',
      '!',
      '|',
      'a',
      '1',
      ' ',
      '漢',
      '\n',
      '\ud83d',
      '\u202e',
      '\u200b',
      '\u0007',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('text from outside', () => {
  it.each([
    ['a mention of everybody', '<!channel> look', '&lt;!channel&gt; look'],
    ['a mention by name', 'ask @here and @Channel', 'ask ＠here and ＠Channel'],
    ['an address of mail', 'root@herenow.example.com', 'root@herenow.example.com'],
    ['bold, strike and code', '*bold* ~gone~ `code`', '∗bold∗ ∼gone∼ ˋcodeˋ'],
    ['italics', '_italic_ but my_bucket_name', 'ˍitalicˍ but my_bucket_name'],
    ['a quotation', '>> quote', '›› quote'],
    ['entities as they were written', '&lt;!channel&gt;', '&amp;lt;!channel&amp;gt;'],
    ['line breaks and control characters', 'a\r\nb\tc\u0000d\u001b[31m', 'a b c\ufffdd\ufffd[31m'],
    ['direction overrides', 'exe\u202egnp.', 'exe\ufffdgnp.'],
    ['invisible characters', 'ad\u200bm\u2060in\ufeff', 'admin'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['piles of accents', `a${'\u0301'.repeat(50)}`, `a${'\u0301'.repeat(4)}`],
  ])('shows %s as text', (_name, outside, shown) => {
    expect(escapeMrkdwn(outside)).toBe(shown);
  });

  it('lets no mark through in mrkdwn', () => {
    fc.assert(
      fc.property(fc.oneof(marks, anything), (outside) => {
        const text = escapeMrkdwn(outside);

        expect(text).not.toMatch(/[<>*~`\n]|@(?:here|channel|everyone)\b/i);
        expect(text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
        expect(text).not.toMatch(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });

  it('stays inside its code span', () => {
    fc.assert(
      fc.property(fc.oneof(marks, anything), (outside) => {
        expect(code(outside)).toMatch(/^(?:–|`[^`\n<>]+`)$/);
      }),
    );
  });

  it('keeps underscores in ids, so that they can be copied', () => {
    expect(code('__my_bucket_')).toBe('`__my_bucket_`');
  });

  it('keeps its paragraphs where they are wanted', () => {
    expect(escapeParagraphs('one\r\n\r\n\r\n\r\ntwo <b>\u2028three')).toBe('one\n\ntwo &lt;b&gt;\nthree');
    expect(paragraphs(' a \n b ')).toBe('a\nb');
    expect(oneLine(' a \n b ')).toBe('a b');
  });
});

describe('a text that is too long', () => {
  const say = (missing: number) => `… (+${missing})`;

  it('says how much is missing', () => {
    expect(clipped('a'.repeat(100), 20, escapeMrkdwn, say)).toBe(`${'a'.repeat(12)}… (+88)`);
  });

  it('counts what escaping adds', () => {
    const cut = clipped('&'.repeat(100), 52, escapeMrkdwn, say);

    expect(cut).toBe(`${'&amp;'.repeat(8)}… (+92)`);
  });

  it('never cuts a character, an entity or a code span in two', () => {
    const most = fc.integer({ min: 12, max: 80 });
    const escaping = fc.constantFrom(escapeMrkdwn, escapePlain, escapeParagraphs, code);
    fc.assert(
      fc.property(fc.oneof(marks, anything), most, escaping, (outside, limit, escaped) => {
        const text = clipped(outside, limit, escaped, say);

        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.isWellFormed()).toBe(true);
        expect(text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
        expect((text.match(/`/g) ?? []).length % 2).toBe(0);
      }),
    );
  });

  it.each([
    ['a family', '👩‍👩‍👧‍👦'.repeat(3), 13, 11],
    ['a flag', 'a🇯🇵🇫🇷', 4, 1],
    ['an accent', 'ae\u0301x', 2, 1],
    ['half a character', 'a😀', 2, 1],
    ['nothing', 'abc', 3, 3],
  ])('ends before %s that does not fit', (_name, text, most, kept) => {
    expect(wholeGraphemes(text, most)).toBe(text.slice(0, kept));
  });

  it('does not wait for the end of a grapheme that never ends', () => {
    const endless = `a${'\u1100'.repeat(5_000)}`;

    const kept = wholeGraphemes(endless, 4_000);

    expect(kept.length).toBeGreaterThan(3_900);
  });
});

describe('a moment', () => {
  it('is shown in the time zone of the reader, in UTC elsewhere', () => {
    expect(moment(Date.UTC(2026, 10, 1, 3, 0, 59))).toBe(
      '<!date^1793502059^{date_short_pretty} {time}|2026-11-01 03:00 UTC>',
    );
  });

  it.each([[Number.NaN], [0], [-1], [Number.POSITIVE_INFINITY], [9e15]])('is a dash for %d', (at) => {
    expect(moment(at)).toBe('–');
  });

  it('is UTC where it is too far away for Slack', () => {
    expect(moment(Date.UTC(2500, 0, 1))).toBe('2500-01-01 00:00 UTC');
  });
});

describe('an address', () => {
  it.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['not an address'],
    [`https://example.com/${'a'.repeat(3_000)}`],
  ])('is no link when it is %s', (url) => {
    expect(safeAddress(url)).toBeNull();
    expect(link(url, 'words')).toBe('words');
    expect(linkButton('id', 'words', url)).toBeUndefined();
  });

  it('cannot end its own link', () => {
    expect(link('https://example.com/a|b>c?d&e', 'one|two')).toBe('<https://example.com/a%7Cb%3Ec?d&amp;e|one¦two>');
  });
});

describe('the name of a problem in a button', () => {
  it('is its key', () => {
    expect(problemReference('guardduty:1')).toBe('guardduty:1');
  });

  it('is a hash of a key that is too long', () => {
    const reference = problemReference('x'.repeat(2_001));

    expect(reference).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
