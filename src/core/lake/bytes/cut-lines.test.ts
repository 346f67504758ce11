import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cut } from './cut.ts';
import { createLineCutter } from './cut-lines.ts';

function cut(text: string | Buffer, size = Number.POSITIVE_INFINITY, maxLineBytes?: number): Cut[] {
  const cutter = createLineCutter(maxLineBytes === undefined ? {} : { maxLineBytes });
  const bytes = Buffer.from(text);
  const cuts: Cut[] = [];
  for (let at = 0; at < bytes.length; at += size) cuts.push(...cutter.push(bytes.subarray(at, at + size)));
  return [...cuts, ...cutter.end()];
}

const lines = (cuts: readonly Cut[]): string[] => cuts.map(({ bytes }) => bytes.toString('utf8'));

describe('lines', () => {
  it.each([
    ['LF', 'one\ntwo\n', ['one', 'two']],
    ['CRLF', 'one\r\ntwo\r\n', ['one', 'two']],
    ['both at once', 'one\r\ntwo\nthree', ['one', 'two', 'three']],
    ['no newline at the end', 'one\ntwo', ['one', 'two']],
    ['a lone CR at the end', 'one\ntwo\r', ['one', 'two']],
    ['a CR inside a line', 'one\rtwo\n', ['one\rtwo']],
    ['two CRs', 'one\r\r\n', ['one\r']],
    ['empty lines', '\none\n\n', ['', 'one', '']],
    [
      'a form feed, a vertical tab and line separators of Unicode',
      'a\fb\vc\u2028d\u0085e\n',
      ['a\fb\vc\u2028d\u0085e'],
    ],
    ['NUL bytes', '\0one\0\n\0', ['\0one\0', '\0']],
    ['nothing', '', []],
  ])('are told apart with %s', (_name, text, expected) => {
    expect(lines(cut(text))).toEqual(expected);
    expect(lines(cut(text, 1))).toEqual(expected);
  });

  it('carry the offset of their first byte', () => {
    const cuts = cut('one\r\n\ntwo\nthree', 2);

    expect(cuts.map(({ offset }) => offset)).toEqual([0, 5, 6, 10]);
  });

  it('quarantines an overlong line alone', () => {
    const cuts = cut(`short\n${'x'.repeat(11)}\r\n${'y'.repeat(10)}\r\n`, 4, 10);

    expect(cuts.map(({ kind, offset }) => [kind, offset])).toEqual([
      ['record', 0],
      ['trouble', 6],
      ['record', 19],
    ]);
    expect(cuts[1]).toMatchObject({
      reason: 'line.too-long',
      length: 11,
      records: 1,
      bytes: Buffer.from('x'.repeat(11)),
    });
  });

  it('keeps 64 KiB of a line that never ends, and tells how long it was', () => {
    const cutter = createLineCutter({ maxLineBytes: 100_000 });
    const chunk = Buffer.alloc(50_000, 'x');
    for (let count = 0; count < 100; count += 1) expect(cutter.push(chunk)).toEqual([]);

    const [trouble] = cutter.end();

    expect(trouble).toMatchObject({ kind: 'trouble', offset: 0, length: 5_000_000 });
    expect(trouble?.bytes.length).toBe(65_536);
  });

  it('are the same wherever the chunks end', () => {
    const text = fc.array(fc.constantFrom('a', 'é', '\n', '\r', '\r\n', '\0', 'long text'), { maxLength: 40 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), fc.constantFrom(3, 8, 100), (parts, size, most) => {
        expect(cut(parts.join(''), size, most)).toEqual(cut(parts.join(''), Number.POSITIVE_INFINITY, most));
      }),
    );
  });

  it('and their ends are all bytes there are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r', '\r\n'), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const cuts = cut(text);
        const covered = cuts.reduce((sum, { bytes }) => sum + bytes.length, 0);
        const ends = text.match(/\r?\n|\r$/g)?.join('').length ?? 0;

        expect(covered + ends).toBe(text.length);
      }),
    );
  });
});
