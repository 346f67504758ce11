import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import type { StateStore } from '#ports/state-store.ts';
import {
  creation,
  DESTINATION,
  historyOf,
  itemOf,
  keyOf,
  messageOf,
  nextOf,
  problemOf,
  T0,
  threadOf,
} from '../../../test/contract/state-store/fixtures.ts';
import { openSqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-pruning-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DAY = 86_400_000;

async function withStore(name: string, work: (store: StateStore, path: string) => Promise<void>): Promise<void> {
  const path = join(folder, `${name}.db`);
  const store = openSqliteStore({ path });
  try {
    await work(store, path);
  } finally {
    await store.close();
  }
}

function unknownEvents(count: number) {
  return Array.from({ length: count }, (_, n) => ({ id: `u${n}`, at: T0, detailType: 'x', reason: 'y', raw: '{}' }));
}

it('lets others write between its steps, however much there is to remove', async () => {
  await withStore('turns', async (store) => {
    await store.keepUnknown(unknownEvents(4_000));
    let isOver = false;
    let written = 0;

    const pruning = store.prune(T0 + 401 * DAY).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await store.putSetting('turn', String(written));
      written += 1;
    }

    expect((await pruning).unknownEvents).toBe(4_000);
    expect(written).toBeGreaterThanOrEqual(20);
  });
});

it('stops between two steps when it is told to', async () => {
  await withStore('stop', async (store) => {
    await store.keepUnknown(unknownEvents(4_000));
    const abort = new AbortController();

    const pruning = store.prune(T0 + 401 * DAY, abort.signal);
    abort.abort();
    const { unknownEvents: removed } = await pruning;

    expect(removed).toBeLessThan(4_000);
    expect(await store.prune(T0 + 401 * DAY)).toMatchObject({ unknownEvents: 4_000 - removed });
  });
});

it('removes a history that is longer than a step', async () => {
  await withStore('history', async (store, path) => {
    const history = Array.from({ length: 3_000 }, (_, n) => historyOf(String(n)));
    await store.apply([creation('p', { problem: problemOf('p', { status: 'resolved' }), history })]);

    const removed = await store.prune(T0 + 401 * DAY);

    expect(removed.problems).toBe(1);
    expect(rowsOf(path)['history']).toBe(0);
  });
});

it('leaves no row of any table behind', async () => {
  await withStore('rows', async (store, path) => {
    const names = Array.from({ length: 300 }, (_, n) => `p${n}`);
    await store.apply(
      names.map((name) =>
        creation(name, {
          outbox: [itemOf(`i ${name}`, { problemKey: keyOf(name) })],
          history: [historyOf('opened')],
          rawEvent: `{"name":"${name}","more":"${'x'.repeat(3_000)}"}`,
        }),
      ),
    );
    const claimed = await store.claim(DESTINATION, T0, 500, 'worker');
    await store.settle('worker', {
      outcomes: claimed.map(({ id }) => ({ id, outcome: { kind: 'sent', messageId: id, at: T0 } })),
      threads: names.map((name) => threadOf(name, { messageId: `i ${name}` })),
      messages: names.map((name) => messageOf(`i ${name}`, { problemKeys: [keyOf(name)] })),
    });
    await store.apply(names.map((name) => nextOf(problemOf(name), { status: 'resolved', resolvedAt: T0 })));

    const removed = await store.prune(T0 + 401 * DAY);

    expect(removed).toEqual({ problems: 300, outboxItems: 300, messages: 300, unknownEvents: 0 });
    expect(Object.entries(rowsOf(path)).filter(([, rows]) => rows > 0)).toEqual([]);
  });
});

it('brings a database of the version before up to date, with what is in it', async () => {
  const path = join(folder, 'before.db');
  const before = openSqliteStore({ path });
  await before.apply([creation('p', { problem: problemOf('p', { status: 'resolved' }) })]);
  await before.close();
  const db = new DatabaseSync(path);
  db.exec('DROP INDEX problem_ended; PRAGMA user_version = 1');
  db.close();

  const after = openSqliteStore({ path });
  const removed = await after.prune(T0 + 401 * DAY);
  await after.close();

  expect(removed.problems).toBe(1);
});

/** Rows of every table, as they are on disk. */
function rowsOf(path: string): Record<string, number> {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return Object.fromEntries(
      tables.map(({ name }) => [String(name), Number(db.prepare(`SELECT count(*) AS n FROM ${name}`).get()?.['n'])]),
    );
  } finally {
    db.close();
  }
}
