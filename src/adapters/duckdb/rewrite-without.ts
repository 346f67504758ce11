import { join } from 'node:path';
import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { fileName, parquetOptions, syncedSize, type WaitingFile } from '#adapters/duckdb/write-files.ts';
import { sqlText } from '#core/lake/sql/literal.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';

/** Writes a file anew without the rows of some objects; undefined where no row is left. */
export async function rewriteWithout(
  session: DuckDbSession,
  file: LakeFile,
  uris: ReadonlySet<string>,
  settings: { readonly root: string; readonly newFile: (ending: string) => string },
): Promise<WaitingFile | undefined> {
  const objects = new Map([...file.objects].filter(([uri]) => !uris.has(uri)));
  if (objects.size === 0) return undefined;
  const waitingAt = settings.newFile('parquet');
  const source = `read_parquet(${sqlText(join(settings.root, file.path))}, hive_partitioning = false)`;
  const gone = [...uris].map(sqlText).join(', ');
  await session.run(
    `COPY (SELECT * FROM ${source} WHERE _object NOT IN (${gone}) ORDER BY time_dt) TO ${sqlText(waitingAt)} (${parquetOptions})`,
  );
  const [times] = await session.rows(
    `SELECT min(time) AS first, max(time) AS last FROM read_parquet(${sqlText(waitingAt)})`,
  );
  const folder = file.path.slice(0, file.path.lastIndexOf('/'));
  return {
    waitingAt,
    file: {
      ...file,
      path: `${folder}/${fileName()}`,
      rows: [...objects.values()].reduce((sum, rows) => sum + rows, 0),
      bytes: syncedSize(waitingAt),
      minTime: Number(times?.['first']),
      maxTime: Number(times?.['last']),
      objects,
    },
  };
}
