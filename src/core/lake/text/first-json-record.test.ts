import { describe, expect, it } from 'vitest';
import { sampleOf } from '#core/lake/source/recognise.ts';
import { firstJsonRecord, hasKeys, isRecord } from './first-json-record.ts';

describe('the first JSON record of a sample', () => {
  it.each([
    ['one document', '{"a":1}', { a: 1 }],
    ['lines', '{"a":1}\n{"a":2}\n', { a: 1 }],
    ['documents without separator', '{"a":{"b":"}"}}{"a":2}', { a: { b: '}' } }],
    ['a bare array', '[{"a":1},{"a":2}]', { a: 1 }],
    ['an array of numbers', '[1,2]', undefined],
    ['an empty array', '[]', undefined],
    ['text', 'a b c', undefined],
    ['nothing', '', undefined],
  ])('is found in %s', (_form, text, expected) => {
    expect(firstJsonRecord(sampleOf('key', Buffer.from(text)))).toEqual(expected);
  });

  it('has the keys that it has itself, not those of its prototype', () => {
    expect(hasKeys({ a: null, b: 1 }, ['a', 'b'])).toBe(true);
    expect(hasKeys({ a: 1 }, ['a', 'toString'])).toBe(false);
    expect(hasKeys([{ a: 1 }], ['0'])).toBe(false);
    expect(hasKeys(undefined, [])).toBe(false);
  });

  it('is an object, no list and not null', () => {
    expect([{}, { a: 1 }, [], null, 'a', 1].map(isRecord)).toEqual([true, true, false, false, false, false]);
  });
});
