import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('does everything, never more at a time than allowed, and answers in the order given', async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 20 }, (_, n) => n);

  const results = await inParallel(3, items, async (n) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < 20 - n; turn += 1) await Promise.resolve();
    running -= 1;
    return n * 2;
  });

  expect(results).toEqual(items.map((n) => n * 2));
  expect(most).toBe(3);
});

test('finishes the others before it throws the first failure', async () => {
  const done: number[] = [];

  const work = inParallel(2, [0, 1, 2, 3], async (n) => {
    if (n === 1 || n === 2) throw new Error(`${n} failed`);
    done.push(n);
  });

  await expect(work).rejects.toThrow('1 failed');
  expect(done).toEqual([0, 3]);
});

test('does nothing with nothing', async () => {
  expect(await inParallel(4, [], async () => 1)).toEqual([]);
});
