import type { Clock, Random, Sleeper } from '#ports/clock.ts';

/** 2026-01-05T00:00:00Z, a Monday. */
export const TEST_EPOCH = Date.UTC(2026, 0, 5);

/** A clock that stands still until it is moved. */
export type FakeClock = Clock & { advance(ms: number): void; set(at: number): void };

export function createFakeClock(at: number = TEST_EPOCH): FakeClock {
  let now = at;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    set: (to) => {
      now = to;
    },
  };
}

/** Never waits: the clock jumps by what was asked for. `slept` tells how long each wait would have been. */
export type SkippingSleeper = Sleeper & { readonly slept: readonly number[] };

export function createSkippingSleeper(clock: FakeClock = createFakeClock()): SkippingSleeper {
  const slept: number[] = [];
  return {
    slept,
    sleep: async (ms, signal) => {
      if (signal?.aborted === true) return;
      slept.push(ms);
      clock.advance(ms);
      // A turn of the event loop, so that a loop that only sleeps cannot starve the test.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** Waits until the test lets time pass: `pass(ms)` moves the clock and wakes whoever is due, in order. */
export type ManualSleeper = Sleeper & { pass(ms: number): Promise<void>; readonly waiting: number };

export function createManualSleeper(clock: FakeClock): ManualSleeper {
  type Waiter = { readonly dueAt: number; readonly wake: () => void };
  const waiters = new Set<Waiter>();
  return {
    get waiting() {
      return waiters.size;
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true || ms <= 0) return resolve();
        const waiter: Waiter = {
          dueAt: clock.now() + ms,
          wake: () => {
            waiters.delete(waiter);
            signal?.removeEventListener('abort', waiter.wake);
            resolve();
          },
        };
        waiters.add(waiter);
        signal?.addEventListener('abort', waiter.wake);
      }),
    pass: async (ms) => {
      const until = clock.now() + ms;
      for (;;) {
        const next = [...waiters].filter((waiter) => waiter.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)[0];
        if (next === undefined) break;
        clock.set(Math.max(clock.now(), next.dueAt));
        next.wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
      clock.set(until);
    },
  };
}

/** The same numbers and ids for the same seed (mulberry32). */
export function createSeededRandom(seed = 1): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, id: () => Array.from({ length: 20 }, () => ALPHABET[Math.floor(next() * ALPHABET.length)]).join('') };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
