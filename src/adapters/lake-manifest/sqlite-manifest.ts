import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  countExpired,
  forgetExpired,
  forgetRetired,
  miscountsOf,
  partitionsOf,
  retire,
  retiredFiles,
  upkeepSchema,
} from '#adapters/lake-manifest/upkeep.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type {
  FileFilter,
  LakeFile,
  LakeManifest,
  ManifestChange,
  ObjectEntry,
  QuarantineEntry,
  SourceVolume,
} from '#ports/lake-manifest.ts';

const schema = `
CREATE TABLE IF NOT EXISTS objects (
  uri TEXT PRIMARY KEY, key TEXT NOT NULL, etag TEXT NOT NULL, source TEXT NOT NULL, ingestedAt INTEGER NOT NULL, modifiedAt INTEGER NOT NULL,
  size INTEGER NOT NULL, rawBytes INTEGER NOT NULL, records INTEGER NOT NULL, written INTEGER NOT NULL, excluded INTEGER NOT NULL,
  quarantined INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS objects_by_source ON objects (source);
CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, "table" TEXT NOT NULL, source TEXT NOT NULL, shape TEXT NOT NULL, region TEXT NOT NULL, account TEXT NOT NULL, day TEXT NOT NULL,
  rows INTEGER NOT NULL, bytes INTEGER NOT NULL, minTime INTEGER NOT NULL, maxTime INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_table ON files ("table", day);
CREATE TABLE IF NOT EXISTS file_objects (path TEXT NOT NULL, uri TEXT NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (path, uri)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_objects_by_uri ON file_objects (uri);
CREATE TABLE IF NOT EXISTS quarantine (
  id INTEGER PRIMARY KEY, uri TEXT NOT NULL, source TEXT NOT NULL, record INTEGER NOT NULL, count INTEGER NOT NULL, reason TEXT NOT NULL,
  detail TEXT NOT NULL, bytes BLOB NOT NULL, "offset" INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS quarantine_by_uri ON quarantine (uri);
CREATE INDEX IF NOT EXISTS quarantine_by_source ON quarantine (source, id);
CREATE TABLE IF NOT EXISTS exclusions (uri TEXT NOT NULL, rule TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (uri, rule)) STRICT, WITHOUT ROWID;
${upkeepSchema}
PRAGMA user_version = 1;
`;

type Row = Record<string, string | number | null | Uint8Array>;

/** Opens (and creates) the manifest of a lake in one SQLite file. Several processes may use it at once. */
export function openSqliteManifest(path: string): LakeManifest {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const db = new DatabaseSync(path, { timeout: 30_000 });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    db.exec(schema);
    return manifestOn(db);
  } catch (cause) {
    throw new YaguraError(
      'store.unavailable',
      `Cannot open the lake's manifest ${path}: ${messageOf(cause)}. Check that this user may write there.`,
      { cause },
    );
  }
}

function manifestOn(db: DatabaseSync): LakeManifest {
  const objectByUri = db.prepare('SELECT * FROM objects WHERE uri = ?');
  const objectsOfFile = db.prepare('SELECT uri, rows FROM file_objects WHERE path = ?');
  const toFile = (row: Row): LakeFile => {
    const objects = objectsOfFile.all(String(row['path'])) as Row[]; // the columns of the statement above
    return {
      ...(row as unknown as Omit<LakeFile, 'objects'>),
      objects: new Map(objects.map((found) => [String(found['uri']), Number(found['rows'])])),
    };
  };
  return {
    object: (uri) => objectByUri.get(uri) as ObjectEntry | undefined, // the row has the entry's columns
    objects: () => db.prepare('SELECT * FROM objects ORDER BY uri').iterate() as unknown as Iterable<ObjectEntry>,
    files: (filter = {}) => {
      const { where, values } = conditionsOf(filter);
      return (db.prepare(`SELECT * FROM files${where} ORDER BY "table", day, path`).all(...values) as Row[]).map(
        toFile,
      );
    },
    commit: (change) => commit(db, change),
    quarantine: ({ source, limit, after = 0 }) => {
      const bySource = source === undefined ? '' : ' AND source = ?';
      const values = source === undefined ? [after, limit] : [after, source, limit];
      return (
        db.prepare(`SELECT * FROM quarantine WHERE id > ?${bySource} ORDER BY id LIMIT ?`).all(...values) as Row[]
      ).map(toQuarantine);
    },
    volumes: () => volumesOf(db),
    partitions: () => partitionsOf(db),
    retired: (until) => retiredFiles(db, until),
    forgetRetired: (paths) => forgetRetired(db, paths),
    miscounts: (limit) => miscountsOf(db, limit),
    close: () => db.close(),
  };
}

