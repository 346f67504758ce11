import type { DatabaseSync } from 'node:sqlite';
import { YaguraError } from '#core/errors/yagura-error.ts';

/** "YAGU": tells our files from other programs' databases. */
const APPLICATION_ID = 0x59414755;

/**
 * Hashes come in random order, so that entries of one batch would each change another page of a large index. They go into a small
 * table instead, which is merged into the large one in order and at once. The view `<name>_entry` shows both; texts that share a hash
 * are told apart by comparing them.
 */
function hashIndexTables(name: string): string {
  const columns = '(hash INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (hash, id)) STRICT, WITHOUT ROWID';
  return `
    CREATE TABLE ${name}_old ${columns};
    CREATE TABLE ${name}_new ${columns};
    CREATE VIEW ${name}_entry AS SELECT hash, id FROM ${name}_new UNION ALL SELECT hash, id FROM ${name}_old;`;
}

/**
 * Step n takes a database of version n to n + 1. Steps are never edited once released.
 *
 * A write costs what it changes on disk, page by page, and must cost the same however much is stored. Whatever can be appended is:
 * history and outbox items of a problem are chains of rows whose last one `problem` names, and events lie together in compressed chunks.
 * `problem` has what lists filter and sort by, and its small rows hold what every sighting moves; the rest of the problem is in
 * `problem_body`, which a sighting without news leaves alone. What is looked up by text is found by hash (see `hashIndexTables`).
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE problem (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity INTEGER NOT NULL,
    account_id TEXT,
    environment TEXT,
    team TEXT,
    region TEXT NOT NULL,
    type TEXT NOT NULL,
    assigned_to TEXT,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    times_seen INTEGER NOT NULL,
    title TEXT NOT NULL,
    search TEXT NOT NULL,
    moving TEXT NOT NULL,
    last_history INTEGER,
    last_outbox INTEGER,
    event_chunk INTEGER,
    event_start INTEGER,
    event_length INTEGER
  ) STRICT;
  ${hashIndexTables('problem_key')}
  CREATE TABLE problem_body (id INTEGER PRIMARY KEY, problem TEXT NOT NULL) STRICT;
  CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    previous INTEGER,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    done_by TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TABLE event_chunk (id INTEGER PRIMARY KEY, events ANY NOT NULL) STRICT;
  CREATE TABLE event_chunk_use (id INTEGER PRIMARY KEY, used INTEGER NOT NULL) STRICT;

  CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    destination_key TEXT NOT NULL,
    problem_key TEXT NOT NULL,
    in_chain INTEGER NOT NULL,
    previous INTEGER,
    mode TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    claim_token TEXT,
    claim_at INTEGER,
    message_id TEXT,
    sent_at INTEGER,
    rest TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outbox_line ON outbox (state, destination_key, created_at, sequence, due_at, mode);
  ${hashIndexTables('outbox_id')}
  CREATE INDEX outbox_out_of_chain ON outbox (problem_key) WHERE in_chain = 0;

  CREATE TABLE thread (
    problem_key TEXT NOT NULL,
    destination_key TEXT NOT NULL,
    thread TEXT NOT NULL,
    PRIMARY KEY (problem_key, destination_key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE message (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    destination_key TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    in_thread_of TEXT,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX message_sent ON message (sent_at, sequence, in_thread_of);
  CREATE INDEX message_destination ON message (destination_key, sent_at, sequence, in_thread_of);
  CREATE INDEX message_thread ON message (in_thread_of, sent_at, sequence) WHERE in_thread_of IS NOT NULL;
  CREATE TABLE message_problem (
    problem_key TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (problem_key, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX message_problem_sequence ON message_problem (sequence);

  CREATE TABLE exception (
    id TEXT NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    silenced INTEGER NOT NULL,
    exception TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit (sequence INTEGER PRIMARY KEY, hash TEXT NOT NULL, entry TEXT NOT NULL) STRICT;
  CREATE TABLE unknown_event (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    detail_type TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw ANY NOT NULL
  ) STRICT;
  CREATE INDEX unknown_event_at ON unknown_event (at, sequence);
  CREATE INDEX unknown_event_kind ON unknown_event (detail_type, reason);
  CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
  // For pruning alone: what is open is not in it, so most writes do not touch it.
  "CREATE INDEX problem_ended ON problem (last_seen_at) WHERE status <> 'open'",
];

/** The version this program reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** Brings the database to `SCHEMA_VERSION`; several processes may try at once. */
export function migrate(db: DatabaseSync, path: string): void {
  if (pragma(db, 'user_version') === SCHEMA_VERSION && pragma(db, 'application_id') === APPLICATION_ID) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have migrated while this one waited.
    refuseForeign(db, path);
    for (const step of MIGRATIONS.slice(pragma(db, 'user_version'))) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Throws, before anything is written, when the file is not ours or is too new for us. */
export function refuseForeign(db: DatabaseSync, path: string): void {
  const version = pragma(db, 'user_version');
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']);
  if (tables > 0 && pragma(db, 'application_id') !== APPLICATION_ID) {
    throw new YaguraError(
      'store.unavailable',
      `Cannot use ${path}: it is the database of another program. Give another folder with --data.`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new YaguraError(
      'store.unavailable',
      `Cannot use ${path}: a newer Yagura wrote it (data version ${version}, this program knows ${SCHEMA_VERSION}). ` +
        'Start the newer Yagura, or give another folder with --data.',
    );
  }
}
