import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { ExceptionScope } from '#core/notification/exception.ts';
import { awsEvent } from '../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom } from '../../test/stand-ins/time.ts';
import { acceptEvents } from './accept-events.ts';
import { tellUncovered } from './ended-exceptions.ts';
import { addException, removeException } from './problem-actions.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const ACTOR = { id: 'slack:U0000000042', name: 'hanako' };

/** A home with one GuardDuty finding that its team knows, counting what is read of the store. */
async function prepare() {
  const clock = createFakeClock();
  const memory = createMemoryStore();
  const reads: string[] = [];
  const noted = <T>(what: string, answer: T): T => {
    reads.push(what);
    return answer;
  };
  const store: typeof memory = {
    ...memory,
    problems: (keys) => noted('problems', memory.problems(keys)),
    problemPage: (query) => noted(`page ${query.accountId?.join() ?? 'of all'}`, memory.problemPage(query)),
    setting: (name) => noted(`setting ${name}`, memory.setting(name)),
  };
  const { directory, policy } = contextOf('company');
  const ports = { store, clock, random: createSeededRandom(), directory: () => directory, policy: () => policy };
  const context = async () => ({ directory, policy, exceptions: await memory.exceptions(), now: clock.now() });
  await acceptEvents([{ event: awsEvent({ of: 'guardduty', set: { 'detail.severity': 8 } }) }], ports);
  const [known] = (await memory.problemPage({})).items;
  if (known === undefined) throw new Error('no problem was made of the event');
  const except = (scope: ExceptionScope, days = 7) =>
    addException({ scope, reason: 'tested in a lab', owner: 'hanako', days }, ACTOR, ports);
  const problem = async () => (await memory.problems([known.key])).get(known.key);
  const tell = async () => {
    reads.length = 0;
    return await tellUncovered(await context(), ports);
  };
  return { clock, store, memory, ports, reads, key: known.key, except, problem, tell };
}

const whole = (key: ProblemKey): ExceptionScope => ({ problemKey: key });

describe('the end of an exception', () => {
  test.each([
    ['one problem', (key: ProblemKey): ExceptionScope => ({ problemKey: key })],
    ['an account', (): ExceptionScope => ({ accountId: '111122223333' })],
    ['a type', (): ExceptionScope => ({ type: 'UnauthorizedAccess:*' })],
    ['a team', (): ExceptionScope => ({ team: 'payments' })],
  ])('for %s makes its problem tell again', async (_what, scopeOf) => {
    const { clock, key, memory, except, problem, tell } = await prepare();
    await except(scopeOf(key));
    clock.advance(8 * DAY);

    const told = await tell();

    expect(told).toBe(1);
    expect((await problem())?.exceptionId).toBeNull();
    const [newest] = (await memory.outboxPage({})).items;
    expect(newest).toMatchObject({
      action: 'update',
      createdAt: clock.now(),
      destinationKey: 'slack:#payments-guardduty',
    });
  });

  test('leaves what another exception covers alone', async () => {
    const { clock, key, except, problem, tell } = await prepare();
    await except(whole(key), 1);
    const other = await except({ accountId: '111122223333' }, 30);
    clock.advance(2 * DAY);

    expect(await tell()).toBe(0);
    expect((await problem())?.exceptionId).toBe(other.id);
  });

  test('is written into the history with the exception that ended', async () => {
    const { clock, key, ports, memory, except, tell } = await prepare();
    const exception = await except(whole(key));
    await removeException(exception.id, ACTOR, ports);
    clock.advance(MINUTE);

    await tell();

    expect(await memory.history(key)).toContainEqual(
      expect.objectContaining({ what: 'exception-removed', by: 'yagura', detail: exception.id }),
    );
  });
});

describe('looking for ended exceptions every minute', () => {
  test('reads nothing while there is none', async () => {
    const { key, except, reads, tell } = await prepare();
    await except(whole(key));

    await tell();

    expect(reads).toEqual([]);
  });

  test('reads problems twice for one, at once and when late writers must be done, and then only what it remembers', async () => {
    const { clock, except, reads, tell } = await prepare();
    await except({ accountId: '111122223333' }, 1);
    clock.advance(DAY);
    const looked: string[][] = [];

    for (let minute = 0; minute < 10; minute++) {
      await tell();
      looked.push(reads.filter((read) => read.startsWith('page')));
      clock.advance(MINUTE);
    }

    const account = ['page 111122223333'];
    expect(looked).toEqual([account, [], [], [], [], account, [], [], [], []]);
    expect(reads).toEqual(['setting exceptions.checkedAt']);
  });

  test('asks for one problem by its key, not for all', async () => {
    const { clock, key, except, reads, tell } = await prepare();
    await except(whole(key), 1);
    clock.advance(DAY);

    await tell();

    expect(reads.filter((read) => read.startsWith('page'))).toEqual([]);
  });

  test('finds a problem that a router wrote as covered after the first look', async () => {
    const { clock, key, memory, except, problem, tell } = await prepare();
    const exception = await except(whole(key), 1);
    clock.advance(DAY);
    await tell();
    const open = await problem();
    if (open === undefined) throw new Error('the problem is gone');
    const late = { ...open, version: open.version + 1, exceptionId: exception.id };
    await memory.apply([{ problem: late, expectedVersion: open.version, outbox: [], history: [] }]);
    clock.advance(5 * MINUTE);

    expect(await tell()).toBe(1);
    expect((await problem())?.exceptionId).toBeNull();
  });

  test('finds one that ended while the home was off for a week', async () => {
    const { clock, key, except, tell } = await prepare();
    await except({ accountId: '444455556666' }, 1);
    await except(whole(key), 3);
    clock.advance(DAY);
    await tell();
    clock.advance(7 * DAY);

    expect(await tell()).toBe(1);
  });

  test('takes one that was listed again and ended again as another end', async () => {
    const { clock, key, memory, ports, except, problem, tell } = await prepare();
    const exception = await except(whole(key), 30);
    await removeException(exception.id, ACTOR, ports);
    await tell();
    clock.advance(6 * MINUTE);
    await tell();
    const open = await problem();
    if (open === undefined) throw new Error('the problem is gone');
    const covered = { ...open, version: open.version + 1, exceptionId: exception.id };
    await memory.apply([{ problem: covered, expectedVersion: open.version, outbox: [], history: [] }]);
    clock.advance(MINUTE);
    await memory.saveException({ ...exception, removedAt: clock.now(), removedBy: 'yagura.yaml' });

    expect(await tell()).toBe(1);
  });

  test('goes on with an exception whose problems it could not change', async () => {
    const { clock, key, store, memory, except, tell } = await prepare();
    await except(whole(key), 1);
    clock.advance(DAY);
    const broken = store.apply;
    store.apply = async () => {
      throw new Error('the store is away');
    };
    await expect(tell()).rejects.toThrow('the store is away');
    store.apply = broken;

    expect(await memory.setting('exceptions.checkedAt')).toBeUndefined();
    expect(await tell()).toBe(1);
  });
});

test('an exception that a queue hands over twice is made and written down once', async () => {
  const { memory, ports, key } = await prepare();
  const request = { scope: whole(key), reason: 'tested in a lab', owner: 'hanako', days: 7 };
  const sameIds = { ...ports, random: { next: () => 0, id: () => 'from-the-message' } };

  const first = await addException(request, ACTOR, sameIds);
  const second = await addException(request, ACTOR, sameIds);

  expect(second).toEqual(first);
  expect(await memory.exceptions()).toHaveLength(1);
  expect(await memory.auditEntries(0, 10)).toHaveLength(1);
});
