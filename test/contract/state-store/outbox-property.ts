import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { OutboxItem, OutboxState } from '#core/notification/outbox.ts';
import type { OutboxOutcome, StateStore } from '#ports/state-store.ts';
import { itemOf, keyOf, problemOf, T0 } from './fixtures.ts';

const DESTINATIONS = ['slack:#a', 'slack:#b'];

/** What the outbox must look like, kept in the simplest way. */
type Modelled = { readonly item: OutboxItem; state: OutboxState; dueAt: number; token: string | null };
type Model = { now: number; written: number; readonly items: Modelled[]; readonly versions: Map<ProblemKey, number> };

type Step =
  | {
      readonly do: 'apply';
      readonly problem: number;
      readonly destination: number;
      readonly delay: number;
      readonly stale: boolean;
    }
  | { readonly do: 'claim'; readonly destination: number; readonly limit: number }
  | {
      readonly do: 'settle';
      readonly outcome: 'sent' | 'covered' | 'retry' | 'parked';
      readonly delay: number;
      readonly howMany: number;
    }
  | { readonly do: 'takeOver' }
  | { readonly do: 'requeue'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('apply' as const),
      problem: fc.nat(2),
      destination: fc.nat(1),
      delay: fc.constantFrom(0, 0, 0, 20),
      stale: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      destination: fc.nat(1),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      outcome: fc.constantFrom('sent' as const, 'covered' as const, 'retry' as const, 'parked' as const),
      delay: fc.nat(30),
      howMany: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeOver' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('requeue' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20 }) }) },
);

/** Items the model would give to a claim now. */
function claimable(model: Model, destinationKey: string): Modelled[] {
  const here = model.items.filter(({ item }) => item.destinationKey === destinationKey);
  if (here.some(({ state }) => state === 'sending')) return [];
  const waiting = new Set<ProblemKey>();
  return here.filter(({ item, state, dueAt }) => {
    if (state !== 'queued') return false;
    if (dueAt > model.now) waiting.add(item.problemKey);
    return !waiting.has(item.problemKey);
  });
}

async function apply(store: StateStore, model: Model, action: Extract<Step, { do: 'apply' }>): Promise<void> {
  const key = keyOf(`problem ${action.problem}`);
  const version = model.versions.get(key) ?? 0;
  const destinationKey = DESTINATIONS[action.destination] ?? '';
  model.written += 1;
  const item = itemOf(`item ${model.written}`, {
    problemKey: key,
    destinationKey,
    createdAt: model.now,
    dueAt: model.now + action.delay,
    problemVersion: version + 1,
  });

  const lost = await store.apply([
    {
      problem: problemOf(key, { version: version + 1 }),
      expectedVersion: action.stale ? version + 5 : version,
      outbox: [item],
      history: [],
    },
  ]);

  expect(lost).toEqual(action.stale ? [key] : []);
  if (action.stale) return;
  model.versions.set(key, version + 1);
  model.items.push({ item, state: 'queued', dueAt: item.dueAt, token: null });
}

async function claim(store: StateStore, model: Model, action: Extract<Step, { do: 'claim' }>): Promise<void> {
  const destinationKey = DESTINATIONS[action.destination] ?? '';
  const token = `token ${model.now} ${destinationKey} ${model.written}`;
  const expected = claimable(model, destinationKey).slice(0, action.limit);

  const claimed = await store.claim(destinationKey, model.now, action.limit, token);

  expect(claimed.map(({ id }) => id)).toEqual(expected.map(({ item }) => item.id));
  for (const entry of expected) {
    entry.state = 'sending';
    entry.token = token;
  }
}

