import { join } from 'node:path';
import { type DuckDbSession, openDuckDb } from '#adapters/duckdb/session.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { eventFromRow } from '#core/lake/event-json.ts';
import { type Fields, isStruct } from '#core/lake/schema/column-type.ts';
import { narrowed, parseDescribedType } from '#core/lake/schema/described-type.ts';
import { ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { columnsOf } from '#core/lake/schema/tables.ts';
import { searchCondition, unknownFields } from '#core/lake/search/search-sql.ts';
import { sqlName, sqlText } from '#core/lake/sql/literal.ts';
import type { LakeFile, LakeManifest } from '#ports/lake-manifest.ts';
import type { Facet, LakeSearch, SearchAnswer, SearchHit, SearchRequest, TimeBucket } from '#ports/lake-search.ts';

export interface LakeSearchSettings {
  readonly root: string;
  readonly manifest: LakeManifest;
  readonly threads: number;
  readonly memoryMiB: number;
}

/** Files of one list of columns, with those columns. */
interface Group {
  readonly files: readonly LakeFile[];
  readonly columns: Fields;
}

type Range = Pick<SearchRequest, 'node' | 'from' | 'to'>;

const allColumns = columnsOf(Object.values(ocsfClasses));

/** Searches a local lake; each search reads only files of its time range. */
export async function openLakeSearch(settings: LakeSearchSettings): Promise<LakeSearch> {
  const database = await openDuckDb({ threads: settings.threads, memoryMiB: settings.memoryMiB });
  const session = await database.connect();
  const shapes = new Map<string, Fields>();
  const groups = (range: Range): Promise<readonly Group[]> => groupsOf(session, settings, shapes, range);
  return {
    events: async (request) => searchEvents(session, settings.root, await groups(request), request),
    histogram: async (request) => histogramOf(session, settings.root, await groups(request), request),
    facets: async (request) => {
      const found = await groups(request);
      return facetsOf(session, settings.root, found, request);
    },
    close: () => database.close(),
  };
}

async function groupsOf(
  session: DuckDbSession,
  settings: LakeSearchSettings,
  shapes: Map<string, Fields>,
  range: Range,
): Promise<readonly Group[]> {
  const unknown = unknownFields(range.node, [allColumns]);
  if (unknown.length > 0)
    throw new YaguraError(
      'input.invalid',
      `No event has the field ${unknown[0]}. Fields are named as in OCSF, e.g. actor.user.name.`,
    );
  const files = settings.manifest.files({ from: range.from, to: range.to - 1 });
  const groups: Group[] = [];
  for (const group of Map.groupBy(files, (file) => `${file.table} ${file.shape}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const key = `${first.table} ${first.shape}`;
    const columns = shapes.get(key) ?? (await columnsOfFile(session, join(settings.root, first.path)));
    shapes.set(key, columns);
    groups.push({ files: group, columns });
  }
  return groups;
}

/** The columns of a file, with the types that the lake gives them. */
async function columnsOfFile(session: DuckDbSession, path: string): Promise<Fields> {
  const described = await session.describe(`SELECT * FROM read_parquet(${sqlText(path)}, hive_partitioning = false)`);
  const known = described.flatMap(({ name, type }) => {
    const physical = allColumns[name];
    if (physical === undefined) return [];
    return [[name, narrowed(physical, parseDescribedType(type))] as const];
  });
  return Object.fromEntries(known);
}

function selectFrom(root: string, { files, columns }: Group, range: Range, selected: string): string {
  const list = files.map((file) => sqlText(join(root, file.path))).join(', ');
  const inTime = `e.time >= ${range.from} AND e.time < ${range.to}`;
  return `SELECT ${selected} FROM read_parquet([${list}], hive_partitioning = false) AS e WHERE ${inTime} AND ${searchCondition(range.node, columns)}`;
}

async function searchEvents(
  session: DuckDbSession,
  root: string,
  groups: readonly Group[],
  request: SearchRequest,
): Promise<SearchAnswer> {
  const found: (SearchHit & { readonly time: number })[] = [];
  const direction = request.order === 'newest' ? 'DESC' : 'ASC';
  for (const group of groups) {
    // The inner query first finds the few rows; writing every row of the range as JSON would take ten times as long.
    const few = `${selectFrom(root, group, request, 'e.*')} ORDER BY e.time ${direction} LIMIT ${request.limit + 1}`;
    const sql = `SELECT e.time AS time, e._object AS object, e._record AS record, to_json(e) AS event FROM (${few}) AS e`;
    for (const row of await session.rows(sql)) {
      found.push({
        time: Number(row['time']),
        object: String(row['object']),
        record: Number(row['record']),
        event: eventFromRow(group.columns, JSON.parse(String(row['event']))),
      });
    }
  }
  const sign = request.order === 'newest' ? -1 : 1;
  const sorted = found.toSorted((a, b) => sign * (a.time - b.time));
  return {
    hits: sorted.slice(0, request.limit).map(({ event, object, record }) => ({ event, object, record })),
    isCut: sorted.length > request.limit,
  };
}

async function histogramOf(
  session: DuckDbSession,
  root: string,
  groups: readonly Group[],
  request: Range & { readonly stepMs: number },
): Promise<readonly TimeBucket[]> {
  const counts = new Map<number, number>();
  for (const group of groups) {
    const sql = `${selectFrom(root, group, request, `(e.time - ${request.from}) // ${request.stepMs} AS step, count(*) AS n`)} GROUP BY 1`;
    for (const row of await session.rows(sql))
      counts.set(Number(row['step']), (counts.get(Number(row['step'])) ?? 0) + Number(row['n']));
  }
  const steps = Math.ceil((request.to - request.from) / request.stepMs);
  return Array.from({ length: steps }, (_, step) => ({
    start: request.from + step * request.stepMs,
    count: counts.get(step) ?? 0,
  }));
}

async function facetsOf(
  session: DuckDbSession,
  root: string,
  groups: readonly Group[],
  request: Range & { readonly fields: readonly string[]; readonly top: number },
): Promise<readonly Facet[]> {
  const counts = request.fields.map(() => new Map<string, number>());
  for (const group of groups) {
    const values = request.fields.flatMap((field, index) => {
      const value = scalarAt(field.split('.'), group.columns);
      return value === undefined ? [] : [`{f: ${index}, v: CAST(${value} AS VARCHAR)}`];
    });
    if (values.length === 0) continue;
    // All fields in one reading of the files: reading them is what takes the time.
    const pairs = selectFrom(root, group, request, `unnest([${values.join(', ')}]) AS x`);
    const counted = `SELECT x.f AS f, x.v AS v, count(*) AS n FROM (${pairs}) WHERE x.v IS NOT NULL GROUP BY 1, 2`;
    const sql = `SELECT f, v, n FROM (${counted}) QUALIFY row_number() OVER (PARTITION BY f ORDER BY n DESC) <= 1000`;
    for (const row of await session.rows(sql)) {
      const found = counts[Number(row['f'])];
      const value = String(row['v']);
      found?.set(value, (found.get(value) ?? 0) + Number(row['n']));
    }
  }
  return request.fields.map((field, index) => {
    const values = [...(counts[index] ?? [])]
      .map(([value, count]) => ({ value, count }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    return { field, values: values.slice(0, request.top) };
  });
}

function scalarAt(path: readonly string[], columns: Fields, parent = 'e'): string | undefined {
  const [name = '', ...rest] = path;
  const type = columns[name];
  if (type === undefined) return undefined;
  const value = `${parent}.${sqlName(name)}`;
  if (isStruct(type)) return rest.length === 0 ? undefined : scalarAt(rest, type.struct, value);
  return rest.length === 0 && typeof type === 'string' && type !== 'stringMap' ? value : undefined;
}
