import { expect, test } from 'vitest';
import type { QueuedItem } from '#engine/accept-events.ts';
import type { DirectoryState } from '#engine/keep-directory.ts';
import { createFakeClock, createManualSleeper } from '../../test/stand-ins/time.ts';
import { refreshAfterChanges } from './refresh-after-changes.ts';

/** Everything that happened, in order; a reading lasts until `answer` is called. */
function prepare() {
  const clock = createFakeClock();
  const sleeper = createManualSleeper(clock);
  const happened: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const accounts = refreshAfterChanges({
    clock,
    sleeper,
    directory: {
      refresh: () => {
        happened.push('read');
        return new Promise((resolve, reject) =>
          // Nobody looks at the state.
          answers.push((error) => (error === undefined ? resolve({} as DirectoryState) : reject(error))),
        );
      },
    },
    store: {
      requeue: async (id) => {
        happened.push(`let go ${id}`);
        return true;
      },
    },
    onRefreshed: () => happened.push('refreshed'),
    onFailure: (_thrown, message) => happened.push(message),
  });
  const answer = async (error?: Error) => {
    answers.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { accounts, happened, answer, pass: (ms: number) => sleeper.pass(ms) };
}

const item = (id: string): QueuedItem => ({ id, destinationKey: 'slack:#sec', dueAt: 0, held: true });

test('reads once for changes that come together, and lets their news go when it is read', async () => {
  const { accounts, happened, answer, pass } = prepare();

  accounts.note([item('a')]);
  accounts.note([item('b')]);
  accounts.note([]);
  await pass(1_000);
  const before = [...happened];
  await answer();

  expect(before).toEqual(['read']);
  expect(happened).toEqual(['read', 'let go a', 'let go b', 'refreshed']);
});

test('reads again for what changed while it was reading', async () => {
  const { accounts, happened, answer, pass } = prepare();
  accounts.note([item('a')]);
  await pass(1_000);

  accounts.note([item('b')]);
  await answer();
  await pass(1_000);
  await answer();

  expect(happened).toEqual(['read', 'let go a', 'refreshed', 'read', 'let go b', 'refreshed']);
});

test('says what failed and reads again at the next change', async () => {
  const { accounts, happened, answer, pass } = prepare();
  accounts.note([item('a')]);
  await pass(1_000);
  await answer(new Error('the store is full'));

  accounts.note([item('b')]);
  await pass(1_000);
  await answer();

  expect(happened).toEqual([
    'read',
    'the accounts could not be read again after a change: the store is full',
    'read',
    'let go b',
    'refreshed',
  ]);
});

test('touches nothing any more after it was stopped', async () => {
  const { accounts, happened, answer, pass } = prepare();
  accounts.note([item('a')]);
  await pass(1_000);

  accounts.stop();
  await answer();
  accounts.note([item('b')]);
  await pass(5_000);

  expect(happened).toEqual(['read']);
});
