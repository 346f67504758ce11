import { DuckDBInstance } from '@duckdb/node-api';
import { createLakeViews, lakeViewNames } from '#adapters/duckdb/lake-views.ts';
import { type DuckDbSession, sessionOn } from '#adapters/duckdb/session.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import { refusedParts } from '#core/lake/sql/select-only.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';

export interface QueryLimits {
  readonly seconds: number;
  readonly memoryMiB: number;
  readonly threads: number;
  /** Rows that are given at most. */
  readonly rows: number;
}

export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON: 64-bit numbers beyond 2^53 as text. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** There were more rows than the limit. */
  readonly isCut: boolean;
}

export interface QueryOptions {
  /** Rows that are given at most; absent: as the session's limits say. */
  readonly rows?: number;
  /** Ends the query when it aborts; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** A lake that can be asked with SQL, and nothing but asked. */
export interface LakeQuery {
  /** Runs one SELECT. Throws `not-allowed` for anything else and `input.invalid` where it is wrong or too costly. */
  ask(sql: string, options?: QueryOptions): Promise<QueryAnswer>;
  close(): void;
}

/** Opens a session over these files in which no other file, setting or extension can be reached. */
export async function openLakeQuery(root: string, files: readonly LakeFile[], limits: QueryLimits): Promise<LakeQuery> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMiB}MiB`,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const session = await sessionOn(connection);
  await createLakeViews(session, root, files);
  await session.run(`SET allowed_directories = ['${root.replaceAll("'", "''")}']`);
  await session.run('SET enable_external_access = false');
  await session.run('SET lock_configuration = true');
  return {
    ask: async (sql, { rows = limits.rows, signal } = {}) => {
      signal?.throwIfAborted();
      await refuseAllButSelect(session, sql);
      signal?.throwIfAborted();
      const interrupt = (): void => connection.interrupt();
      const timer = setTimeout(interrupt, limits.seconds * 1000);
      signal?.addEventListener('abort', interrupt);
      try {
        return await answer(session, sql, rows);
      } catch (error) {
        signal?.throwIfAborted();
        throw explained(error, limits);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', interrupt);
      }
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function refuseAllButSelect(session: DuckDbSession, sql: string): Promise<void> {
  const [row] = await session.rows(`SELECT json_serialize_sql('${sql.replaceAll("'", "''")}') AS tree`);
  const problems = refusedParts(JSON.parse(String(row?.['tree'])), lakeViewNames);
  const [first] = problems;
  if (first !== undefined)
    throw new YaguraError(first.kind === 'syntax' ? 'input.invalid' : 'not-allowed', first.message);
}

async function answer(session: DuckDbSession, sql: string, limit: number): Promise<QueryAnswer> {
  const bare = sql.trim().replace(/;\s*$/, '');
  const columns = await session.describe(bare);
  const rows = await session.json(`SELECT * FROM (\n${bare}\n) LIMIT ${limit + 1}`);
  return { columns, rows: rows.slice(0, limit), isCut: rows.length > limit };
}

function explained(error: unknown, limits: QueryLimits): YaguraError {
  const message = messageOf(error);
  if (message.includes('INTERRUPT'))
    return new YaguraError(
      'input.invalid',
      `The query took longer than ${limits.seconds} s and was stopped. Narrow it: a condition on time_dt or eventDay reads fewer files.`,
      { cause: error },
    );
  if (message.includes('Out of Memory'))
    return new YaguraError(
      'input.invalid',
      `The query needed more than ${limits.memoryMiB} MiB and was stopped. Narrow it, or aggregate before sorting.`,
      { cause: error },
    );
  return new YaguraError('input.invalid', message, { cause: error });
}
