import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allPages, batches, mapLimited } from './pages.ts';

test('collects every item of every page, also behind an empty page', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 }), async (given) => {
      const items = await allPages(async (token) => {
        const at = Number(token ?? 0);
        return { items: given[at], next: at + 1 < given.length ? String(at + 1) : undefined };
      });

      expect(items).toEqual(given.flat());
    }),
  );
});

test('does not walk in circles when a service repeats its token', async () => {
  await expect(allPages(async () => ({ items: [1], next: 'again' }))).rejects.toThrow('same page token twice');
});

test('takes an empty token as the end', async () => {
  expect(await allPages(async () => ({ items: [1], next: '' }))).toEqual([1]);
});

test('keeps order and never has more at work than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), async (items, limit) => {
      let working = 0;
      let most = 0;

      const results = await mapLimited(items, limit, async (item) => {
        most = Math.max(most, ++working);
        await new Promise((resolve) => setImmediate(resolve));
        working--;
        return item + 1;
      });

      expect(results).toEqual(items.map((item) => item + 1));
      expect(most).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 30 },
  );
});

test('starts nothing new after the first error', async () => {
  const started: number[] = [];

  const work = mapLimited([1, 2, 3, 4, 5, 6], 2, async (item) => {
    started.push(item);
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error(`no ${item}`);
  });

  await expect(work).rejects.toThrow('no 1');
  await new Promise((resolve) => setImmediate(resolve));
  expect(started).toEqual([1, 2]);
});

test('cuts into batches and loses nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 12 }), (items, size) => {
      const cut = batches(items, size);

      expect(cut.flat()).toEqual(items);
      expect(cut.every((batch) => batch.length > 0 && batch.length <= size)).toBe(true);
    }),
  );
});
