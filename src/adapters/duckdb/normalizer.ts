import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { missingOf } from '#adapters/duckdb/staging/quick-part.ts';
import { columnLines, jsonDocs, type StagedPart } from '#adapters/duckdb/staging/staged-part.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Fields } from '#core/lake/schema/column-type.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { planOfFields, type ShapePlan, widenPlan } from '#core/lake/source/shape-plan.ts';
import { sqlText } from '#core/lake/sql/literal.ts';
import { eventColumns, eventsSql, type MapColumn, mapColumnProblems } from '#core/lake/sql/map-sql.ts';
import { emptyRaw, keysOf, rawFromColumns, rawFromJson, shapeOf } from '#core/lake/sql/raw-sql.ts';

export interface BatchOptions {
  /** Name of the temporary table that gets the events. */
  readonly table: string;
  readonly latest: number;
  readonly region: string;
}

/** Turns staged parts of one source into a temporary table of events; learns the shapes of its records on the way. */
export interface Normalizer {
  readonly source: MappedSource;
  /** The physical columns of its events. */
  readonly columns: Fields;
  /** Writes the table; its rows are those of `eventsSql`. Throws `lake.sql` where a part cannot be read whole. */
  fill(parts: readonly StagedPart[], options: BatchOptions): Promise<void>;
  /** The raw text of records by their number in the batch. */
  rawText(parts: readonly StagedPart[], numbers: readonly bigint[]): Promise<ReadonlyMap<bigint, string>>;
}

const maximumRounds = 100;

/** A normalizer for one source on one session. Throws `lake.mapping` where map.sql does not fit the lake's columns. */
export async function createNormalizer(source: MappedSource, session: DuckDbSession): Promise<Normalizer> {
  const given = await describeMap(source, session);
  const shapes = new KnownShapes(source);
  return {
    source,
    columns: eventColumns(source, given),
    fill: async (parts, options) => {
      if (areColumns(parts)) return fillFromColumns(source, session, given, parts, options);
      return fillFromJson({ source, session, given, shapes }, await namedParts(source, session, parts), options);
    },
    rawText: async (parts, numbers) => rawText(session, await namedParts(source, session, parts), numbers),
  };
}

/** Delimited text keeps its columns; everything else is read as JSON. A batch has parts of one kind. */
function areColumns(parts: readonly StagedPart[]): boolean {
  return parts.every((part) => part.kind === 'columns');
}

/** Parquet parts with the names that the source's fields expect. */
async function namedParts(
  source: MappedSource,
  session: DuckDbSession,
  parts: readonly StagedPart[],
): Promise<readonly StagedPart[]> {
  const nameOf = source.parquetName;
  if (nameOf === undefined) return parts;
  const missing = source.decode.kind === 'delimited' ? missingOf(source.decode) : {};
  const named: StagedPart[] = [];
  for (const part of parts) {
    const columns =
      part.kind === 'parquet' ? await session.describe(`SELECT * FROM read_parquet(${sqlText(part.file)})`) : [];
    named.push(
      part.kind === 'parquet'
        ? { ...part, ...missing, names: new Map(columns.map(({ name }) => [name, nameOf(name)])) }
        : part,
    );
  }
  return named;
}

/** The columns that a source's map.sql gives. Throws `lake.mapping` with everything that is wrong with them. */
export async function describeMap(source: MappedSource, session: DuckDbSession): Promise<readonly MapColumn[]> {
  const sql = source.mapSql.trim().replace(/;\s*$/, '');
  const given = await session.describe(`WITH raw AS (${emptyRaw(source)}) SELECT * FROM (\n${sql}\n)`);
  const problems = mapColumnProblems(source, given);
  if (problems.length > 0)
    throw new YaguraError('lake.mapping', `Source ${source.id} cannot be used: ${problems.join('; ')}`);
  return given;
}

async function fillFromColumns(
  source: MappedSource,
  session: DuckDbSession,
  given: readonly MapColumn[],
  parts: readonly StagedPart[],
  options: BatchOptions,
): Promise<void> {
  const columns = parts.find((part) => part.kind === 'columns')?.columns ?? [];
  const raw = rawFromColumns(source, columns, columnLines(parts));
  await createTable(session, options.table, eventsSql({ ...options, source, raw, given, badShapes: new Map() }));
}

interface JsonWork {
  readonly source: MappedSource;
  readonly session: DuckDbSession;
  readonly given: readonly MapColumn[];
  readonly shapes: KnownShapes;
}

