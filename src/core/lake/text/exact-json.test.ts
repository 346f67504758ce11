import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from './exact-json.ts';

describe('parseExactJson', () => {
  it.each([
    '{"a":9007199254740993}',
    '[1e400,-0.1234567890123456789,12345678901234567890]',
    '{"a": 1E5}',
    '{"a":{"b":[ -9007199254740993 ]}}',
  ])('writes %s as it was read', (text) => {
    expect(JSON.stringify(parseExactJson(text))).toBe(text.replaceAll(/\s/g, ''));
  });

  it('agrees with JSON.parse on what doubles can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
      { seed: 20261124 },
    );
  });
});
