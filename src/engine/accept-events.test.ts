import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import { sampleOrganization } from '#core/sample-organization/sample-organization.ts';
import { acceptEvents, type IncomingEvent, type IntakePorts } from '#engine/accept-events.ts';
import type { ProblemChange, StateStore } from '#ports/state-store.ts';
import { awsEvent, type EventRecipe, type Json } from '../../test/stand-ins/events/aws-events.ts';
import { contextOf, TEST_NOW } from '../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom } from '../../test/stand-ins/time.ts';

const KEY = 'guardduty:16afba5c5c43e07c9e3e5e2e544e95df' as ProblemKey;

function portsOver(store: StateStore, config = 'issue'): IntakePorts {
  const { directory, policy } = contextOf(config);
  return {
    store,
    clock: createFakeClock(TEST_NOW),
    random: createSeededRandom(),
    directory: () => directory,
    policy: () => policy,
  };
}

function incoming(...recipes: readonly EventRecipe[]): IncomingEvent[] {
  return recipes.map((recipe) => ({ event: awsEvent(recipe) }));
}

async function outboxOf(store: StateStore): Promise<string[]> {
  const { items } = await store.outboxPage({ limit: 500 });
  return items.map((item) => `${item.action} ${item.destinationKey}`).reverse();
}

describe('accepting events', () => {
  it('stores problems, history, the event and what to tell in one go, and reports it', async () => {
    const store = createMemoryStore();

    const report = await acceptEvents(
      incoming('guardduty', 'control', 'ec2-state', { of: 'health', without: ['detail.eventArn'] }, 'custom-action'),
      portsOver(store),
    );

    expect(report).toMatchObject({
      events: 5,
      observed: 4,
      unknown: 1,
      notUnderstood: 1,
      problemsChanged: 3,
      queued: 4,
      perKind: { guardduty: 1, securityhub: 3 },
      accountsChanged: false,
    });
    expect(await outboxOf(store)).toEqual([
      'post slack:#payments-guardduty',
      'post slack:#sec-guardduty',
      'post slack:#payments-securityhub',
      'post slack:#payments-securityhub',
    ]);
    expect((await store.history(KEY)).map(({ what }) => what)).toEqual(['opened']);
    expect(JSON.parse((await store.rawEvent(KEY)) ?? '')).toEqual(awsEvent('guardduty'));
    expect(report.queuedItems).toHaveLength(4);
  });

  it('keeps unknown and broken events, each with its reason and its bytes', async () => {
    const store = createMemoryStore();
    const raw = JSON.stringify(awsEvent('ec2-state'), null, 1);

    await acceptEvents(
      [
        { event: awsEvent('ec2-state'), raw },
        { event: 7 },
        ...incoming({ of: 'control', set: { 'detail.findings': [1] } }),
      ],
      portsOver(store),
    );

    expect((await store.unknownEvents(10)).map(({ detailType, reason }) => [detailType, reason])).toEqual([
      ['EC2 Instance State-change Notification', 'unknown-kind'],
      ['none', 'an event is a JSON object'],
      ['Security Hub Findings - Imported', 'detail.findings[0] is not an object'],
    ]);
    expect((await store.unknownEvents(10))[0]?.raw).toBe(raw);
  });

  it('twice is accepting once: nothing is told, kept or counted again', async () => {
    const store = createMemoryStore();
    const batch = incoming('guardduty', 'control', 'health', 'account-created', 'ec2-state', {
      of: 'guardduty',
      without: ['detail.id'],
    });
    await acceptEvents(batch, portsOver(store));
    const before = [await outboxOf(store), await store.unknownCounts()];

    const again = await acceptEvents(batch, portsOver(store));

    expect([await outboxOf(store), await store.unknownCounts()]).toEqual(before);
    expect(again).toMatchObject({ queued: 0, observed: 4, unknown: 1, notUnderstood: 1 });
  });

  it('says that accounts changed', async () => {
    const report = await acceptEvents(incoming('account-moved'), portsOver(createMemoryStore()));

    expect(report).toMatchObject({ accountsChanged: true, perKind: { account: 1 } });
  });

  it('takes a whole life of a problem in one batch as in many', async () => {
    const life = incoming(
      'guardduty',
      { of: 'guardduty', minutes: 10, set: { 'detail.service.count': 5 } },
      'guardduty-asff',
      { of: 'guardduty', minutes: 20, set: { 'detail.service.archived': true } },
    );
    const [together, apart] = [createMemoryStore(), createMemoryStore()];

    await acceptEvents(life, portsOver(together));
    for (const event of life) await acceptEvents([event], portsOver(apart));

    expect(await outboxOf(together)).toEqual(await outboxOf(apart));
    expect((await together.problems([KEY])).get(KEY)).toEqual((await apart.problems([KEY])).get(KEY));
    expect(await together.history(KEY)).toEqual(await apart.history(KEY));
  });

  it('loses nothing when many batches about the same problems come at the same time', async () => {
    const store = createMemoryStore();
    const ports = portsOver(slowed(store));
    const batches = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 10 }, (_, index) =>
        incoming({
          of: 'guardduty',
          minutes: batch,
          set: { 'detail.id': `finding-${index}`, 'detail.service.count': batch + 1 },
        }),
      ).flat(),
    );

    const reports = await Promise.all(batches.map((batch) => acceptEvents(batch, ports)));

    const { items } = await store.problemPage({ limit: 500 });
    expect(items.map((problem) => [problem.timesSeen, problem.observation.count])).toEqual(
      Array.from({ length: 10 }, () => [12, 12]),
    );
    const posts = (await store.outboxPage({ limit: 500 })).items.filter((item) => item.action === 'post');
    expect(posts).toHaveLength(20);
    expect((await store.outboxPage({ limit: 1 })).total).toBe(reports.reduce((sum, report) => sum + report.queued, 0));
  });

  it('gives the batch back, to be sent again, when others never stop changing the same problem', async () => {
    const store = createMemoryStore();
    const busy: StateStore = { ...store, apply: async (changes) => changes.map(({ problem }) => problem.key) };

    await expect(acceptEvents(incoming('guardduty'), portsOver(busy))).rejects.toMatchObject({
      code: 'store.conflict',
      retryable: true,
    });
    await expect(acceptEvents(incoming('guardduty'), portsOver(store))).resolves.toMatchObject({ queued: 2 });
  });

  it('counts what an exception silences, once for each event that was written', async () => {
    const store = createMemoryStore();
    await store.saveException({
      ...{ id: 'e1', scope: { accountId: '111122223333' }, reason: 'r', owner: 'o', createdBy: 'c', createdAt: 0 },
      ...{ expiresAt: TEST_NOW + 1, removedAt: null, removedBy: null, silenced: 0 },
    });

    const report = await acceptEvents(
      incoming('guardduty', { of: 'guardduty', minutes: 1, set: { 'detail.service.count': 7 } }, 'control', 'control'),
      portsOver(store),
    );

    expect(report.queued).toBe(0);
    expect((await store.exceptions()).map(({ silenced }) => silenced)).toEqual([3]);
  });

  it('keeps an event that cannot be written as JSON', async () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as Json;
    const store = createMemoryStore();

    const report = await acceptEvents(
      [{ event: deep }, ...incoming({ of: 'guardduty', set: { 'detail.deep': deep } })],
      portsOver(store),
    );

    expect(report).toMatchObject({ notUnderstood: 1, problemsChanged: 1 });
    expect(JSON.parse((await store.rawEvent(KEY)) ?? '')).toHaveProperty('yagura:unprintable');
  });

  it('adds up, whatever the events', async () => {
    const { events } = sampleOrganization({ endAt: TEST_NOW });
    const any = fc.oneof(fc.constantFrom(...events.map((event): unknown => event.envelope)), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 30 }), async (batch) => {
        const store = createMemoryStore();

        const report = await acceptEvents(
          batch.map((event) => ({ event })),
          portsOver(store),
        );

        const counts = Object.values(report.perKind).reduce((sum, count) => sum + count, 0);
        expect(report.events).toBe(batch.length);
        expect(report.observed).toBe(counts);
        expect(report.observed + report.unknown + report.notUnderstood).toBeGreaterThanOrEqual(batch.length);
        expect((await store.outboxPage({ limit: 1 })).total).toBe(report.queued);
        expect((await store.problemPage({ limit: 1 })).total).toBe(report.problemsChanged);
      }),
      { numRuns: 60 },
    );
  });
});

describe('10,000 findings in one burst', () => {
  it('are 10,000 problems, each queued once for each destination', async () => {
    const store = createMemoryStore();
    const ports = portsOver(store);
    const burst = Array.from({ length: 10_000 }, (_, index) => ({
      event: { ...awsEventOnce, detail: { ...(awsEventOnce['detail'] as object), id: `finding-${index}` } },
    }));

    const report = await acceptEvents(burst, ports);

    expect(report).toMatchObject({ problemsChanged: 10_000, queued: 20_000 });
    expect(await store.outboxCounts()).toEqual([
      { destinationKey: 'slack:#payments-guardduty', state: 'queued', count: 10_000 },
      { destinationKey: 'slack:#sec-guardduty', state: 'queued', count: 10_000 },
    ]);
  });
});

const awsEventOnce = awsEvent('guardduty');

/** A store that lets others in between reading and writing. */
function slowed(store: StateStore): StateStore {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    ...store,
    problems: async (keys) => {
      const found = await store.problems(keys);
      await turn();
      return found;
    },
    apply: async (changes: readonly ProblemChange[]) => {
      await turn();
      return store.apply(changes);
    },
  };
}
