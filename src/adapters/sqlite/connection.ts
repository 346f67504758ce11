import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementResultingChanges } from 'node:sqlite';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { migrate, refuseForeign } from './schema.ts';
import { storeError } from './sqlite-error.ts';

export type Value = string | number | bigint | null | Uint8Array;

/** A prepared statement whose rows look like `Row`. */
export type Statement<Row> = {
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  iterate(...values: Value[]): IterableIterator<Row>;
  run(...values: Value[]): StatementResultingChanges;
};

/** One open database. */
export type Connection = {
  prepare<Row = Record<string, never>>(sql: string): Statement<Row>;
  /** Runs at once, outside of any transaction of ours. */
  read<T>(task: string, work: () => T): Promise<T>;
  /**
   * Runs inside a transaction and resolves once it is on disk. Writes asked for in the same turn share one transaction, and with it
   * the wait for the disk. `work` may run twice, so it must do nothing but talk to the database.
   */
  write<T>(task: string, work: () => T): Promise<T>;
  close(): Promise<void>;
};

type Job = {
  readonly task: string;
  readonly attempt: () => void;
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;
};

/** Writes that share a transaction keep the process from other work for about this long. */
const TURN_MS = 20;
const BUSY_MS = 5_000;
const MEMORY = ':memory:';

/** Opens (and creates, and migrates) the database file. */
export function openConnection(path: string): Connection {
  try {
    if (path !== MEMORY) createPrivately(path);
    const db = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      return connectionTo(db, path);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error, 'open the database', path);
  }
}

/** Uses a database that is already open; closing the connection closes it. */
export function connectionTo(db: DatabaseSync, path: string): Connection {
  refuseForeign(db, path);
  // FULL: an acknowledged write survives a power cut, not only the end of the process.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF');
  // Up to 64 MB of pages; a checkpoint every 32 MB of log, so that pages which change again before it are copied once. The log is
  // used again afterwards, not cut back, unless something made it far larger.
  db.exec('PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 67108864');
  migrate(db, path);
  const writer = transactionWriter(db, path);
  let closed = false;

  return {
    // The row type belongs to the text of the statement.
    prepare: <Row>(sql: string) => db.prepare(sql) as unknown as Statement<Row>,
    read: async (task, work) => {
      try {
        return work();
      } catch (error) {
        throw storeError(error, task, path);
      }
    },
    write: (task, work) => {
      if (closed) return Promise.reject(closedError(task, path));
      return writer.write(task, work);
    },
    close: async () => {
      if (closed) return;
      closed = true;
      writer.flushAll();
      db.close();
    },
  };
}

function closedError(task: string, path: string): YaguraError {
  return new YaguraError('store.unavailable', `Cannot ${task} in ${path}: the store was closed.`);
}

/** Findings are nobody else's business: the folder and the file are made for this user alone. */
function createPrivately(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new YaguraError(
      'store.unavailable',
      `Cannot create the database ${path} (${error instanceof Error ? error.message : String(error)}). Check that this user may write there, or give another folder with --data.`,
      { cause: error },
    );
  }
}

function transactionWriter(db: DatabaseSync, path: string): Pick<Connection, 'write'> & { flushAll(): void } {
  const jobs: Job[] = [];

  function flush(): void {
    runJobs(db, path, jobs);
    if (jobs.length > 0) setImmediate(flush);
  }

  return {
    write: (task, work) =>
      new Promise((resolve, reject) => {
        let result: Parameters<typeof resolve>[0];
        jobs.push({
          task,
          attempt: () => {
            result = work();
          },
          succeed: () => resolve(result),
          fail: reject,
        });
        if (jobs.length === 1) setImmediate(flush);
      }),
    flushAll: () => {
      while (jobs.length > 0) runJobs(db, path, jobs);
    },
  };
}

/** Runs jobs from the front of the list in one transaction, as many as fit into a turn. */
function runJobs(db: DatabaseSync, path: string, jobs: Job[]): void {
  if (jobs.length === 0) return;
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    // Locked by another process for too long, or closed: none of those that wait would fare better.
    for (const job of jobs.splice(0)) job.fail(storeError(error, job.task, path));
    return;
  }
  const taken: Job[] = [];
  try {
    finish(db, () => {
      const start = performance.now();
      do {
        const job = jobs.shift();
        if (job === undefined) break;
        taken.push(job);
        job.attempt();
      } while (performance.now() - start < TURN_MS);
    });
  } catch (error) {
    const [first, ...others] = taken;
    if (others.length > 0) retryAlone(db, path, taken);
    else first?.fail(storeError(error, first.task, path));
    return;
  }
  for (const job of taken) job.succeed();
}

/** One of these failed and took the others with it: each gets a transaction of its own. */
function retryAlone(db: DatabaseSync, path: string, taken: readonly Job[]): void {
  for (const job of taken) {
    try {
      db.exec('BEGIN IMMEDIATE');
      finish(db, job.attempt);
    } catch (error) {
      job.fail(storeError(error, job.task, path));
      continue;
    }
    job.succeed();
  }
}

/** Does the work of a transaction that has begun, and commits it. */
function finish(db: DatabaseSync, work: () => void): void {
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    // SQLite itself ends the transaction after some errors, a full disk among them.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