async function settle(store: StateStore, model: Model, action: Extract<Step, { do: 'settle' }>): Promise<void> {
  const open = model.items.filter(({ state }) => state === 'sending');
  const token = open[0]?.token;
  if (token === undefined || token === null) return;
  const chosen = open.filter((entry) => entry.token === token).slice(0, action.howMany);
  const dueAt = model.now + action.delay;
  const outcomes: Record<typeof action.outcome, OutboxOutcome> = {
    sent: { kind: 'sent', messageId: 'm', at: model.now },
    covered: { kind: 'covered', messageId: null, at: model.now },
    retry: { kind: 'retry', dueAt, error: 'no answer', countsAsAttempt: true },
    parked: { kind: 'parked', error: 'gave up', at: model.now },
  };

  // The outcomes of a stranger in the same call must change nothing.
  await store.settle(`not ${token}`, {
    outcomes: chosen.map(({ item }) => ({ id: item.id, outcome: outcomes.parked })),
    threads: [],
    messages: [],
  });
  await store.settle(token, {
    outcomes: chosen.map(({ item }) => ({ id: item.id, outcome: outcomes[action.outcome] })),
    threads: [],
    messages: [],
  });

  for (const entry of chosen) {
    entry.token = null;
    entry.state = action.outcome === 'retry' ? 'queued' : action.outcome;
    if (action.outcome === 'retry') entry.dueAt = dueAt;
  }
}

async function takeOver(store: StateStore, model: Model): Promise<void> {
  const stale = await store.staleClaims(model.now + 1);
  const token = `taken over at ${model.now} ${model.written}`;

  const taken = await store.takeOver(stale, token, model.now);

  const expected = model.items.filter(({ state }) => state === 'sending');
  expect(taken.map(({ id }) => id).sort()).toEqual(expected.map(({ item }) => item.id).sort());
  for (const entry of expected) entry.token = token;
}

async function requeue(store: StateStore, model: Model, which: number): Promise<void> {
  const entry = model.items[which];
  if (entry === undefined) return;
  const possible = entry.state === 'queued' || entry.state === 'parked';

  expect(await store.requeue(entry.item.id, model.now)).toBe(possible);

  if (!possible) return;
  entry.state = 'queued';
  entry.dueAt = model.now;
}

async function run(store: StateStore, model: Model, action: Step): Promise<void> {
  switch (action.do) {
    case 'apply':
      return await apply(store, model, action);
    case 'claim':
      return await claim(store, model, action);
    case 'settle':
      return await settle(store, model, action);
    case 'takeOver':
      return await takeOver(store, model);
    case 'requeue':
      return await requeue(store, model, action.which);
    case 'wait':
      model.now += action.ms;
  }
}

/** Sends everything that is left, in order, and says what was sent. */
async function drain(store: StateStore, model: Model): Promise<void> {
  await takeOver(store, model);
  await settleAll(store, model);
  model.now += 1_000;
  for (const [destination] of DESTINATIONS.entries()) {
    await claim(store, model, { do: 'claim', destination, limit: 500 });
    await settleAll(store, model);
  }
}

async function settleAll(store: StateStore, model: Model): Promise<void> {
  await settle(store, model, { do: 'settle', outcome: 'sent', delay: 0, howMany: 500 });
}

/** Random interleavings against a model: nothing is lost, nothing is delivered before its earlier sibling. */
export function describeOutboxProperty(open: () => Promise<StateStore>, numRuns: number): void {
  describe('outbox in any order of events', () => {
    it('loses no item and delivers none before its earlier sibling', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
          const store = await open();
          const model: Model = { now: T0, written: 0, items: [], versions: new Map() };
          try {
            for (const action of steps) await run(store, model, action);
            await drain(store, model);

            const { items, total } = await store.outboxPage({ limit: 500 });
            const states = new Map(items.map(({ id, state }) => [id, state]));
            expect(states).toEqual(new Map(model.items.map(({ item, state }) => [item.id, state])));
            expect(total).toBe(model.items.length);
            expect(model.items.filter(({ state }) => state === 'queued' || state === 'sending')).toEqual([]);
          } finally {
            await store.close();
          }
        }),
        { numRuns },
      );
    }, 120_000);
  });
}
