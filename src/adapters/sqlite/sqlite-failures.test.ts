import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { YaguraError } from '#core/errors/yagura-error.ts';
import {
  creation,
  historyOf,
  itemOf,
  keyOf,
  nextOf,
  problemOf,
  T0,
} from '../../../test/contract/state-store/fixtures.ts';
import { connectionTo } from './connection.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { openSqliteStore, sqliteStoreOn } from './sqlite-store.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-failures-'));
  path = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function failureOf(work: () => unknown): Promise<YaguraError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof YaguraError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A batch that needs about 3 MB. */
function largeBatch(): ReturnType<typeof creation>[] {
  return Array.from({ length: 300 }, (_, n) =>
    creation('x', {
      problem: problemOf(`large ${n}`, { observation: { description: 'd'.repeat(10_000) } }),
      outbox: [itemOf(`item of large ${n}`)],
      history: [historyOf('large')],
      rawEvent: `event ${n}`,
    }),
  );
}

describe('a full disk', () => {
  it('refuses a batch as a whole, keeps what was there, and takes the batch once there is room', async () => {
    const db = new DatabaseSync(path);
    const store = sqliteStoreOn(connectionTo(db, path));
    await store.apply([creation('before', { outbox: [itemOf('item before')] })]);
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
    db.exec(`PRAGMA max_page_count = ${pages + 100}`);

    const failure = await failureOf(() => store.apply(largeBatch()));

    expect(failure).toMatchObject({ code: 'store.full', retryable: true });
    expect(failure.message).toContain(path);
    expect(failure.message).toContain('Free some space');
    expect((await store.problemPage({})).items).toEqual([problemOf('before')]);
    expect((await store.outboxPage({})).total).toBe(1);
    expect(await store.history(keyOf('large 0'))).toEqual([]);
    expect(await store.apply([creation('small')])).toEqual([]);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });

    db.exec('PRAGMA max_page_count = 1000000');
    expect(await store.apply(largeBatch())).toEqual([]);
    expect((await store.problemPage({ text: 'large' })).total).toBe(300);
    expect((await store.outboxPage({})).total).toBe(301);
    expect(await store.rawEvent(keyOf('large 299'))).toBe('event 299');
    await store.close();
  });

  it('lets the small writes through that shared a transaction with one that found no room', async () => {
    const db = new DatabaseSync(path);
    const store = sqliteStoreOn(connectionTo(db, path));
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
    db.exec(`PRAGMA max_page_count = ${pages + 100}`);

    const results = await Promise.allSettled([
      store.apply([creation('first')]),
      store.apply(largeBatch()),
      store.apply([creation('last')]),
      store.putSetting('a', '1', { value: undefined }),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect((await store.problemPage({})).items.map(({ key }) => key).sort()).toEqual(['first', 'last']);
    expect(await store.setting('a')).toBe('1');
    await store.close();
  });
});

describe('a database that cannot be used', () => {
  it('names the file and the way out when a newer program wrote it, and leaves it as it is', async () => {
    await openSqliteStore({ path }).close();
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.close();

    const failure = await failureOf(() => openSqliteStore({ path }));

    expect(failure).toMatchObject({ code: 'store.unavailable', retryable: false });
    expect(failure.message).toMatch(new RegExp(`${path}: a newer Yagura wrote it.*--data`));
  });

  it('touches no database of another program', async () => {
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE theirs (x)');
    other.close();

    const failure = await failureOf(() => openSqliteStore({ path }));

    const again = new DatabaseSync(path);
    expect(failure.message).toContain('another program');
    expect(again.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
    again.close();
  });

  it('says so when the file is damaged', async () => {
    writeFileSync(path, 'this was never a database, only text that is long enough to be looked at'.repeat(100));

    const failure = await failureOf(() => openSqliteStore({ path }));

    expect(failure).toMatchObject({ code: 'store.unavailable', retryable: false });
    expect(failure.message).toMatch(/damaged or is no database/);
  });

  it('says so when the folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');

    const failure = await failureOf(() => openSqliteStore({ path: join(folder, 'file', 'state.db') }));

    expect(failure).toMatchObject({ code: 'store.unavailable' });
    expect(failure.message).toMatch(/Cannot create the database .*state\.db/);
  });
});

it('makes the folder and the file for this user alone', async () => {
  const inside = join(folder, 'new', 'state.db');

  await openSqliteStore({ path: inside }).close();

  expect(statSync(join(folder, 'new')).mode & 0o077).toBe(0);
  expect(statSync(inside).mode & 0o077).toBe(0);
});

it('gives up on a write, but not for good, when another process keeps the database locked', async () => {
  const db = new DatabaseSync(path, { timeout: 20 });
  const store = sqliteStoreOn(connectionTo(db, path));
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');

  const failures = await Promise.all([
    failureOf(() => store.apply([creation('p')])),
    failureOf(() => store.putSetting('a', '1')),
  ]);
  const readMeanwhile = await store.problemPage({});
  other.exec('ROLLBACK');

  for (const failure of failures) {
    expect(failure).toMatchObject({ code: 'store.unavailable', retryable: true });
    expect(failure.message).toContain('locked');
  }
  expect(readMeanwhile.total).toBe(0);
  expect(await store.apply([creation('p')])).toEqual([]);
  other.close();
  await store.close();
});

it('finishes the writes it was asked for before it closes, and none afterwards', async () => {
  const store = openSqliteStore({ path });
  const pending = store.apply([creation('p')]);
  await store.close();
  await store.close();

  const lost = await pending;
  const write = await failureOf(() => store.apply([creation('q')]));
  const read = await failureOf(() => store.problemPage({}));

  expect(lost).toEqual([]);
  expect([write.code, read.code]).toEqual(['store.unavailable', 'store.unavailable']);
  const again = openSqliteStore({ path });
  expect((await again.problemPage({})).items.map(({ key }) => key)).toEqual(['p']);
  await again.close();
});

it('throws a bug as it is and takes no other write with it', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  const results = await Promise.allSettled([
    store.apply([creation('good')]),
    store.appendAudit({ at: T0, actor: 'a', action: 'b', target: 'c', detail: circular }),
    store.apply([nextOf(problemOf('good'))]),
  ]);

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await store.problems([keyOf('good')])).get(keyOf('good'))?.version).toBe(2);
  await store.close();
});
