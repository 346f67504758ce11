import { setTimeout } from 'node:timers/promises';
import type { Sleeper } from '#ports/clock.ts';

// Node fires a timer beyond this at once instead of late.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Waits on the machine's timers; an abort ends the wait and is no error. */
export function createSystemSleeper(): Sleeper {
  return {
    sleep: async (ms, signal) => {
      for (let left = ms; left > 0 && signal?.aborted !== true; left -= LONGEST_TIMER_MS)
        await timer(Math.min(left, LONGEST_TIMER_MS), signal);
    },
  };
}

async function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
  } catch (thrown) {
    if (signal?.aborted !== true) throw thrown;
  }
}
