import { join } from 'node:path';
import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { duckDbType, type Fields } from '#core/lake/schema/column-type.ts';
import { baseColumns, type OcsfClass, ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { columnsOf, extraColumns, isNativeTable, nativeTable } from '#core/lake/schema/tables.ts';
import { sqlName, sqlText } from '#core/lake/sql/literal.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';

/** Columns that come from the path of a file. */
const pathColumns =
  "hive_partitioning = true, hive_types = {'region': VARCHAR, 'accountId': VARCHAR, 'eventDay': VARCHAR}";

/** Makes a view for each class, and `events` with what all classes have, over these files. */
export async function createLakeViews(session: DuckDbSession, root: string, files: readonly LakeFile[]): Promise<void> {
  const groups = [...Map.groupBy(files, (file) => `${file.table}\n${file.shape}`).values()];
  for (const found of Object.values(ocsfClasses)) {
    const parts = groups.filter(([file]) => file !== undefined && holdsClass(file.table, found));
    await session.run(
      `CREATE OR REPLACE VIEW ${found.name} AS ${unionOf(
        columnsOf([found]),
        parts.map((part) => selectOf(root, part, found)),
      )}`,
    );
  }
  const base = { ...baseColumns, ...extraColumns };
  const all = groups.map((part) => `SELECT * FROM ${readOf(root, part)}`);
  const names = [...Object.keys(base), 'region', 'accountId', 'eventDay'].map(sqlName).join(', ');
  await session.run(`CREATE OR REPLACE VIEW events AS SELECT ${names} FROM (${unionOf(base, all)})`);
}

/** The names of the views. */
export const lakeViewNames: readonly string[] = ['events', ...Object.keys(ocsfClasses)];

function holdsClass(table: string, found: OcsfClass): boolean {
  if (isNativeTable(table)) return nativeTable(table).classes.some((own) => own.uid === found.uid);
  return table.endsWith(`-${found.name}`);
}

function selectOf(root: string, part: readonly LakeFile[], found: OcsfClass): string {
  const table = part[0]?.table ?? '';
  const several = isNativeTable(table) && nativeTable(table).classes.length > 1;
  return `SELECT * FROM ${readOf(root, part)}${several ? ` WHERE class_uid = ${found.uid}` : ''}`;
}

function readOf(root: string, part: readonly LakeFile[]): string {
  return `read_parquet([${part.map((file) => sqlText(join(root, file.path))).join(', ')}], ${pathColumns})`;
}

/** The first SELECT has no row but all columns in full: a file has only those fields that its source fills. */
function unionOf(columns: Fields, parts: readonly string[]): string {
  const typed = Object.entries(columns).map(([name, type]) => `CAST(NULL AS ${duckDbType(type)}) AS ${sqlName(name)}`);
  const path = ['region', 'accountId', 'eventDay'].map((name) => `CAST(NULL AS VARCHAR) AS ${sqlName(name)}`);
  return [`SELECT ${[...typed, ...path].join(', ')} WHERE false`, ...parts].join(' UNION ALL BY NAME ');
}
