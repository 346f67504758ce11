import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { ENDED_PROBLEM_DAYS, FINISHED_OUTBOX_DAYS, UNKNOWN_EVENT_DAYS } from '#core/finding/retention.ts';
import type { StateStore } from '#ports/state-store.ts';
import { creation, historyOf, itemOf, keyOf, problemOf } from '../../../test/contract/state-store/fixtures.ts';
import { folderPerTest, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const newFolder = folderPerTest();
const openHome = homePerTest();

const DAY = 86_400_000;

/** One of each, so many days old. */
async function fill(store: StateStore, name: string, days: number): Promise<void> {
  const at = Date.now() - days * DAY;
  const item = itemOf(`item ${name}`, { problemKey: keyOf(`told ${name}`), createdAt: at, dueAt: at });
  await store.apply([
    creation('x', { problem: problemOf(`told ${name}`), outbox: [item] }),
    creation('x', {
      problem: problemOf(`over ${name}`, { status: 'resolved', lastSeenAt: at, firstSeenAt: at, resolvedAt: at }),
      history: [historyOf('over', { at })],
    }),
  ]);
  await store.claim(item.destinationKey, at, 1, 'worker');
  const outcome = { kind: 'sent', messageId: item.id, at } as const;
  await store.settle('worker', { outcomes: [{ id: item.id, outcome }], threads: [], messages: [] });
  await store.keepUnknown([{ id: `unknown ${name}`, at, detailType: 'x', reason: 'y', raw: '{}' }]);
}

it('forgets what is old when it starts, and says how much', async () => {
  const dataDir = newFolder();
  const store = openSqliteStore({ path: join(dataDir, 'yagura.db') });
  await fill(store, 'old', Math.max(ENDED_PROBLEM_DAYS, UNKNOWN_EVENT_DAYS) + 1);
  await fill(store, 'young', FINISHED_OUTBOX_DAYS - 1);
  await store.close();

  const home = await openHome({ dataDir });

  await vi.waitFor(() => expect(home.log.join('')).toContain('removed what was kept long enough'));
  const said: unknown = JSON.parse(home.log.find((line) => line.includes('removed what')) ?? '');
  expect(said).toMatchObject({ outboxItems: 1, unknownEvents: 1, problems: 1, messages: 0 });
  const { store: open } = home.running.yagura;
  expect((await open.unknownEvents(10)).map(({ id }) => id)).toEqual(['unknown young']);
  expect((await open.problemPage({ status: ['resolved'] })).items.map(({ key }) => key)).toEqual(['over young']);
  expect((await open.outboxPage({})).items.map(({ id }) => id)).toEqual(['item young']);
});
