import type { DatabaseSync } from 'node:sqlite';
import type { ManifestChange, Miscount, PartitionVolume, RetiredFile } from '#ports/lake-manifest.ts';

/** Tables for files that are let go: those that readers may still hold, and rows that expired by object. */
export const upkeepSchema = `
CREATE TABLE IF NOT EXISTS retired (path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, retiredAt INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS expired (uri TEXT PRIMARY KEY, rows INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Notes the files that a change removes, before their rows are deleted. */
export function retire(db: DatabaseSync, { removedFiles, retiredAt }: ManifestChange): void {
  if (retiredAt === undefined) return;
  const insert = db.prepare(
    'INSERT OR REPLACE INTO retired (path, bytes, retiredAt) SELECT path, bytes, ? FROM files WHERE path = ?',
  );
  for (const path of removedFiles) insert.run(retiredAt, path);
}

/** Counts the rows of expired files for their objects, so that the counts still add up. */
export function countExpired(db: DatabaseSync, { removedFiles, isExpiry }: ManifestChange): void {
  if (isExpiry !== true) return;
  const count = db.prepare(
    `INSERT INTO expired (uri, rows) SELECT uri, rows FROM file_objects WHERE path = ?
     ON CONFLICT (uri) DO UPDATE SET rows = expired.rows + excluded.rows`,
  );
  for (const path of removedFiles) count.run(path);
}

/** An object that is ingested again has all its rows again. */
export function forgetExpired(db: DatabaseSync, { objects }: ManifestChange): void {
  const forget = db.prepare('DELETE FROM expired WHERE uri = ?');
  for (const { uri } of objects) forget.run(uri);
}

/** The files by source, table, shape and partition, oldest day first. */
export function partitionsOf(db: DatabaseSync): readonly PartitionVolume[] {
  return db
    .prepare(
      `SELECT "table", source, shape, region, account, day, count(*) AS files, sum(rows) AS rows, sum(bytes) AS bytes
       FROM files GROUP BY "table", source, shape, region, account, day ORDER BY day, "table", region, account, source, shape`,
    )
    .all() as unknown as PartitionVolume[]; // the statement's columns
}

/** Files that were retired at or before a moment. */
export function retiredFiles(db: DatabaseSync, until: number): readonly RetiredFile[] {
  return db
    .prepare('SELECT path, bytes, retiredAt FROM retired WHERE retiredAt <= ? ORDER BY retiredAt, path')
    .all(until) as unknown as RetiredFile[]; // the statement's columns
}

/** Forgets retired files. */
export function forgetRetired(db: DatabaseSync, paths: readonly string[]): void {
  db.prepare('DELETE FROM retired WHERE path IN (SELECT value FROM json_each(?))').run(JSON.stringify(paths));
}

const miscounts = `
SELECT f.path AS "of", 'file-objects' AS kind, f.rows AS expected, COALESCE(o.rows, 0) AS found
  FROM files f LEFT JOIN (SELECT path, sum(rows) AS rows FROM file_objects GROUP BY path) o ON o.path = f.path WHERE f.rows <> COALESCE(o.rows, 0)
UNION ALL
SELECT uri, 'object-records', records, written + excluded + quarantined FROM objects WHERE records <> written + excluded + quarantined
UNION ALL
SELECT COALESCE(o.uri, f.uri), 'object-rows', COALESCE(o.written, 0), COALESCE(f.rows, 0) + COALESCE(e.rows, 0)
  FROM objects o FULL JOIN (SELECT uri, sum(rows) AS rows FROM file_objects GROUP BY uri) f ON f.uri = o.uri
  LEFT JOIN expired e ON e.uri = COALESCE(o.uri, f.uri) WHERE COALESCE(o.written, 0) <> COALESCE(f.rows, 0) + COALESCE(e.rows, 0)
UNION ALL
SELECT o.uri, 'object-quarantine', o.quarantined, COALESCE(q.count, 0)
  FROM objects o LEFT JOIN (SELECT uri, sum(count) AS count FROM quarantine GROUP BY uri) q ON q.uri = o.uri WHERE o.quarantined <> COALESCE(q.count, 0)
UNION ALL
SELECT o.uri, 'object-exclusions', o.excluded, COALESCE(x.count, 0)
  FROM objects o LEFT JOIN (SELECT uri, sum(count) AS count FROM exclusions GROUP BY uri) x ON x.uri = o.uri WHERE o.excluded <> COALESCE(x.count, 0)
ORDER BY 2, 1 LIMIT ?`;

/** Counts that contradict each other, all seen at one moment. */
export function miscountsOf(db: DatabaseSync, limit: number): readonly Miscount[] {
  return db.prepare(miscounts).all(limit) as unknown as Miscount[]; // the statement's columns
}