async function fillFromJson(work: JsonWork, parts: readonly StagedPart[], options: BatchOptions): Promise<void> {
  const { source, session, given, shapes } = work;
  const docs = jsonDocs(parts);
  for (let round = 0; round < maximumRounds; round += 1) {
    const raw = rawFromJson(source, shapes.plan, docs);
    await createTable(session, options.table, eventsSql({ ...options, source, raw, given, badShapes: shapes.bad }));
    const found = await session.rows(`SELECT DISTINCT _shape AS shape FROM ${options.table}`);
    const unknown = found.map((row) => String(row['shape'])).filter((shape) => !shapes.knows(shape));
    if (unknown.length === 0) return;
    const samples = await session.rows(
      `SELECT shape, any_value(j) AS j, any_value(keys) AS keys FROM (SELECT j, ${shapeOf(shapes.plan)} AS shape, to_json(${keysOf(shapes.plan)}) AS keys FROM (${docs})) WHERE shape IN (${unknown.join(', ')}) GROUP BY shape`,
    );
    const rerun = shapes.learn(
      samples.map((row) => ({ shape: String(row['shape']), text: String(row['j']), keys: String(row['keys']) })),
    );
    if (!rerun) return;
  }
  throw new YaguraError('lake.mapping', `The records of ${source.id} have too many shapes to be read in one batch`);
}

async function createTable(session: DuckDbSession, table: string, sql: string): Promise<void> {
  await session.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`);
}

interface ShapeSample {
  readonly shape: string;
  readonly text: string;
  readonly keys: string;
}

/** State: what is known about the shapes of a source's records. */
class KnownShapes {
  plan: ShapePlan;
  readonly bad = new Map<string, string>();
  readonly #good = new Set<string>();
  readonly #source: MappedSource;

  constructor(source: MappedSource) {
    this.#source = source;
    this.plan = planOfFields(source);
  }

  knows(shape: string): boolean {
    return this.#good.has(shape) || this.bad.has(shape);
  }

  /** Takes in shapes with one record each; true where the batch must be read again. */
  learn(samples: readonly ShapeSample[]): boolean {
    const verdicts = samples.map((sample) => ({ ...sample, trouble: troubleOf(sample) }));
    const readable = verdicts
      .filter((sample) => sample.trouble === undefined)
      .map((sample) => JSON.parse(sample.text) as unknown);
    const wider = widenPlan(this.#source, this.plan, readable);
    const containersGrew = wider.containers.length > this.plan.containers.length;
    const grew = wider !== this.plan;
    this.plan = wider;
    if (containersGrew) {
      // A shape lists the keys of all containers: with more of them every shape is another one.
      this.#good.clear();
      this.bad.clear();
      return true;
    }
    let bad = false;
    for (const { shape, trouble } of verdicts) {
      if (trouble === undefined) this.#good.add(shape);
      else {
        this.bad.set(shape, trouble);
        bad = true;
      }
    }
    return grew || bad;
  }
}

function troubleOf(sample: ShapeSample): string | undefined {
  const keys = JSON.parse(sample.keys) as readonly (readonly string[] | null)[]; // json_keys gives a list of lists
  if ((keys[0]?.length ?? 0) === 0) return 'json.not-an-object: the record is no JSON object with keys';
  const twice = keys.flatMap((names) => (names ?? []).filter((name, index) => names?.indexOf(name) !== index));
  return twice.length === 0
    ? undefined
    : `json.duplicate-key: the key ${JSON.stringify(twice[0])} stands twice in one object`;
}

async function rawText(
  session: DuckDbSession,
  parts: readonly StagedPart[],
  numbers: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  if (numbers.length === 0) return new Map();
  const wanted = `n IN (${numbers.join(', ')})`;
  const rows = areColumns(parts)
    ? await session.rows(`SELECT n, ${lineOf(parts)} AS text FROM (${columnLines(parts)}) WHERE ${wanted}`)
    : await session.rows(`SELECT n, CAST(j AS VARCHAR) AS text FROM (${jsonDocs(parts)}) WHERE ${wanted}`);
  return new Map(rows.map((row) => [row['n'] as bigint, String(row['text'])])); // n is a BIGINT
}

function lineOf(parts: readonly StagedPart[]): string {
  const part = parts.find((found) => found.kind === 'columns');
  if (part === undefined) return "''";
  const missing = part.missing ?? '';
  const values = part.columns.map(
    (name) => `COALESCE("${name.replaceAll('"', '""')}", '${missing.replaceAll("'", "''")}')`,
  );
  return `concat_ws('${part.separator.replaceAll("'", "''")}', ${values.join(', ')})`;
}