function conditionsOf(filter: FileFilter): { readonly where: string; readonly values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const among = (column: string, wanted: readonly string[] | undefined): void => {
    if (wanted === undefined) return;
    conditions.push(`${column} IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(wanted));
  };
  among('"table"', filter.tables);
  among('path', filter.paths);
  among('day', filter.days);
  among('account', filter.accounts);
  among('region', filter.regions);
  if (filter.objects !== undefined) {
    conditions.push('path IN (SELECT path FROM file_objects WHERE uri IN (SELECT value FROM json_each(?)))');
    values.push(JSON.stringify(filter.objects));
  }
  if (filter.from !== undefined) {
    conditions.push('maxTime >= ?');
    values.push(filter.from);
  }
  if (filter.to !== undefined) {
    conditions.push('minTime <= ?');
    values.push(filter.to);
  }
  return { where: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, values };
}

function commit(db: DatabaseSync, change: ManifestChange): void {
  for (const entry of change.objects) {
    if (entry.records !== entry.written + entry.excluded + entry.quarantined) {
      throw new Error(
        `The counts of ${entry.uri} do not add up: ${entry.records} read, ${entry.written} written, ${entry.excluded} excluded, ${entry.quarantined} quarantined`,
      );
    }
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    apply(db, change);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function apply(db: DatabaseSync, change: ManifestChange): void {
  const insertObject = db.prepare(
    'INSERT OR REPLACE INTO objects (uri, key, etag, source, ingestedAt, modifiedAt, size, rawBytes, records, written, excluded, quarantined) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const forget = ['DELETE FROM quarantine WHERE uri = ?', 'DELETE FROM exclusions WHERE uri = ?'].map((sql) =>
    db.prepare(sql),
  );
  for (const entry of change.objects) {
    for (const statement of forget) statement.run(entry.uri);
    insertObject.run(
      entry.uri,
      entry.key,
      entry.etag,
      entry.source,
      entry.ingestedAt,
      entry.modifiedAt,
      entry.size,
      entry.rawBytes,
      entry.records,
      entry.written,
      entry.excluded,
      entry.quarantined,
    );
  }
  forgetExpired(db, change);
  applyFiles(db, change);
  const insertQuarantine = db.prepare(
    'INSERT INTO quarantine (uri, source, record, count, reason, detail, bytes, "offset") VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (const entry of change.quarantined) {
    insertQuarantine.run(
      entry.uri,
      entry.source,
      entry.record,
      entry.count,
      entry.reason,
      entry.detail,
      entry.bytes,
      entry.offset ?? null,
    );
  }
  const insertExclusion = db.prepare('INSERT INTO exclusions (uri, rule, count) VALUES (?, ?, ?)');
  for (const tally of change.exclusions) insertExclusion.run(tally.uri, tally.rule, tally.count);
}

function applyFiles(db: DatabaseSync, change: ManifestChange): void {
  retire(db, change);
  countExpired(db, change);
  const removals = ['DELETE FROM files WHERE path = ?', 'DELETE FROM file_objects WHERE path = ?'].map((sql) =>
    db.prepare(sql),
  );
  for (const path of change.removedFiles) removeFile(removals, path);
  const insertFile = db.prepare(
    'INSERT INTO files (path, "table", source, shape, region, account, day, rows, bytes, minTime, maxTime) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertFileObject = db.prepare('INSERT INTO file_objects (path, uri, rows) VALUES (?, ?, ?)');
  for (const file of change.files) {
    insertFile.run(
      file.path,
      file.table,
      file.source,
      file.shape,
      file.region,
      file.account,
      file.day,
      file.rows,
      file.bytes,
      file.minTime,
      file.maxTime,
    );
    for (const [uri, rows] of file.objects) insertFileObject.run(file.path, uri, rows);
  }
}

/** Two processes may replace rows of one file at once: the second must look again. */
function removeFile(removals: readonly StatementSync[], path: string): void {
  const [first] = removals.map((statement) => Number(statement.run(path).changes));
  if (first === 0)
    throw new YaguraError('store.conflict', `The lake's file ${path} was replaced meanwhile`, { retryable: true });
}

function toQuarantine(row: Row): QuarantineEntry & { readonly id: number } {
  const { offset, ...entry } = row;
  return {
    ...(entry as unknown as QuarantineEntry & { id: number }),
    ...(typeof offset === 'number' ? { offset } : {}),
  };
}

function volumesOf(db: DatabaseSync): readonly SourceVolume[] {
  const rows = db
    .prepare(
      `SELECT o.*, COALESCE(f.files, 0) AS files, COALESCE(f.parquetBytes, 0) AS parquetBytes, f.newestEvent FROM (
        SELECT source, count(*) AS objects, sum(records) AS records, sum(written) AS written, sum(excluded) AS excluded,
          sum(quarantined) AS quarantined, sum(rawBytes) AS rawBytes, max(ingestedAt) AS lastIngest FROM objects GROUP BY source) AS o
       LEFT JOIN (SELECT source, count(*) AS files, sum(bytes) AS parquetBytes, max(maxTime) AS newestEvent FROM files GROUP BY source) AS f
         ON f.source = o.source ORDER BY o.source`,
    )
    .all() as Row[];
  return rows.map(({ newestEvent, ...row }) => ({
    ...(row as unknown as Omit<SourceVolume, 'newestEvent'>), // the statement's columns
    ...(typeof newestEvent === 'number' ? { newestEvent } : {}),
  }));
}
