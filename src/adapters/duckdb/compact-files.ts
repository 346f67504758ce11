import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { fileName, syncedSize } from '#adapters/duckdb/write-files.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { sqlText } from '#core/lake/sql/literal.ts';
import { cutByRows, type TimeSlice } from '#core/lake/upkeep/time-slices.ts';
import type { FileInWaiting } from '#ports/lake-files.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';

export interface MergeSettings {
  readonly root: string;
  readonly session: DuckDbSession;
  readonly newFile: (ending: string) => string;
  /** Rows that are sorted at once hold about so many bytes in memory. */
  readonly sliceBytes: number;
}

const mostRows = 122_880;
const leastRows = 4096;

/** Writes files of one table, shape and partition as one that is sorted by time. Throws where a row would be lost. */
export async function compactFiles(files: readonly LakeFile[], settings: MergeSettings): Promise<FileInWaiting> {
  const [first] = files;
  if (first === undefined) throw new TypeError('There is no file to merge');
  const ordered = files.toSorted((a, b) => a.minTime - b.minTime);
  const rows = ordered.reduce((sum, file) => sum + file.rows, 0);
  const waitingAt = settings.newFile('parquet');
  await writeSorted(ordered, waitingAt, await rowsAtOnce(ordered, settings), settings);
  const [footer] = await settings.session.rows(
    `SELECT num_rows AS n FROM parquet_file_metadata(${sqlText(waitingAt)})`,
  );
  if (Number(footer?.['n']) !== rows)
    throw new YaguraError(
      'lake.sql',
      `Merging ${files.length} files of ${first.table} gave ${Number(footer?.['n'])} rows instead of ${rows}; nothing was changed. Look with: yagura lake verify --deep`,
    );
  return {
    waitingAt,
    file: {
      ...first,
      path: `${first.path.slice(0, first.path.lastIndexOf('/'))}/${fileName()}`,
      rows,
      bytes: syncedSize(waitingAt),
      minTime: Math.min(...ordered.map((file) => file.minTime)),
      maxTime: Math.max(...ordered.map((file) => file.maxTime)),
      objects: objectsOf(ordered),
    },
  };
}

function objectsOf(files: readonly LakeFile[]): ReadonlyMap<string, number> {
  const objects = new Map<string, number>();
  for (const file of files) for (const [uri, rows] of file.objects) objects.set(uri, (objects.get(uri) ?? 0) + rows);
  return objects;
}

async function writeSorted(
  files: readonly LakeFile[],
  target: string,
  atOnce: number,
  settings: MergeSettings,
): Promise<void> {
  try {
    if (areDisjoint(files)) await copy(`SELECT * FROM ${readOf(files, settings)}`, target, atOnce, settings);
    else await writeSlices(files, target, atOnce, settings);
  } catch (error) {
    if (!isOutOfMemory(error) || atOnce <= leastRows) throw error;
    // Rows may be far larger than their file's average.
    await writeSorted(files, target, Math.max(leastRows, Math.floor(atOnce / 4)), settings);
  }
}

/** Each file is sorted, and each begins after the one before has ended. */
function areDisjoint(files: readonly LakeFile[]): boolean {
  return files.every((file, index) => index === 0 || (files[index - 1]?.maxTime ?? 0) < file.minTime);
}

/**
 * Sorts slice by slice of time, then joins the slices: one sort of all would go over the disk, where DuckDB needs
 * ten times as long for our wide rows and still runs out of memory.
 */
async function writeSlices(
  files: readonly LakeFile[],
  target: string,
  atOnce: number,
  settings: MergeSettings,
): Promise<void> {
  const slices = cutByRows(await rowsByTime(files, atOnce, settings), atOnce);
  if (slices.length <= 1) {
    await copy(`SELECT * FROM ${readOf(files, settings)} ORDER BY time_dt, _record`, target, atOnce, settings);
    return;
  }
  const written: string[] = [];
  try {
    for (const slice of slices) {
      const path = settings.newFile('slice.parquet');
      written.push(path);
      await copy(selectOf(slice, files, atOnce, settings), path, atOnce, settings);
    }
    await copy(`SELECT * FROM read_parquet([${written.map(sqlText).join(', ')}])`, target, atOnce, settings);
  } finally {
    for (const path of written) rmSync(path, { force: true });
  }
}

function selectOf({ from, to, rows }: TimeSlice, files: readonly LakeFile[], atOnce: number, settings: MergeSettings) {
  const touched = files.filter((file) => file.maxTime >= from && file.minTime < to);
  const select = `SELECT * FROM ${readOf(touched, settings)} WHERE time >= ${from} AND time < ${to}`;
  // More rows than fit into memory are of one millisecond: their order says nothing.
  return rows > atOnce && to - from === 1 ? select : `${select} ORDER BY time_dt, _record`;
}

/** How many rows each second has, and each millisecond of the seconds that have too many. */
async function rowsByTime(
  files: readonly LakeFile[],
  atOnce: number,
  settings: MergeSettings,
): Promise<readonly TimeSlice[]> {
  const source = readOf(files, settings);
  const seconds = await histogram(`SELECT time // 1000 AS t, count(*) AS n FROM ${source} GROUP BY 1`, 1000, settings);
  const full = seconds.filter((second) => second.rows > atOnce);
  if (full.length === 0) return seconds;
  const wanted = full.map((second) => second.from / 1000).join(', ');
  const fine = await histogram(
    `SELECT time AS t, count(*) AS n FROM ${source} WHERE time // 1000 IN (${wanted}) GROUP BY 1`,
    1,
    settings,
  );
  return [...seconds.filter((second) => second.rows <= atOnce), ...fine].toSorted((a, b) => a.from - b.from);
}

async function histogram(sql: string, widthMs: number, { session }: MergeSettings): Promise<readonly TimeSlice[]> {
  const rows = await session.rows(`${sql} ORDER BY 1`);
  return rows.map((row) => {
    const from = Number(row['t']) * widthMs;
    return { from, to: from + widthMs, rows: Number(row['n']) };
  });
}

function readOf(files: readonly LakeFile[], { root }: MergeSettings): string {
  return `read_parquet([${files.map((file) => sqlText(join(root, file.path))).join(', ')}], hive_partitioning = false)`;
}

async function copy(select: string, target: string, groupRows: number, { session }: MergeSettings): Promise<void> {
  await session.run(
    `COPY (${select}) TO ${sqlText(target)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${groupRows})`,
  );
}

/** A vector needs some bytes for each value, absent or not, and for the text itself, which the file may have once for many rows. */
async function rowsAtOnce(files: readonly LakeFile[], { root, session, sliceBytes }: MergeSettings): Promise<number> {
  const largest = files.reduce((found, file) => (file.bytes > found.bytes ? file : found));
  const path = sqlText(join(root, largest.path));
  const [size] = await session.rows(
    `SELECT (SELECT count(*) FROM parquet_schema(${path}) WHERE num_children IS NULL) AS leaves,
       (SELECT sum(total_uncompressed_size) FROM parquet_metadata(${path})) AS bytes`,
  );
  const rowBytes = Number(size?.['leaves']) * 24 + (Number(size?.['bytes']) / Math.max(1, largest.rows)) * 4;
  // Row groups of DuckDB are whole vectors of 2,048 rows.
  return Math.min(mostRows, Math.max(leastRows, Math.floor(sliceBytes / rowBytes / 2048) * 2048));
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof YaguraError && error.message.startsWith('Out of Memory');
}
