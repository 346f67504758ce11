import { describe, expect, it } from 'vitest';
import { eachOf, ifAny, isoTime, remainder, scalar, scalars, times, whole } from './remainder.ts';

describe('remainder', () => {
  it('is nothing where all is used', () => {
    const used = { a: scalar, b: { c: scalars, d: whole }, e: eachOf({ f: scalar }) };
    expect(remainder({ a: 1, b: { c: ['x', 2], d: { deep: [1] } }, e: [{ f: 'g' }, {}], z: null }, used)).toBe(
      undefined,
    );
  });

  it('keeps unknown keys at their place', () => {
    const used = { a: { b: scalar }, list: eachOf({ x: scalar }) };
    expect(remainder({ a: { b: 1, new: 2 }, list: [{ x: 1 }, { x: 1, y: 2 }] }, used)).toEqual({
      a: { new: 2 },
      list: [null, { y: 2 }],
    });
  });

  it('keeps values of another type than is used', () => {
    const used = { a: scalar, b: { c: scalar }, d: scalars, t: isoTime };
    const value = { a: [1], b: 'text', d: { e: 1 }, t: 'yesterday' };
    expect(remainder(value, used)).toEqual(value);
  });

  it('keeps elements that are dropped as a whole', () => {
    const used = eachOf(ifAny(['id', 'uid'], { id: scalar }));
    expect(remainder([{ id: 1 }, { name: 2 }], used)).toEqual([null, { name: 2 }]);
  });

  it('keeps a number of ms that tells another time than the text beside it', () => {
    const used = times('seen_time');
    const text = '2026-11-24T00:00:00.000Z';
    expect(remainder({ seen_time: Date.parse(text), seen_time_dt: text }, used)).toBe(undefined);
    expect(remainder({ seen_time: 1, seen_time_dt: text }, used)).toEqual({ seen_time: 1 });
  });

  it('takes keys of the prototype for keys like all others', () => {
    expect(remainder({ constructor: 1, toString: 2 }, { a: scalar })).toEqual({ constructor: 1, toString: 2 });
  });
});
