import {
  actionCaptions,
  dispositionCaptions,
  findingStatusCaptions,
  severityCaptions,
  statusCaptions,
} from '#core/lake/schema/captions.ts';
import { type ColumnType, duckDbType, type Fields, isStruct, list } from '#core/lake/schema/column-type.ts';
import {
  type DescribedType,
  fieldsWithoutColumn,
  narrowed,
  parseDescribedType,
} from '#core/lake/schema/described-type.ts';
import { type OcsfClass, ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { columnsOf } from '#core/lake/schema/tables.ts';
import type { LogSource, MappedSource, Profile } from '#core/lake/source/log-source.ts';
import { sqlName, sqlText } from '#core/lake/sql/literal.ts';

/** Columns that map.sql may give beside the physical ones. */
const controlColumns = new Set(['_raw', '_native', '_error', '_excluded', '_account', '_region']);
const required = ['_raw', 'class_uid', 'activity_id', 'time_dt', 'metadata'];

/** A column that map.sql gives, with its type as DuckDB describes it. */
export interface MapColumn {
  readonly name: string;
  readonly type: string;
}

/** What is wrong with the columns of a map.sql; empty when nothing is. */
export function mapColumnProblems(source: LogSource, given: readonly MapColumn[]): readonly string[] {
  const columns = columnsOf(classesOf(source));
  const names = new Set(given.map((column) => column.name));
  const missing = required.filter((name) => !names.has(name)).map((name) => `map.sql must give the column ${name}`);
  const unknown = given
    .filter((column) => !controlColumns.has(column.name) && columns[column.name] === undefined)
    .map((column) => `map.sql gives ${column.name}, which no class of ${source.id} has`);
  const fields = given.flatMap((column) => {
    const type = columns[column.name];
    return type === undefined ? [] : fieldsWithoutColumn(column.name, type, parseDescribedType(column.type));
  });
  return [...missing, ...unknown, ...fields.map((path) => `map.sql gives ${path}, which the lake has no column for`)];
}

/**
 * The physical columns of a source's events: those that map.sql gives or that follow from them, each as wide as map.sql
 * makes it. Wider ones would be nothing but NULL and cost most of the time of writing.
 */
export function eventColumns(source: LogSource, given: readonly MapColumn[]): Fields {
  const described = describedColumns(given);
  const derived = derivedColumns(source, described);
  const columns = Object.entries(columnsOf(classesOf(source))).flatMap(([name, type]) => {
    if (name === '_object' || name === '_record') return [[name, type] as const];
    const below = described.get(name);
    if (name === 'metadata' && below !== undefined)
      return [[name, withFields(narrowed(type, below), { version: 'string', profiles: list('string') })] as const];
    if (below !== undefined) return [[name, narrowed(type, below)] as const];
    return derived[name] === undefined ? [] : [[name, type] as const];
  });
  return Object.fromEntries(columns);
}

function withFields(type: ColumnType, fields: Fields): ColumnType {
  return isStruct(type) ? { struct: { ...fields, ...type.struct } } : type;
}

function describedColumns(given: readonly MapColumn[]): ReadonlyMap<string, DescribedType> {
  return new Map(given.map((column) => [column.name, parseDescribedType(column.type)]));
}

/** The classes that a source declares. */
export function classesOf(source: LogSource): readonly OcsfClass[] {
  return source.classes.map((name) => ocsfClasses[name]);
}

export interface MapOptions {
  readonly source: MappedSource;
  /** SELECT that gives the relation `raw`. */
  readonly raw: string;
  readonly given: readonly MapColumn[];
  /** Events later than this are quarantined: their clock is wrong. Epoch ms. */
  readonly latest: number;
  /** The Region of records that name none. */
  readonly region: string;
  /** Shapes whose records cannot be read, with the reason. */
  readonly badShapes: ReadonlyMap<string, string>;
}

/**
 * SELECT of events: every physical column of the source's classes, then `_n`, `_shape`, `_error`, `_excluded`, `_native`,
 * `_account` and `_region`. One row for each raw row.
 */
export function eventsSql(options: MapOptions): string {
  const { source } = options;
  const columns = eventColumns(source, options.given);
  const described = describedColumns(options.given);
  const derived = derivedColumns(source, described);
  const selected = Object.entries(columns)
    .filter(([name]) => name !== '_object' && name !== '_record')
    .map(([name, type]) => `${physical(name, type, derived)} AS ${sqlName(name)}`);
  return [
    `WITH raw AS (${options.raw}),`,
    `m AS (\n${options.source.mapSql.trim().replace(/;\s*$/, '')}\n)`,
    `SELECT ${[...selected, ...control(options, described)].join(',\n  ')}`,
    'FROM m',
  ].join('\n');
}

function physical(name: string, type: ColumnType, derived: Readonly<Record<string, string>>): string {
  const expression = name === 'metadata' ? `CAST(${derived[name]} AS ${duckDbType(type)})` : derived[name];
  return expression ?? `CAST(m.${sqlName(name)} AS ${duckDbType(type)})`;
}

function control(options: MapOptions, described: ReadonlyMap<string, DescribedType>): readonly string[] {
  const text = (name: string): string => (described.has(name) ? `m.${name}` : 'CAST(NULL AS VARCHAR)');
  const account = [text('_account'), valueIn(described, ['cloud', 'account', 'uid']), "'external'"];
  const region = [text('_region'), valueIn(described, ['cloud', 'region']), sqlText(options.region)];
  return [
    'm._raw.n AS _n',
    'm._raw.shape AS _shape',
    `${errorOf(options, text('_error'))} AS _error`,
    `${text('_excluded')} AS _excluded`,
    `${text('_native')} AS _native`,
    `COALESCE(${account.filter((sql) => sql !== undefined).join(', ')}) AS _account`,
    `COALESCE(${region.filter((sql) => sql !== undefined).join(', ')}) AS _region`,
  ];
}

function errorOf(options: MapOptions, own: string): string {
  const latest = new Date(options.latest).toISOString().slice(0, 23).replace('T', ' ');
  const shapes = [...options.badShapes].map(
    ([shape, reason]) => `WHEN m._raw.shape = ${shape} THEN ${sqlText(reason)}`,
  );
  return [
    'CASE',
    ...shapes,
    `WHEN ${own} IS NOT NULL THEN ${own}`,
    "WHEN m.time_dt IS NULL THEN 'time.missing: the record has no time that can be read'",
    `WHEN m.time_dt > TIMESTAMP ${sqlText(latest)} THEN 'time.future: ' || m.time_dt || ' is more than a day after the record was received'`,
    "WHEN m.time_dt < TIMESTAMP '1990-01-01' THEN 'time.past: ' || m.time_dt || ' is before 1990'",
    "WHEN m.class_uid IS NULL THEN 'class.missing: map.sql gave no class'",
    'END',
  ].join(' ');
}

/** Columns whose value follows from others. */
function derivedColumns(
  source: LogSource,
  described: ReadonlyMap<string, DescribedType>,
): Readonly<Record<string, string>> {
  const given = new Set(described.keys());
  const classes = classesOf(source);
  const own = (name: string): string => (given.has(name) ? `m.${name}` : 'CAST(NULL AS VARCHAR)');
  const className = choose(
    'm.class_uid',
    Object.fromEntries(classes.map((found) => [found.uid, found.caption])),
    'NULL',
  );
  const categoryName = choose(
    'm.class_uid',
    Object.fromEntries(classes.map((found) => [found.uid, found.category])),
    'NULL',
  );
  const activities = Object.fromEntries(
    classes.flatMap((found) =>
      Object.entries(found.activities).map(([id, caption]) => [found.uid * 100 + Number(id), caption]),
    ),
  );
  const type = 'CAST(m.class_uid AS BIGINT) * 100 + COALESCE(m.activity_id, 0)';
  const activity = `COALESCE(${own('activity_name')}, ${choose(type, activities, "'Other'")})`;
  return {
    metadata: metadataOf(source),
    time: 'epoch_ms(m.time_dt)',
    time_dt: 'CAST(m.time_dt AS TIMESTAMP)',
    class_uid: 'CAST(m.class_uid AS INTEGER)',
    class_name: className,
    category_uid: 'CAST(m.class_uid // 1000 AS INTEGER)',
    category_name: categoryName,
    activity_id: 'CAST(COALESCE(m.activity_id, 0) AS INTEGER)',
    activity_name: activity,
    type_uid: type,
    type_name: `${className} || ': ' || ${choose(type, activities, "'Other'")}`,
    severity_id: given.has('severity_id') ? 'CAST(COALESCE(m.severity_id, 0) AS INTEGER)' : 'CAST(1 AS INTEGER)',
    severity: given.has('severity_id') ? captionOf('severity', severityCaptions, given, '0') : "'Informational'",
    ...(given.has('status_id') ? { status: statusOf(source, given) } : {}),
    ...(given.has('action_id') ? { action: captionOf('action', actionCaptions, given) } : {}),
    ...(given.has('disposition_id') ? { disposition: captionOf('disposition', dispositionCaptions, given) } : {}),
    unmapped: unmappedOf(given),
    ...addressKeys(described),
  };
}

/** SQL of a value inside a struct that map.sql gives, where it gives it. */
function valueIn(described: ReadonlyMap<string, DescribedType>, path: readonly string[]): string | undefined {
  const found = path.reduce<DescribedType | undefined>((type, key, index) => {
    if (index === 0) return described.get(key);
    return type?.kind === 'struct' ? type.fields.get(key) : undefined;
  }, undefined);
  return found === undefined ? undefined : `m.${path.map(sqlName).join('.')}`;
}

function addressKeys(described: ReadonlyMap<string, DescribedType>): Readonly<Record<string, string>> {
  const keys = [
    ['_src_ip', 'src_endpoint'],
    ['_dst_ip', 'dst_endpoint'],
  ] as const;
  return Object.fromEntries(
    keys.flatMap(([column, endpoint]) => {
      const ip = valueIn(described, [endpoint, 'ip']);
      return ip === undefined ? [] : [[column, `ip_key(${ip})`]];
    }),
  );
}

function unmappedOf(given: ReadonlySet<string>): string {
  const both = given.has('unmapped')
    ? 'CASE WHEN m.unmapped IS NULL THEN m._raw.rest WHEN m._raw.rest IS NULL THEN m.unmapped ELSE map_concat(m._raw.rest, m.unmapped) END'
    : 'm._raw.rest';
  return `CASE WHEN cardinality(${both}) > 0 THEN ${both} END`;
}

/** A caption by id; the source's own word where it gives one and the id has none. */
function captionOf(
  name: string,
  captions: Readonly<Record<number, string>>,
  given: ReadonlySet<string>,
  otherwise?: string,
): string {
  const id = otherwise === undefined ? `m.${name}_id` : `COALESCE(m.${name}_id, ${otherwise})`;
  const own = given.has(name) ? `m.${name}` : 'NULL';
  const { 99: other, ...known } = captions;
  return choose(id, known, `CASE WHEN ${id} IS NOT NULL THEN COALESCE(${own}, ${sqlText(other ?? 'Other')}) END`);
}

function statusOf(source: LogSource, given: ReadonlySet<string>): string {
  const findings = classesOf(source).filter((found) => Math.floor(found.uid / 1000) === 2);
  if (findings.length === 0) return captionOf('status', statusCaptions, given);
  const ofFinding = captionOf('status', findingStatusCaptions, given);
  if (findings.length === source.classes.length) return ofFinding;
  return `CASE WHEN m.class_uid // 1000 = 2 THEN ${ofFinding} ELSE ${captionOf('status', statusCaptions, given)} END`;
}

function choose(value: string, captions: Readonly<Record<string, string>>, otherwise: string): string {
  const cases = Object.entries(captions).map(([id, caption]) => `WHEN ${id} THEN ${sqlText(caption)}`);
  return `CASE ${value} ${cases.join(' ')} ELSE ${otherwise} END`;
}

/** Each event names the profiles of its source that its class knows; `cloud` only where there is one. */
function metadataOf(source: LogSource): string {
  const cases = classesOf(source).map((found) => ({ uid: found.uid, profiles: profilesOf(source, found) }));
  const first = cases[0]?.profiles ?? '[]';
  const profiles = cases.every((found) => found.profiles === first)
    ? first
    : `CASE m.class_uid ${cases.map((found) => `WHEN ${found.uid} THEN ${found.profiles}`).join(' ')} END`;
  return `struct_insert(m.metadata, version := '1.1.0', profiles := ${profiles})`;
}

function profilesOf(source: LogSource, of: OcsfClass): string {
  const legal = source.profiles.filter((profile) => classHasProfile(of, profile) && profile !== 'cloud');
  const names = (cloud: readonly string[]): string =>
    `[${[...cloud, 'datetime', ...legal].toSorted().map(sqlText).join(', ')}]`;
  if (!source.profiles.includes('cloud')) return names([]);
  return `CASE WHEN m.cloud IS NULL THEN ${names([])} ELSE ${names(['cloud'])} END`;
}

function classHasProfile(of: OcsfClass, profile: Profile): boolean {
  const category = Math.floor(of.uid / 1000);
  const network = category === 4;
  if (profile === 'load_balancer' || profile === 'network_proxy') return network;
  if (profile === 'security_control') return network || category === 1 || of.name === 'detection_finding';
  return profile !== 'host' || (of.name !== 'api_activity' && of.name !== 'base_event');
}
