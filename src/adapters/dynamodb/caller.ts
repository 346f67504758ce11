import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Random, Sleeper } from '#ports/clock.ts';
import type { DynamoFailure } from './dynamo-failure.ts';
import { dynamoFailure, storeError } from './dynamo-failure.ts';

/** Tries of one call; with the pauses below about seven seconds at most. */
export const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 2_000;

/** Makes calls that AWS may throttle, leave half done or not answer. */
export type Caller = {
  /** Repeats a call while that may help. `answerTo` may turn a failure into an answer. */
  send<T>(
    what: string,
    call: () => Promise<T>,
    answerTo?: (failure: DynamoFailure, thrown: unknown) => T | undefined,
  ): Promise<T>;
  /** Repeats a batch with what an answer left over, until nothing is. */
  untilDone<T>(what: string, work: readonly T[], once: (work: readonly T[]) => Promise<readonly T[]>): Promise<void>;
};

/** Bounded retries with full jitter: workers that were throttled together must not come back together. */
export function createCaller(table: string, random: Random, sleeper: Sleeper): Caller {
  const pause = (attempt: number): Promise<void> =>
    sleeper.sleep(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * random.next());

  const send: Caller['send'] = async (what, call, answerTo) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (thrown) {
        const failure = dynamoFailure(thrown);
        const answer = answerTo?.(failure, thrown);
        if (answer !== undefined) return answer;
        if (isHopeless(failure) || attempt >= MAX_ATTEMPTS) throw storeError(thrown, what, table);
        await pause(attempt);
      }
    }
  };

  return {
    send,
    untilDone: async (what, work, once) => {
      let rest = work;
      let fruitless = 0;
      while (rest.length > 0) {
        const asked = rest;
        rest = await send(what, () => once(asked));
        if (rest.length === 0) return;
        fruitless = rest.length < asked.length ? 0 : fruitless + 1;
        if (fruitless >= MAX_ATTEMPTS) throw leftOver(what, table, rest.length);
        await pause(fruitless + 1);
      }
    },
  };
}

function isHopeless({ kind }: DynamoFailure): boolean {
  return kind === 'refused' || kind === 'bug' || kind === 'condition';
}

function leftOver(what: string, table: string, count: number): YaguraError {
  return new YaguraError(
    'store.throttled',
    `dynamodb:${what} on table ${table} left ${count} items undone ${MAX_ATTEMPTS} times in a row; AWS limits the rate of these calls. Try again.`,
    { retryable: true },
  );
}
