import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { sessionMacros } from '#core/lake/sql/macros.ts';

export interface SessionOptions {
  /** Threads that DuckDB may use. */
  readonly threads: number;
  /** Memory that DuckDB may use, in MiB. */
  readonly memoryMiB: number;
  /** Folder for what does not fit; absent: nothing is spilled. */
  readonly spillFolder?: string;
}

export type SqlRow = Readonly<Record<string, unknown>>;

/** One DuckDB connection. Numbers of 64 bit come as bigint. */
export interface DuckDbSession {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly SqlRow[]>;
  /** Rows as JSON values: times and 64-bit numbers as text where JSON has no such type. */
  json(sql: string): Promise<readonly SqlRow[]>;
  /** Names and types of what a SELECT would give, without running it. */
  describe(sql: string): Promise<readonly { readonly name: string; readonly type: string }[]>;
  close(): void;
}

export interface DuckDb {
  connect(): Promise<DuckDbSession>;
  close(): void;
}

/** An in-memory DuckDB whose connections share threads and memory. */
export async function openDuckDb(options: SessionOptions): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryMiB}MiB`,
    temp_directory: options.spillFolder ?? '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const first = await instance.connect();
  await createMacros(first);
  return {
    connect: async () => inUtc(await instance.connect()),
    close: () => {
      first.closeSync();
      instance.closeSync();
    },
  };
}

/** A session on a connection, in UTC and with our SQL functions. */
export async function sessionOn(connection: DuckDBConnection): Promise<DuckDbSession> {
  await createMacros(connection);
  return inUtc(connection);
}

/** All connections of a database share them. */
async function createMacros(connection: DuckDBConnection): Promise<void> {
  for (const macro of sessionMacros) await connection.run(macro);
}

async function inUtc(connection: DuckDBConnection): Promise<DuckDbSession> {
  const session = bareSession(connection);
  await session.run("SET TimeZone = 'UTC'");
  return session;
}

function bareSession(connection: DuckDBConnection): DuckDbSession {
  const rows = async (sql: string): Promise<readonly SqlRow[]> => {
    const reader = await guarded(() => connection.runAndReadAll(sql));
    return reader.getRowObjectsJS();
  };
  return {
    run: async (sql) => void (await guarded(() => connection.run(sql))),
    rows,
    json: async (sql) => (await guarded(() => connection.runAndReadAll(sql))).getRowObjectsJson(),
    describe: async (sql) =>
      (await rows(`DESCRIBE ${sql}`)).map((row) => ({
        name: String(row['column_name']),
        type: String(row['column_type']),
      })),
    close: () => connection.closeSync(),
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new YaguraError('lake.sql', cause instanceof Error ? cause.message : String(cause), {
      cause,
      retryable: false,
    });
  }
}
