import { join } from 'node:path';
import { openLakeQuery, type QueryAnswer } from '#adapters/duckdb/lake-query.ts';
import { openLakeSearch } from '#adapters/duckdb/lake-search.ts';
import { originalRecord } from '#adapters/duckdb/original-record.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import { openSqliteManifest } from '#adapters/lake-manifest/sqlite-manifest.ts';
import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { logSources } from '#generated/sources.ts';
import type { OriginalRecord } from '#ports/http-api.ts';
import type { LakeSearch } from '#ports/lake-search.ts';
import type { OpenedObject } from '#ports/object-store.ts';

/** What the console asks of the lake; arguments and answers are plain JSON. */
export interface LakeReader {
  events(request: Parameters<LakeSearch['events']>[0]): ReturnType<LakeSearch['events']>;
  histogram(request: Parameters<LakeSearch['histogram']>[0]): ReturnType<LakeSearch['histogram']>;
  facets(request: Parameters<LakeSearch['facets']>[0]): ReturnType<LakeSearch['facets']>;
  sql(request: { readonly sql: string; readonly rows: number }): Promise<QueryAnswer>;
  original(request: { readonly object: string; readonly record: number }): Promise<OriginalRecord>;
}

const memory = { threads: 2, memoryMiB: 384 };
const querySeconds = 30;
/** What a page can show of one record. */
const shownCharacters = 1_000_000;

/** Opens the lake below a folder of data for reading. */
export async function openLakeReader(dataDir: string): Promise<LakeReader> {
  const root = join(dataDir, 'lake');
  const manifest = openSqliteManifest(join(root, 'manifest.sqlite'));
  const search = await openLakeSearch({ root, manifest, ...memory });
  return {
    events: (request) => search.events(request),
    histogram: (request) => search.histogram(request),
    facets: (request) => search.facets(request),
    sql: async ({ sql, rows }) => {
      const lake = await openLakeQuery(root, manifest.files(), { ...memory, seconds: querySeconds, rows });
      try {
        return await lake.ask(sql);
      } finally {
        lake.close();
      }
    },
    original: async ({ object, record }) => {
      const entry = manifest.object(object);
      const sources: readonly MappedSource[] = logSources;
      const source = sources.find(({ id }) => id === entry?.source);
      if (entry === undefined || source === undefined) return gone('the lake holds no object of this name');
      try {
        const opened = await openObject(entry.uri, entry.etag);
        const database = await openDuckDb({ threads: 1, memoryMiB: 256 });
        try {
          const session = await database.connect();
          const file = join(root, '.work', `original-${process.pid}-${record}.parquet`);
          const context = { key: entry.key, receivedAt: entry.modifiedAt };
          const wanted = { decoder: source.decode, context, body: opened.body, record };
          const text = await originalRecord(wanted, { session, file });
          if (text === undefined) return gone(`the object has no record ${record} now`);
          return { state: 'found', text: text.slice(0, shownCharacters), isCut: text.length > shownCharacters };
        } finally {
          database.close();
        }
      } catch (error) {
        return gone(messageOf(error));
      }
    },
  };
}

function gone(reason: string): OriginalRecord {
  return { state: 'gone', reason };
}

async function openObject(uri: string, etag: string): Promise<OpenedObject> {
  if (!uri.startsWith('s3://')) return createLocalObjects({ skipped: () => undefined }).open(uri, { etag });
  // The SDK is loaded only where it is needed.
  const { createS3Objects } = await import('#adapters/s3-objects/s3-objects.ts');
  return createS3Objects({ sleeper: createSystemSleeper() }).open(uri, { etag });
}
