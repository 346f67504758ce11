import { expect, it } from 'vitest';
import { compareOpen, totalOpen } from './open-order.ts';

const none = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 };

it('puts one critical problem above any number of high ones', () => {
  expect(compareOpen({ ...none, CRITICAL: 1 }, { ...none, HIGH: 500 })).toBeGreaterThan(0);
});

it('decides equal counts by the next severity', () => {
  expect(compareOpen({ ...none, HIGH: 2, LOW: 1 }, { ...none, HIGH: 2, MEDIUM: 1 })).toBeLessThan(0);
  expect(compareOpen(none, none)).toBe(0);
});

it('adds up every severity', () => {
  expect(totalOpen({ CRITICAL: 1, HIGH: 2, MEDIUM: 3, LOW: 4, INFORMATIONAL: 5 })).toBe(15);
});
