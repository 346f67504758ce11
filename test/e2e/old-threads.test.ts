import { afterEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import type { StateStore } from '#ports/state-store.ts';
import { guardDutyEvent } from './delivery-events.ts';
import { type DeliveryWorld, outboxCounts, shownIn, startWorld, TEAM } from './delivery-world.ts';

const DAY = 86_400_000;

const stores: readonly (readonly [name: string, open: () => StateStore])[] = [
  ['memory', createMemoryStore],
  ['SQLite', () => openSqliteStore({ path: ':memory:' })],
];

describe.each(stores)('an open problem told long ago (%s)', (_, open) => {
  let world: DeliveryWorld | undefined;
  afterEach(async () => {
    await world?.stop();
    await world?.ports.store.close();
    world = undefined;
  });

  async function startToldLongAgo(days: number): Promise<DeliveryWorld> {
    const started = await startWorld({ store: open() });
    world = started;
    await started.accept(guardDutyEvent());
    await started.drain();
    started.clock.advance(days * DAY);
    await started.store.prune(started.clock.now());
    return started;
  }

  test('has its message edited and answered in its thread, after its outbox item is forgotten', async () => {
    const { accept, drain, store, slack } = await startToldLongAgo(200);

    await accept(guardDutyEvent({ minute: 5, severity: 9.2 }));
    await drain();

    expect(shownIn(slack, TEAM)).toMatchObject([{ isReply: false, edits: 1 }, { isReply: true }]);
    expect(await outboxCounts(store)).toMatchObject({ sent: expect.any(Number) });
  });

  test('keeps its place in the feed when its message is edited', async () => {
    const { accept, drain, store } = await startToldLongAgo(200);
    const [before] = (await store.messagePage({ destinationKey: `slack:${TEAM}` })).items;

    await accept(guardDutyEvent({ minute: 5, severity: 9.2 }));
    await drain();

    const after = (await store.messagePage({ destinationKey: `slack:${TEAM}`, topLevelOnly: true })).items;
    expect(after).toMatchObject([{ id: before?.id, sentAt: before?.sentAt, editedAt: expect.any(Number) }]);
  });

  test('that ended and was forgotten is told anew when it comes back', async () => {
    const { accept, drain, store, slack, clock } = await startToldLongAgo(1);
    await accept(guardDutyEvent({ minute: 5, archived: true }));
    await drain();
    clock.advance(401 * DAY);
    await store.prune(clock.now());

    await accept(guardDutyEvent({ minute: 9 }));
    await drain();

    expect(shownIn(slack, TEAM).filter(({ isReply }) => !isReply)).toHaveLength(2);
  });
});
