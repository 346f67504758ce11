import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import { acceptEvents } from '#engine/accept-events.ts';
import { changeProblem } from '#engine/change-problem.ts';
import { acknowledge, assign } from '#engine/problem-actions.ts';
import type { StateStore } from '#ports/state-store.ts';
import { awsEvent } from '../../test/stand-ins/events/aws-events.ts';
import { contextOf, TEST_NOW } from '../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom } from '../../test/stand-ins/time.ts';

const KEY = 'guardduty:16afba5c5c43e07c9e3e5e2e544e95df' as ProblemKey;

function portsOver(store: StateStore) {
  const { directory, policy } = contextOf('issue');
  const ports = { store, clock: createFakeClock(TEST_NOW), random: createSeededRandom() };
  return { ...ports, directory: () => directory, policy: () => policy };
}

/** Lets everybody read before anybody writes. */
function slowed(store: StateStore): StateStore {
  return {
    ...store,
    apply: async (changes) => {
      await new Promise((resolve) => setImmediate(resolve));
      return store.apply(changes);
    },
  };
}

const person = (name: string) => ({ id: `slack:${name}`, name });

describe('changing one problem', () => {
  it('loses nothing when people and events change it at the same time', async () => {
    const store = createMemoryStore();
    const ports = portsOver(slowed(store));
    const events = Array.from({ length: 5 }, (_, index) => ({
      event: awsEvent({ of: 'guardduty', minutes: index, set: { 'detail.service.count': index + 2 } }),
    }));
    await acceptEvents(events.slice(0, 1), ports);

    await Promise.all([
      acknowledge(KEY, person('sato'), ports),
      assign(KEY, 'suzuki', person('suzuki'), ports),
      ...events.slice(1).map((event) => acceptEvents([event], ports)),
    ]);

    const problem = (await store.problems([KEY])).get(KEY);
    const what = (await store.history(KEY)).map((entry) => entry.what);
    expect(problem).toMatchObject({
      acknowledgedBy: 'sato',
      assignedTo: 'suzuki',
      timesSeen: 5,
      observation: { count: 6 },
    });
    expect(what.filter((one) => one === 'acknowledged' || one === 'assigned').sort()).toEqual([
      'acknowledged',
      'assigned',
    ]);
    expect((await store.auditEntries(0, 10)).length).toBe(2);
  });

  it('says that there is no such problem', async () => {
    await expect(
      acknowledge('guardduty:none' as ProblemKey, person('sato'), portsOver(createMemoryStore())),
    ).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no problem guardduty:none. List them with: yagura findings list',
    });
  });

  it('gives up, to be tried again, when others never stop changing it', async () => {
    const store = createMemoryStore();
    await acceptEvents([{ event: awsEvent('guardduty') }], portsOver(store));
    const busy: StateStore = { ...store, apply: async (changes) => changes.map(({ problem }) => problem.key) };

    await expect(acknowledge(KEY, person('sato'), portsOver(busy))).rejects.toMatchObject({
      code: 'store.conflict',
      retryable: true,
    });
  });

  it('writes nothing when there is nothing to change', async () => {
    const store = createMemoryStore();
    await acceptEvents([{ event: awsEvent('guardduty') }], portsOver(store));

    const problem = await changeProblem(KEY, portsOver(store), () => undefined);

    expect(problem.version).toBe(1);
    expect((await store.history(KEY)).length).toBe(1);
  });
});
