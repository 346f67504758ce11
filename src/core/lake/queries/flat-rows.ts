import type { LakeCatalog, LakeRelation, PartitionColumn } from '#core/lake/queries/lake-catalog.ts';
import { type ColumnType, type Fields, isList, isStruct } from '#core/lake/schema/column-type.ts';
import { type ClassName, ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { columnsOf } from '#core/lake/schema/tables.ts';
import type { Dialect } from '#core/lake/sql/dialect.ts';
import { sqlName } from '#core/lake/sql/literal.ts';

/** A plain column made of a nested one. A path that a table lacks gives NULL. */
export type FlatField =
  /** The value at a path, e.g. `actor.user.uid`. */
  | string
  /** The first of these that is there. */
  | { readonly firstOf: readonly string[] }
  /** The texts at a path through one list, e.g. `resources.uid`: a list of texts. */
  | { readonly listOf: string }
  /** The same, as one text. */
  | { readonly joined: string }
  /** The value of a map at a key. */
  | { readonly map: string; readonly key: string }
  /** The text at `$.…` in the first JSON text that is there. */
  | { readonly json: readonly string[]; readonly at: string }
  /** The time of the event as a timestamp, to the millisecond. */
  | { readonly clock: 'time' }
  /** A column that comes from the path of the file; NULL where a table has none. */
  | { readonly partition: PartitionColumn }
  /** An endpoint's address in its sortable form: `_src_ip` or `_dst_ip` where the table has it, else computed, which is slower. */
  | { readonly addressOf: 'src_endpoint' | 'dst_endpoint' };

/** Rows of events with plain columns: what a query's text reads. */
export interface FlatRows {
  readonly classes: readonly ClassName[];
  readonly fields: Readonly<Record<string, FlatField>>;
}

/** Conditions on all rows that a query reads. Texts are SQL, most often a placeholder. */
export interface RowScope {
  readonly from: string;
  readonly to: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly account?: string;
  readonly region?: string;
}

/** SELECT of these rows from all tables of a catalog that hold one of the classes. */
export function flatRowsSql(rows: FlatRows, catalog: LakeCatalog, scope: RowScope): string {
  const full = columnsOf(rows.classes.map((name) => ocsfClasses[name]));
  const wanted = new Set<number>(rows.classes.map((name) => ocsfClasses[name].uid));
  const relations = catalog.relations.filter((found) => found.classUids.some((uid) => wanted.has(uid)));
  const { dialect } = catalog;
  const parts = relations.map((found) => {
    const select = selectList(rows.fields, { columns: found.columns, full, partitions: found.partitions, dialect });
    return `SELECT ${select} FROM ${found.sql} AS t WHERE ${conditionsOf(found, wanted, scope).join(' AND ')}`;
  });
  if (parts.length > 0) return parts.join('\n  UNION ALL ');
  return `SELECT ${selectList(rows.fields, { columns: {}, full, partitions: [], dialect })} WHERE 1 = 0`;
}

/** What an expression is made for. */
interface Place {
  /** The columns that the table has, and those that it could have. */
  readonly columns: Fields;
  readonly full: Fields;
  readonly partitions: readonly PartitionColumn[];
  readonly dialect: Dialect;
}

function selectList(fields: Readonly<Record<string, FlatField>>, place: Place): string {
  return Object.entries(fields)
    .map(([name, field]) => `${fieldSql(field, place)} AS ${sqlName(name)}`)
    .join(', ');
}

function conditionsOf(relation: LakeRelation, wanted: ReadonlySet<number>, scope: RowScope): readonly string[] {
  const uids = relation.classUids.filter((uid) => wanted.has(uid));
  const has = new Set(relation.partitions);
  return [
    ...(has.has('eventDay') ? [`t."eventDay" BETWEEN ${scope.firstDay} AND ${scope.lastDay}`] : []),
    ...(scope.region !== undefined && has.has('region') ? [`t."region" = ${scope.region}`] : []),
    ...(scope.account !== undefined && has.has('accountId') ? [`t."accountId" = ${scope.account}`] : []),
    `t."time" >= ${scope.from} AND t."time" < ${scope.to}`,
    ...(uids.length < relation.classUids.length ? [`t."class_uid" IN (${uids.join(', ')})`] : []),
  ];
}

function fieldSql(field: FlatField, place: Place): string {
  if (typeof field === 'string') return firstOf([field], place);
  if ('firstOf' in field) return firstOf(field.firstOf, place);
  return specialSql(field, place) ?? nullOf(field, place.dialect);
}

/** SQL of a field that is more than a path, where the table has what it needs. */
function specialSql(
  field: Exclude<FlatField, string | { readonly firstOf: unknown }>,
  place: Place,
): string | undefined {
  const { columns, dialect } = place;
  // `time_dt` may have microseconds, which Trino rounds when it reads them; `time` is the same everywhere.
  if ('clock' in field) return given(valueSql('time', columns), dialect.timeOf);
  if ('partition' in field)
    return place.partitions.includes(field.partition) ? `t.${sqlName(field.partition)}` : undefined;
  if ('listOf' in field) return listSql(field.listOf, columns, dialect);
  if ('joined' in field) return given(listSql(field.joined, columns, dialect), dialect.joined);
  if ('map' in field) return given(valueSql(field.map, columns), (map) => dialect.valueAt(map, field.key));
  if ('json' in field) {
    const isThere = field.json.some((path) => valueSql(path, columns) !== undefined);
    return isThere ? dialect.jsonText(firstOf(field.json, place), field.at) : undefined;
  }
  const sortable = valueSql(field.addressOf === 'src_endpoint' ? '_src_ip' : '_dst_ip', columns);
  return sortable ?? given(valueSql(`${field.addressOf}.ip`, columns), dialect.addressKey);
}

function given(sql: string | undefined, made: (sql: string) => string): string | undefined {
  return sql === undefined ? undefined : made(sql);
}

function nullOf(field: Exclude<FlatField, string>, dialect: Dialect): string {
  const type = 'listOf' in field ? ({ list: 'string' } as const) : 'clock' in field ? 'timestamp' : 'string';
  return `CAST(NULL AS ${dialect.type(type)})`;
}

function firstOf(paths: readonly string[], { columns, full, dialect }: Place): string {
  const found = paths.flatMap((path) => valueSql(path, columns) ?? []);
  const [only] = found;
  if (only !== undefined) return found.length === 1 ? only : `COALESCE(${found.join(', ')})`;
  const type = typeAt((paths[0] ?? '').split('.'), full);
  if (type === undefined) throw new TypeError(`No class that is asked for has the field ${paths[0]}`);
  return `CAST(NULL AS ${dialect.type(type)})`;
}

function valueSql(path: string, columns: Fields): string | undefined {
  const names = path.split('.');
  return typeAt(names, columns) === undefined ? undefined : `t.${names.map(sqlName).join('.')}`;
}

function typeAt([name = '', ...rest]: readonly string[], columns: Fields): ColumnType | undefined {
  const type = columns[name];
  if (type === undefined || rest.length === 0) return type;
  return isStruct(type) ? typeAt(rest, type.struct) : undefined;
}

/** The texts at a path of which the first list on the way is gone through. */
function listSql(path: string, columns: Fields, dialect: Dialect): string | undefined {
  const names = path.split('.');
  for (let length = 1; length <= names.length; length += 1) {
    const type = typeAt(names.slice(0, length), columns);
    if (type === undefined || !isList(type)) continue;
    const list = `t.${names.slice(0, length).map(sqlName).join('.')}`;
    const rest = names.slice(length);
    if (rest.length === 0) return list;
    const isThere = isStruct(type.list) && typeAt(rest, type.list.struct) !== undefined;
    return isThere ? dialect.eachOf(list, (x) => [x, ...rest.map(sqlName)].join('.')) : undefined;
  }
  return undefined;
}
