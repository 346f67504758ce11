import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import type { StateStore } from '#ports/state-store.ts';
import { BATCH_SIZE, batchOf } from '../../../test/contract/state-store/batches.ts';
import { openSqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-crash-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WRITER = join(import.meta.dirname, '../../../test/contract/state-store/write-until-killed.ts');
const ROUNDS = 12;
const ROUND_NUMBERS = 10_000;

/** What the writer acknowledged until it was killed after `lines` lines; the moment within a write is left to chance. */
async function writeAndKill(path: string, first: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WRITER, path, String(first)]);
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    if (output.split('\n').length > lines) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
  expect(errors).toBe('');
  expect(signal).toBe('SIGKILL');
  // A line that the kill cut short acknowledges nothing.
  return output.split('\n').slice(0, -1);
}

/** How many problems of a batch are there; each must have all that was written with it. */
async function countWhole(store: StateStore, n: number): Promise<number> {
  const batch = batchOf(n);
  const found = await store.problems(batch.map(({ problem }) => problem.key));
  for (const { problem, outbox, history, rawEvent } of batch) {
    const isThere = found.has(problem.key);
    expect(await store.history(problem.key)).toEqual(isThere ? history : []);
    expect(await store.rawEvent(problem.key)).toBe(isThere ? rawEvent : undefined);
    expect((await store.outboxPage({ problemKey: problem.key })).items).toEqual(isThere ? outbox : []);
  }
  return found.size;
}

it('keeps every acknowledged write, and every batch whole, when the process is killed at any moment', async () => {
  const path = join(folder, 'state.db');
  let acknowledged = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round * ROUND_NUMBERS;

    const lines = await writeAndKill(path, first, 1 + ((round * 7) % 20));

    const store = openSqliteStore({ path });
    const batches = lines.flatMap((line) => (line.startsWith('batch ') ? [Number(line.slice(6))] : []));
    const messages = new Set((await store.messagePage({ limit: 500 })).items.map(({ id }) => id));
    for (const n of batches) expect(await countWhole(store, n)).toBe(BATCH_SIZE);
    for (const line of lines.filter((text) => text.startsWith('message '))) expect(messages).toContain(line);
    // What was under way is there as a whole or not at all.
    const next = Math.max(first, ...batches.map((n) => n + 1));
    for (const n of [next, next + 1, next + 2]) expect([0, BATCH_SIZE]).toContain(await countWhole(store, n));
    await store.close();
    acknowledged += batches.length;
  }

  const db = new DatabaseSync(path);
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
  expect(acknowledged).toBeGreaterThan(ROUNDS);
});
