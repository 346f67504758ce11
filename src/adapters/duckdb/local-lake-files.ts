import { statSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compactFiles } from '#adapters/duckdb/compact-files.ts';
import { placeFile } from '#adapters/duckdb/local-lake.ts';
import { type DuckDb, type DuckDbSession, openDuckDb } from '#adapters/duckdb/session.ts';
import { leftoversOf, openWorkFolder } from '#adapters/duckdb/work-folder.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { sqlText } from '#core/lake/sql/literal.ts';
import type { FileOnDisk, FileReading, LakeFiles, RowsReading } from '#ports/lake-files.ts';

export interface LocalLakeFilesSettings {
  /** The lake's root: tables are below `aws/` and `ext/`. */
  readonly root: string;
  readonly threads: number;
  /** Memory of DuckDB, in MiB. */
  readonly memoryMiB: number;
}

/** Share of the memory that the rows sorted at once may take; the sort and the writer hold them several times. */
const sliceShare = 8;
const footersAtOnce = 200;

/** The files of a lake in a local folder, for its upkeep. */
export async function openLocalLakeFiles(settings: LocalLakeFilesSettings): Promise<LakeFiles> {
  const { root } = settings;
  const work = openWorkFolder(root);
  const database = await openDuckDb({
    threads: settings.threads,
    memoryMiB: settings.memoryMiB,
    spillFolder: work.path,
  });
  const session = await database.connect();
  const sliceBytes = (settings.memoryMiB * 1024 * 1024) / sliceShare;
  return {
    merge: (files) => compactFiles(files, { root, session, newFile: work.newFile, sliceBytes }),
    place: async (files) => {
      for (const { file, waitingAt } of files) placeFile(waitingAt, join(root, file.path));
    },
    remove: async (paths) => {
      for (const path of paths) await rm(join(root, path), { force: true });
    },
    list: () => filesBelow(root),
    size: async (path) => statSync(join(root, path), { throwIfNoEntry: false })?.size,
    footers: (paths) => footersOf(session, root, paths),
    rows: (path) => rowsOf(session, root, path),
    leftovers: async () => leftoversOf(root),
    removeLeftover: (path) => rm(join(root, path), { recursive: true, force: true }),
    close: () => closeAll(session, database, work.close),
  };
}

function closeAll(session: DuckDbSession, database: DuckDb, closeWork: () => void): void {
  session.close();
  database.close();
  closeWork();
}

async function* filesBelow(root: string): AsyncGenerator<FileOnDisk> {
  for (const folder of ['aws', 'ext']) yield* filesOf(root, folder);
}

async function* filesOf(root: string, folder: string): AsyncGenerator<FileOnDisk> {
  for (const entry of await entriesOf(join(root, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesOf(root, path);
    else {
      const found = await ifThere(() => stat(join(root, path)));
      // Moving a file to its place changes the second time, not the first.
      if (found !== undefined) yield { path, bytes: found.size, changedAt: Math.max(found.mtimeMs, found.ctimeMs) };
    }
  }
}

async function entriesOf(path: string) {
  return (await ifThere(() => readdir(path, { withFileTypes: true }))) ?? [];
}

async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function footersOf(
  session: DuckDbSession,
  root: string,
  paths: readonly string[],
): Promise<readonly FileReading[]> {
  const readings: FileReading[] = [];
  for (let start = 0; start < paths.length; start += footersAtOnce) {
    const some = paths.slice(start, start + footersAtOnce);
    const together = await rowCounts(session, root, some).catch(() => undefined);
    // One broken file fails the reading of all: then each is read alone.
    if (together === undefined) for (const path of some) readings.push(await footerOf(session, root, path));
    else readings.push(...together.map((rows): FileReading => ({ kind: 'read', rows })));
  }
  return readings;
}

async function rowCounts(session: DuckDbSession, root: string, paths: readonly string[]): Promise<readonly number[]> {
  const files = paths.map((path) => sqlText(join(root, path))).join(', ');
  const rows = await session.rows(`SELECT file_name AS file, num_rows AS n FROM parquet_file_metadata([${files}])`);
  const counts = new Map(rows.map((row) => [String(row['file']), Number(row['n'])]));
  return paths.map((path) => counts.get(join(root, path)) ?? Number.NaN);
}

async function footerOf(session: DuckDbSession, root: string, path: string): Promise<FileReading> {
  if (!isThere(root, path)) return { kind: 'missing' };
  try {
    const [rows] = await rowCounts(session, root, [path]);
    return { kind: 'read', rows: rows ?? 0 };
  } catch (error) {
    return isThere(root, path) ? { kind: 'broken', detail: messageOf(error) } : { kind: 'missing' };
  }
}

async function rowsOf(session: DuckDbSession, root: string, path: string): Promise<RowsReading> {
  if (!isThere(root, path)) return { kind: 'missing' };
  try {
    // The hash makes DuckDB read every column.
    const rows = await session.rows(
      `SELECT _object AS uri, count(*) AS n, min(time) AS first, max(time) AS last, bit_xor(hash(f)) AS all_columns
       FROM read_parquet(${sqlText(join(root, path))}, hive_partitioning = false) AS f GROUP BY 1`,
    );
    const objects = new Map(rows.map((row) => [String(row['uri']), Number(row['n'])]));
    if (rows.length === 0) return { kind: 'read', objects };
    return {
      kind: 'read',
      objects,
      minTime: Math.min(...rows.map((row) => Number(row['first']))),
      maxTime: Math.max(...rows.map((row) => Number(row['last']))),
    };
  } catch (error) {
    return isThere(root, path) ? { kind: 'broken', detail: messageOf(error) } : { kind: 'missing' };
  }
}

function isThere(root: string, path: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
}
