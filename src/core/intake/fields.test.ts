import { describe, expect, it } from 'vitest';
import { at, list, number, text, time } from './fields.ts';

describe('readers of documents that others wrote', () => {
  it('reach nothing that every object has', () => {
    const paths = [['constructor'], ['__proto__'], ['a', 'constructor', 'name'], ['b', 'length', 'toString']];

    expect(paths.map((path) => at({ a: {}, b: 'text' }, ...path))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(at(JSON.parse('{"__proto__":{"x":1}}'), '__proto__', 'x')).toBe(1);
  });

  it.each([
    ['2026-01-04T12:00:00Z', Date.UTC(2026, 0, 4, 12)],
    ['2026-01-04T12:00:00.123+09:00', Date.UTC(2026, 0, 4, 3, 0, 0, 123)],
    ['Sun, 04 Jan 2026 12:00:00 GMT', Date.UTC(2026, 0, 4, 12)],
    [1_767_528_000, 1_767_528_000_000],
    [1_767_528_000_000, 1_767_528_000_000],
    [0, undefined],
    [-5, undefined],
    [1e300, undefined],
    [Number.NaN, undefined],
    ['', undefined],
    ['soon', undefined],
    ['9'.repeat(100), undefined],
    [null, undefined],
    [true, undefined],
  ])('read %j as the time %j', (value, expected) => {
    expect(time(value)).toBe(expected);
  });

  it.each([
    ['8.5', 8.5],
    [8.5, 8.5],
    [' ', undefined],
    ['eight', undefined],
    ['Infinity', undefined],
    [null, undefined],
    [[8], undefined],
  ])('read %j as the number %j', (value, expected) => {
    expect(number(value)).toBe(expected);
  });

  it('read text that is well-formed and not too long, and spell out numbers', () => {
    expect(['a', '', 7, false, null, {}, 'a\ud800'].map((value) => text(value))).toEqual([
      'a',
      undefined,
      '7',
      'false',
      undefined,
      undefined,
      'a\ufffd',
    ]);
    expect(text('x'.repeat(10_000))).toHaveLength(8_193);
    expect(text(`${'x'.repeat(8_191)}\ud83d\ude00`)?.isWellFormed()).toBe(true);
  });

  it('read a list as nothing when it is none', () => {
    expect([[1], {}, null, 'text', undefined].map((value) => list(value))).toEqual([[1], [], [], [], []]);
  });
});
