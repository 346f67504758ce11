import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { brokenLink } from '#core/audit/audit-entry.ts';
import type { StateStore } from '#ports/state-store.ts';
import {
  creation,
  DESTINATION,
  ids,
  itemOf,
  keyOf,
  nextOf,
  problemOf,
  T0,
} from '../../../test/contract/state-store/fixtures.ts';
import { openSqliteStore } from './sqlite-store.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-sharing-'));
  path = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two connections to one file, as two processes would have them. */
async function withTwoStores(work: (one: StateStore, two: StateStore) => Promise<void>): Promise<void> {
  const one = openSqliteStore({ path });
  const two = openSqliteStore({ path });
  try {
    await work(one, two);
  } finally {
    await one.close();
    await two.close();
  }
}

it('shows one process what another one wrote', async () => {
  await withTwoStores(async (one, two) => {
    await one.apply([creation('p', { outbox: [itemOf('a')], rawEvent: 'raw' })]);

    expect((await two.problems([keyOf('p')])).get(keyOf('p'))).toEqual(problemOf('p'));
    expect(await two.rawEvent(keyOf('p'))).toBe('raw');
    expect(await two.apply([creation('p')])).toEqual(['p']);
    expect(ids(await two.claim(DESTINATION, T0, 10, 'two'))).toEqual(['a']);
    expect(await one.claim(DESTINATION, T0, 10, 'one')).toEqual([]);
    expect(await one.requeue('a', T0)).toBe(false);
  });
});

it('keeps one audit chain that two processes append to', async () => {
  await withTwoStores(async (one, two) => {
    const appends = Array.from({ length: 30 }, (_, n) =>
      (n % 2 === 0 ? one : two).appendAudit({ at: T0, actor: 'a', action: 'b', target: `target ${n}`, detail: {} }),
    );

    await Promise.all(appends);

    const entries = await two.auditEntries(0, 100);
    expect(entries).toHaveLength(30);
    expect(entries.map((entry, n) => brokenLink(entry, entries[n - 1]))).toEqual(entries.map(() => undefined));
  });
});

it('lets one of two processes win each version', async () => {
  await withTwoStores(async (one, two) => {
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (n % 2 === 0 ? one : two).apply([creation('p', { outbox: [itemOf(`item ${n}`)] })]),
      ),
    );

    expect(results.filter((lost) => lost.length === 0)).toHaveLength(1);
    expect((await one.outboxPage({})).total).toBe(1);
  });
});

it('is created once by several processes that start at the same moment', async () => {
  const script = `
    const { openSqliteStore } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'sqlite-store.ts')).href)});
    const store = openSqliteStore({ path: ${JSON.stringify(path)} });
    await store.putSetting('from ' + process.argv[1], 'x');
    await store.close();`;
  const runs = [1, 2, 3, 4].map(
    (n) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [
          '--disable-warning=ExperimentalWarning',
          '--input-type=module',
          '-e',
          script,
          String(n),
        ]);
        let errors = '';
        child.stderr.on('data', (chunk) => {
          errors += String(chunk);
        });
        child.once('close', (code) => resolve({ code, errors }));
      }),
  );

  expect(await Promise.all(runs)).toEqual(runs.map(() => ({ code: 0, errors: '' })));
  const store = openSqliteStore({ path });
  for (const n of [1, 2, 3, 4]) expect(await store.setting(`from ${n}`)).toBe('x');
  await store.close();
});

it('drops the events that no problem needs any more, and only those', async () => {
  const store = openSqliteStore({ path });
  const names = Array.from({ length: 150 }, (_, n) => `p${n}`);
  const versions = new Map(names.map((name) => [name, 1]));
  const rawOf = (name: string): string => `${name} at ${versions.get(name)} ${'event '.repeat(50)}`;
  const replace = async (chosen: readonly string[]): Promise<void> => {
    const changes = chosen.map((name) => {
      const version = versions.get(name) ?? 1;
      versions.set(name, version + 1);
      return nextOf(problemOf(name, { version }), {}, { rawEvent: rawOf(name) });
    });
    expect(await store.apply(changes)).toEqual([]);
  };
  await store.apply(names.map((name) => creation(name, { rawEvent: rawOf(name) })));

  await replace(names.filter((_, n) => n % 3 === 0));
  await replace([...names.filter((_, n) => n % 2 === 0), 'p0', 'p2', 'p0']);
  for (const name of ['p1', 'p3', 'p1']) await replace([name]);

  for (const name of names) expect(await store.rawEvent(keyOf(name))).toBe(rawOf(name));
  await replace(names);
  for (const name of names) expect(await store.rawEvent(keyOf(name))).toBe(rawOf(name));
  await store.close();
  const db = new DatabaseSync(path);
  expect(db.prepare('SELECT count(*) AS chunks, sum(used) AS used FROM event_chunk_use').get()).toEqual({
    chunks: 3,
    used: 150,
  });
  expect(db.prepare('SELECT count(*) AS chunks FROM event_chunk').get()).toEqual({ chunks: 3 });
  db.close();
});

it('answers at most 500 problems, and 50 when nothing is said', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await store.apply(Array.from({ length: 501 }, (_, n) => creation(`p${n}`)));

  const most = await store.problemPage({ limit: 10_000 });
  const usual = await store.problemPage({});

  expect([most.items.length, most.total, most.nextToken]).toEqual([500, 501, '500']);
  expect(usual.items).toHaveLength(50);
  await store.close();
});

it('finds the items of a problem also when the change of another one brought them', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await store.apply([
    creation('p', { outbox: [itemOf('own', { problemKey: keyOf('p') }), itemOf('guest', { problemKey: keyOf('q') })] }),
    creation('q', { outbox: [itemOf('own of q', { problemKey: keyOf('q') })] }),
    nextOf(problemOf('p'), {}, { outbox: [itemOf('second', { problemKey: keyOf('p') })] }),
  ]);

  expect(ids((await store.outboxPage({ problemKey: keyOf('p') })).items)).toEqual(['second', 'own']);
  expect(ids((await store.outboxPage({ problemKey: keyOf('q') })).items)).toEqual(['own of q', 'guest']);
  await store.close();
});

it('finds every problem and item by name also after the newest names were merged into the others', async () => {
  const store = openSqliteStore({ path });
  const names = Array.from({ length: 9_000 }, (_, n) => `p${n}`);
  const creations = names.map((name) =>
    creation(name, { outbox: [itemOf(`item of ${name}`, { problemKey: keyOf(name) })] }),
  );
  for (let n = 0; n < creations.length; n += 1_000) await store.apply(creations.slice(n, n + 1_000));

  const found = await store.problems(names.map(keyOf));
  const lost = await store.apply(creations);
  const missing = [];
  for (const name of names) if ((await store.outboxItem(`item of ${name}`)) === undefined) missing.push(name);

  expect(found.size).toBe(names.length);
  expect(lost).toEqual(names);
  expect(missing).toEqual([]);
  await store.close();
  const db = new DatabaseSync(path);
  const rows = db.prepare(
    `SELECT (SELECT count(*) FROM problem_key_old) AS merged, (SELECT count(*) FROM problem_key_new) AS newest,
      (SELECT count(*) FROM outbox_id_entry) AS items`,
  );
  expect(rows.get()).toEqual({ merged: 9_000, newest: 0, items: 9_000 });
  db.close();
});
