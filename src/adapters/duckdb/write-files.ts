import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import type { Normalizer } from '#adapters/duckdb/normalizer.ts';
import type { DuckDbSession, SqlRow } from '#adapters/duckdb/session.ts';
import type { Fields } from '#core/lake/schema/column-type.ts';
import type { ClassName } from '#core/lake/schema/ocsf-classes.ts';
import { classByUid } from '#core/lake/schema/ocsf-classes.ts';
import { extTable, isNativeTable, type LakeTable, nativeTable } from '#core/lake/schema/tables.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { sqlName, sqlText } from '#core/lake/sql/literal.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';

export interface WaitingFile {
  readonly file: LakeFile;
  readonly waitingAt: string;
}

interface Partition {
  readonly native: string | undefined;
  readonly classUid: number;
  readonly account: string;
  readonly region: string;
  readonly day: string;
  readonly rows: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly objects: ReadonlyMap<string, number>;
}

export interface WriteOptions {
  readonly normalizer: Normalizer;
  readonly table: string;
  /** Uris of the objects whose records the table has, by their place in the batch. */
  readonly uris: readonly string[];
  readonly newFile: (ending: string) => string;
}

/** How the lake writes Parquet. */
export const parquetOptions = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880';

/** A file name that no other file has. */
export function fileName(): string {
  return `${randomUUID().replaceAll('-', '')}.zstd.parquet`;
}

const written = '_error IS NULL AND _excluded IS NULL';

/** Writes the events of a table as one sorted Parquet file per table of the lake and partition. */
export async function writeFiles(session: DuckDbSession, options: WriteOptions): Promise<readonly WaitingFile[]> {
  const partitions = await partitionsOf(session, options);
  const files: WaitingFile[] = [];
  for (const partition of partitions)
    files.push(await writePartition(session, partition, partitions.length === 1, options));
  return files;
}

async function partitionsOf(session: DuckDbSession, options: WriteOptions): Promise<readonly Partition[]> {
  const rows = await session.rows(
    `SELECT _native AS native, CASE WHEN _native IS NULL THEN class_uid END AS class, _account AS account, _region AS region,
       strftime(CAST(time_dt AS DATE), '%Y%m%d') AS day, _n >> 32 AS object, count(*) AS n, min(time) AS first, max(time) AS last
     FROM ${options.table} WHERE ${written} GROUP BY ALL`,
  );
  const groups = Map.groupBy(rows, (row) =>
    JSON.stringify([row['native'], row['class'], row['account'], row['region'], row['day']]),
  );
  return [...groups.values()]
    .map((group) => partitionOf(group, options.uris))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

function partitionOf(group: readonly SqlRow[], uris: readonly string[]): Partition {
  const [first] = group;
  const objects = new Map<string, number>();
  for (const row of group) {
    const uri = uris[Number(row['object'])] ?? '';
    objects.set(uri, (objects.get(uri) ?? 0) + Number(row['n']));
  }
  return {
    native: typeof first?.['native'] === 'string' ? first['native'] : undefined,
    classUid: Number(first?.['class'] ?? 0),
    account: String(first?.['account']),
    region: String(first?.['region']),
    day: String(first?.['day']),
    rows: group.reduce((sum, row) => sum + Number(row['n']), 0),
    minTime: Math.min(...group.map((row) => Number(row['first']))),
    maxTime: Math.max(...group.map((row) => Number(row['last']))),
    objects,
  };
}

async function writePartition(
  session: DuckDbSession,
  partition: Partition,
  isOnly: boolean,
  options: WriteOptions,
): Promise<WaitingFile> {
  const { normalizer, table, uris } = options;
  const lakeTable = tableOf(normalizer.source, partition);
  const columns = Object.keys(normalizer.columns).filter(
    (name) => name in lakeTable.columns && name !== '_object' && name !== '_record',
  );
  const object =
    uris.length === 1 ? sqlText(uris[0] ?? '') : `list_element([${uris.map(sqlText).join(', ')}], (_n >> 32) + 1)`;
  const waitingAt = options.newFile('parquet');
  await session.run(
    `COPY (SELECT ${columns.map(sqlName).join(', ')}, ${object} AS _object, _n & 4294967295 AS _record
       FROM ${table} WHERE ${written}${isOnly ? '' : conditionOf(partition)} ORDER BY time_dt, _n)
     TO ${sqlText(waitingAt)} (${parquetOptions})`,
  );
  return { waitingAt, file: { ...fileOf(normalizer, partition, lakeTable), bytes: syncedSize(waitingAt) } };
}

function fileOf({ source, columns }: Normalizer, partition: Partition, table: LakeTable): Omit<LakeFile, 'bytes'> {
  const folder = `${table.folder}/region=${pathSafe(partition.region)}/accountId=${pathSafe(partition.account)}/eventDay=${partition.day}`;
  return {
    path: `${folder}/${fileName()}`,
    table: table.name,
    source: source.id,
    shape: shapeOf(columns),
    region: partition.region,
    account: partition.account,
    day: partition.day,
    rows: partition.rows,
    minTime: partition.minTime,
    maxTime: partition.maxTime,
    objects: partition.objects,
  };
}

function shapeOf(columns: Fields): string {
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 16);
}

/** Regions and accounts come from log lines: in a path only letters, digits, `-` and `_` stand for themselves. */
function pathSafe(text: string): string {
  const safe = encodeURIComponent(text).replaceAll('.', '%2E').slice(0, 120);
  return safe === '' ? 'none' : safe;
}

function tableOf(source: LogSource, partition: Partition): LakeTable {
  const { native, classUid } = partition;
  if (native !== undefined && isNativeTable(native)) return nativeTable(native);
  const name = classByUid(classUid)?.name;
  if (name === undefined)
    throw new TypeError(`Source ${source.id} gave the class ${classUid}, which the lake does not know`);
  return extTable(source.id, name as ClassName); // the names of ocsfClasses are its keys
}

function conditionOf(partition: Partition): string {
  const native =
    partition.native === undefined
      ? ` AND _native IS NULL AND class_uid = ${partition.classUid}`
      : ` AND _native = ${sqlText(partition.native)}`;
  const { day } = partition;
  const date = `${day.slice(0, -4)}-${day.slice(-4, -2)}-${day.slice(-2)}`;
  return `${native} AND _account = ${sqlText(partition.account)} AND _region = ${sqlText(partition.region)} AND CAST(time_dt AS DATE) = DATE '${date}'`;
}

/** The file's size, once its bytes are on disk. */
export function syncedSize(path: string): number {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
    return statSync(path).size;
  } finally {
    closeSync(handle);
  }
}
