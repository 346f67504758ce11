import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, parseInline, parseMrkdwn } from './mrkdwn.ts';
import { unescapeSlack } from './mrkdwn-angle.ts';

const text = (value: string): Inline => ({ kind: 'text', text: value });

describe('parseInline', () => {
  it.each([
    { name: 'bold', line: 'a *b c* d', expected: [text('a '), { kind: 'bold', children: [text('b c')] }, text(' d')] },
    { name: 'italic', line: '_b_', expected: [{ kind: 'italic', children: [text('b')] }] },
    { name: 'strike', line: '~b~', expected: [{ kind: 'strike', children: [text('b')] }] },
    {
      name: 'marks within marks',
      line: '*a _b_*',
      expected: [{ kind: 'bold', children: [text('a '), { kind: 'italic', children: [text('b')] }] }],
    },
    { name: 'code, whose marks are letters', line: '`*a* &lt;b&gt;`', expected: [{ kind: 'code', text: '*a* <b>' }] },
    { name: 'a mark within a word', line: 'snake_case_name', expected: [text('snake_case_name')] },
    { name: 'a mark beside a Japanese letter', line: '重要*太字*です', expected: [text('重要*太字*です')] },
    { name: 'a mark before a space', line: 'a * b * c', expected: [text('a * b * c')] },
    { name: 'a mark that is not closed', line: 'a *b', expected: [text('a *b')] },
    { name: 'an empty pair', line: '** and ``', expected: [text('** and ``')] },
    { name: 'a colon that is no emoji', line: 'arn:aws:iam::1', expected: [text('arn:aws:iam::1')] },
    { name: 'a known emoji', line: ':warning: hot', expected: [text('⚠️ hot')] },
    { name: 'an unknown emoji', line: ':not_known:', expected: [text(':not_known:')] },
    { name: 'escapes, each undone once', line: '&lt;!channel&gt; &amp;lt;', expected: [text('<!channel> &lt;')] },
  ])('reads $name', ({ line, expected }) => {
    expect(parseInline(line)).toEqual(expected);
  });

  it.each([
    {
      name: 'a link with a label',
      line: '<https://example.com/a?b=1&amp;c=2|the &lt;label&gt;>',
      expected: { kind: 'link', href: 'https://example.com/a?b=1&c=2', label: 'the <label>' },
    },
    {
      name: 'a bare link',
      line: '<https://example.com/>',
      expected: { kind: 'link', href: 'https://example.com/', label: 'https://example.com/' },
    },
    {
      name: 'a mail address',
      line: '<mailto:soc@example.com|mail>',
      expected: { kind: 'link', href: 'mailto:soc@example.com', label: 'mail' },
    },
    {
      name: 'a date',
      line: '<!date^1790000000^{date} {time}|then>',
      expected: { kind: 'date', at: 1_790_000_000_000, format: '{date} {time}', fallback: 'then' },
    },
    {
      name: 'a broken date by its fallback',
      line: '<!date^soon^{date}|then>',
      expected: { kind: 'text', text: 'then' },
    },
    {
      name: 'a call to everybody without calling',
      line: '<!channel>',
      expected: { kind: 'mention', label: '@channel' },
    },
    { name: 'a user group', line: '<!subteam^S123|@soc>', expected: { kind: 'mention', label: '@soc' } },
    { name: 'a user', line: '<@U123|hanako>', expected: { kind: 'mention', label: '@hanako' } },
    { name: 'a channel', line: '<#C123|general>', expected: { kind: 'mention', label: '#general' } },
    {
      name: 'a script address as text',
      line: '<javascript:alert(1)|click>',
      expected: { kind: 'text', text: '<javascript:alert(1)|click>' },
    },
    {
      name: 'a data address as text',
      line: '<data:text/html,x|click>',
      expected: { kind: 'text', text: '<data:text/html,x|click>' },
    },
  ])('reads $name', ({ line, expected }) => {
    expect(parseInline(line)).toEqual([expected]);
  });
});

describe('parseMrkdwn', () => {
  it('keeps lines, quotes and preformatted text apart', () => {
    const blocks = parseMrkdwn('one\ntwo\n> said\n&gt; more\n```\n{ "a": *1* }\n```\nend');

    expect(blocks.map((block) => block.kind)).toEqual(['lines', 'quote', 'pre', 'lines']);
    expect(blocks[1]).toMatchObject({ lines: [[text('said')], [text('more')]] });
    expect(blocks[2]).toEqual({ kind: 'pre', text: '{ "a": *1* }' });
  });

  it('takes a fence that is not closed as text', () => {
    expect(parseMrkdwn('a ``` b')).toEqual([{ kind: 'lines', lines: [[text('a ``` b')]] }]);
  });

  it('takes two fences with a third one open as one block and text', () => {
    expect(parseMrkdwn('```a``` b ``` c').map((block) => block.kind)).toEqual(['pre', 'lines']);
  });

  it('never throws and never loses a letter', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '*',
        '_',
        '~',
        '`',
        '```',
        '<',
        '>',
        '|',
        '&',
        ':',
        ' ',
        '\n',
        '!date^',
        '@U1',
        '#C1',
        'https://example.com/',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const written = pieces.join('');
        const shown = plainText(parseMrkdwn(written));
        const letters = [...unescapeSlack(written)].filter((letter) => /[0-9A-Z]/.test(letter));
        // Links and dates show a label in place of what was written.
        if (/<[^>]+>/.test(written)) return;
        expect([...shown].filter((letter) => /[0-9A-Z]/.test(letter))).toEqual(letters);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it.each(['*a ', '_a ', '`', '<', '*_~', '<!date^', '```'])('reads a long row of %s in a moment', (piece) => {
    const started = performance.now();

    parseMrkdwn(piece.repeat(20_000));

    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

function plainText(blocks: readonly Block[]): string {
  return blocks.map((block) => (block.kind === 'pre' ? block.text : block.lines.map(plainLine).join('\n'))).join('\n');
}

function plainLine(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
        case 'code':
          return node.text;
        case 'link':
        case 'mention':
          return node.label;
        case 'date':
          return node.fallback;
        default:
          return plainLine(node.children);
      }
    })
    .join('');
}
