import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compactFiles, type MergeSettings } from '#adapters/duckdb/compact-files.ts';
import { type DuckDb, openDuckDb } from '#adapters/duckdb/session.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';

let folder: string;
let database: DuckDb;
let settings: MergeSettings;
/** What DuckDB was asked to copy. */
let copies: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-merge-'));
  database = await openDuckDb({ threads: 1, memoryMiB: 256 });
  const session = await database.connect();
  let counter = 0;
  copies = [];
  const run = (sql: string): Promise<void> => {
    if (sql.startsWith('COPY')) copies.push(sql);
    return session.run(sql);
  };
  const newFile = (ending: string): string => {
    counter += 1;
    return join(folder, `${counter}.${ending}`);
  };
  // So little memory that no more than 4,096 rows are sorted at once.
  settings = { root: folder, session: { ...session, run }, newFile, sliceBytes: 1 };
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A sorted file with a row for each number of this query, which gives `time`. */
async function fileOf(name: string, times: string): Promise<LakeFile> {
  const path = join(folder, name);
  await settings.session.run(
    `COPY (SELECT time, epoch_ms(time) AS time_dt, row_number() OVER () AS _record, '${name}' AS _object, {a: {b: repeat('x', 20)}} AS nested
       FROM (${times}) ORDER BY time) TO '${path}' (FORMAT parquet)`,
  );
  const [row] = await settings.session.rows(
    `SELECT count(*) AS n, min(time) AS a, max(time) AS b FROM read_parquet('${path}')`,
  );
  const rows = Number(row?.['n']);
  return {
    path: name,
    table: 'T',
    source: 's',
    shape: 'x',
    region: 'r',
    account: '111122223333',
    day: '19700101',
    rows,
    bytes: rows,
    minTime: Number(row?.['a']),
    maxTime: Number(row?.['b']),
    objects: new Map([[name, rows]]),
  };
}

async function merged(...files: readonly LakeFile[]) {
  copies = [];
  const result = await compactFiles(files, settings);
  const [check] = await settings.session.rows(
    `SELECT count(*) AS n, count(DISTINCT (_object, _record)) AS kinds, count(*) FILTER (WHERE time < before) AS wrong
     FROM (SELECT *, lag(time) OVER () AS before FROM read_parquet('${result.waitingAt}'))`,
  );
  const groups = await settings.session.rows(
    `SELECT max(row_group_num_rows) AS most FROM parquet_metadata('${result.waitingAt}')`,
  );
  return {
    ...result,
    n: check?.['n'],
    kinds: check?.['kinds'],
    wrong: check?.['wrong'],
    most: Number(groups[0]?.['most']),
  };
}

test('more rows than fit into memory are sorted slice by slice', async () => {
  const even = await fileOf('even', 'SELECT 2 * range AS time FROM range(10000)');
  const odd = await fileOf('odd', 'SELECT 2 * range + 1 AS time FROM range(10000)');

  const { file, n, kinds, wrong, most } = await merged(even, odd);

  expect({ n, kinds, wrong }).toEqual({ n: 20_000n, kinds: 20_000n, wrong: 0n });
  expect(copies.length).toBeGreaterThan(4);
  // DuckDB closes a row group only after the chunk that fills it.
  expect(most).toBeLessThan(8192);
  expect(file).toMatchObject({ rows: 20_000, minTime: 0, maxTime: 19_999 });
});

test('more rows of one millisecond than fit into memory are still merged', async () => {
  const burst = await fileOf(
    'burst',
    'SELECT 5500 AS time FROM range(9000) UNION ALL SELECT range AS time FROM range(3)',
  );
  const around = await fileOf('around', 'SELECT 5000 + range AS time FROM range(1000)');

  const { n, kinds, wrong } = await merged(burst, around);

  expect({ n, kinds, wrong }).toEqual({ n: 10_003n, kinds: 10_003n, wrong: 0n });
});

test('files that follow each other are joined without sorting', async () => {
  const first = await fileOf('first', 'SELECT range AS time FROM range(6000)');
  const second = await fileOf('second', 'SELECT 6000 + range AS time FROM range(6000)');

  const { n, wrong } = await merged(second, first);

  expect({ n, wrong }).toEqual({ n: 12_000n, wrong: 0n });
  expect(copies).toHaveLength(1);
  expect(copies[0]).not.toContain('ORDER BY');
});

test('a merge that would lose a row is refused', async () => {
  const first = await fileOf('first', 'SELECT range AS time FROM range(10)');
  const second = await fileOf('second', 'SELECT range AS time FROM range(10)');

  await expect(compactFiles([first, { ...second, rows: 11 }], settings)).rejects.toThrow('20 rows instead of 21');
});

test('running out of memory makes the slices smaller', async () => {
  const first = await fileOf('first', 'SELECT range AS time FROM range(20000)');
  const second = await fileOf('second', 'SELECT range AS time FROM range(20000)');
  const { run } = settings.session;
  let failures = 0;
  const poor = async (sql: string): Promise<void> => {
    if (sql.includes('ORDER BY') && failures === 0) {
      failures += 1;
      throw new YaguraError('lake.sql', 'Out of Memory Error: failed to pin block');
    }
    await run(sql);
  };
  settings = { ...settings, session: { ...settings.session, run: poor }, sliceBytes: 4 * 1024 * 1024 };

  const { n, wrong, most } = await merged(first, second);

  expect({ n, wrong, failures }).toEqual({ n: 40_000n, wrong: 0n, failures: 1 });
  expect(most).toBeLessThan(10_000);
});
