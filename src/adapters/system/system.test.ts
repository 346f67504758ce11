import { describe, expect, test } from 'vitest';
import {
  createFakeClock,
  createManualSleeper,
  createSeededRandom,
  createSkippingSleeper,
} from '../../../test/stand-ins/time.ts';
import { createSystemClock } from './clock.ts';
import { createSystemRandom } from './random.ts';
import { createSystemSleeper } from './sleeper.ts';

describe('the system clock', () => {
  test('tells epoch milliseconds and does not run backwards between two looks', () => {
    const clock = createSystemClock();

    const first = clock.now();

    expect(first).toBeGreaterThan(Date.UTC(2025, 0, 1));
    expect(clock.now()).toBeGreaterThanOrEqual(first);
  });
});

describe.each([
  ['system', createSystemSleeper],
  ['skipping', () => createSkippingSleeper()],
  ['manual', () => createManualSleeper(createFakeClock())],
])('the %s sleeper', (_name, create) => {
  test('returns at once when the signal has aborted before', async () => {
    await expect(create().sleep(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  test('does not wait for nothing or less', async () => {
    const sleeper = create();

    await expect(Promise.all([sleeper.sleep(0), sleeper.sleep(-5)])).resolves.toEqual([undefined, undefined]);
  });
});

describe.each([
  ['system', createSystemSleeper],
  ['manual', () => createManualSleeper(createFakeClock())],
])('the %s sleeper, while waiting', (_name, create) => {
  test('wakes without an error when the signal aborts', async () => {
    const controller = new AbortController();
    const sleeping = create().sleep(2 ** 40, controller.signal);

    controller.abort();

    await expect(sleeping).resolves.toBeUndefined();
  });
});

test('the manual sleeper wakes each waiter when its time has come, in order', async () => {
  const clock = createFakeClock(0);
  const sleeper = createManualSleeper(clock);
  const woken: string[] = [];
  const late = sleeper.sleep(300).then(() => woken.push(`late at ${clock.now()}`));
  const soon = sleeper.sleep(100).then(() => woken.push(`soon at ${clock.now()}`));

  await sleeper.pass(299);
  const before = [...woken];
  await sleeper.pass(1);
  await Promise.all([late, soon]);

  expect(before).toEqual(['soon at 100']);
  expect(woken).toEqual(['soon at 100', 'late at 300']);
  expect(clock.now()).toBe(300);
});

describe.each([
  ['system', createSystemRandom],
  ['seeded', () => createSeededRandom(7)],
])('%s randomness', (_name, create) => {
  test('stays in [0, 1) and spreads', () => {
    const random = create();

    const numbers = Array.from({ length: 1_000 }, () => random.next());

    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(numbers.filter((number) => number < 0.5).length).toBeGreaterThan(350);
    expect(numbers.filter((number) => number < 0.5).length).toBeLessThan(650);
  });

  test('gives different URL-safe ids of at least 96 bits', () => {
    const random = create();

    const ids = Array.from({ length: 1_000 }, () => random.id());

    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => /^[\w-]{16,64}$/.test(id))).toBe(true);
  });
});

test('the same seed gives the same ids, another seed others', () => {
  expect(createSeededRandom(7).id()).toBe(createSeededRandom(7).id());
  expect(createSeededRandom(7).id()).not.toBe(createSeededRandom(8).id());
});
