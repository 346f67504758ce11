import { expect, it } from 'vitest';
import { keepIdentity } from './keep-identity.ts';

const keyOf = (item: { key: string }) => item.key;
const a = { key: 'a', n: 1 };
const b = { key: 'b', n: 2 };

it('keeps the list itself when nothing changed', () => {
  const before = [a, b];

  expect(keepIdentity(before, [{ ...a }, { ...b }], keyOf)).toBe(before);
});

it('keeps the objects that did not change, wherever they are now', () => {
  const kept = keepIdentity([a, b], [{ key: 'c', n: 3 }, { ...b }, { ...a, n: 9 }], keyOf);

  expect(kept).toEqual([{ key: 'c', n: 3 }, b, { key: 'a', n: 9 }]);
  expect([kept[1] === b, kept[2] === a]).toEqual([true, false]);
});

it('notices rows that went away', () => {
  expect(keepIdentity([a, b], [{ ...a }], keyOf)).toEqual([a]);
});
