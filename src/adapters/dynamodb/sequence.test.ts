import { expect, test } from 'vitest';
import { createFakeClock, createSeededRandom } from '../../../test/stand-ins/time.ts';
import { createSequence } from './sequence.ts';

test('sorts in the order asked for while the clock stands still, is set back, or jumps', () => {
  const clock = createFakeClock();
  const next = createSequence(clock, createSeededRandom(1));

  const asked = [next(), next()];
  clock.advance(-3_600_000);
  asked.push(next(), next());
  clock.advance(7_200_000);
  asked.push(next());

  expect(asked).toEqual([...asked].sort());
  expect(new Set(asked).size).toBe(5);
});

test('puts what a later process wrote behind', () => {
  const clock = createFakeClock();
  const first = createSequence(clock, createSeededRandom(1));
  const before = Array.from({ length: 50 }, () => first());
  clock.advance(1);

  const after = createSequence(clock, createSeededRandom(2))();

  expect(before.every((one) => one < after)).toBe(true);
});
