import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotedPair, quotedTokens } from './quoted-tokens.ts';

describe('values of a line in quotes', () => {
  it.each([
    ['a b c', ['a', 'b', 'c']],
    ['a "b c" d', ['a', 'b c', 'd']],
    ['"" "-"', ['', '-']],
    ['"it is 5" tall" x', ['it is 5', 'tall"', 'x']],
    ['"GET /a"b HTTP/1.1" 200', ['GET /a"b HTTP/1.1', '200']],
    ['a  b', ['a', '', 'b']],
    ['a"b c', ['a"b', 'c']],
    ['', ['']],
  ])('splits %j', (line, values) => {
    expect(quotedTokens(line)).toEqual(values);
  });

  it.each(['a "b c', '"', 'a "b"c'])('refuses %j, whose quote is never closed', (line) => {
    expect(quotedTokens(line)).toBeUndefined();
  });

  it('gives back any values without quotes', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ' ', '-', '\\', 'é', '[') });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        expect(quotedTokens(values.map((text) => `"${text}"`).join(' '))).toEqual(values);
      }),
      { seed: 20261124 },
    );
  });

  it('takes a line full of quotes in one go', () => {
    expect(quotedTokens(`"${'"'.repeat(500_000)} x`)).toHaveLength(2);
    expect(quotedTokens('" '.repeat(250_000))).toHaveLength(250_001 - 125_000);
  });
});

describe('two quoted values whose own quotes are not escaped', () => {
  it.each([
    ['"-" "curl/8.5.0"', { first: '-', second: 'curl/8.5.0', isAmbiguous: false }],
    ['"http://example.com/" "a"b"', { first: 'http://example.com/', second: 'a"b', isAmbiguous: false }],
    ['"x" "y" "z"', { first: 'x', second: 'y" "z', isAmbiguous: true }],
    ['"" ""', { first: '', second: '', isAmbiguous: false }],
  ])('splits %s', (text, pair) => {
    expect(quotedPair(text)).toEqual(pair);
  });

  it.each(['', '"', '"a"', 'a" "b"', '"a" "b', '"a" "'])('refuses %j', (text) => {
    expect(quotedPair(text)).toBeUndefined();
  });
});
