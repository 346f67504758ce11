import type { MappedValue, Mapping } from '#core/lake/generic/mapping-schema.ts';
import { type ColumnType, type Fields, isList, isStruct } from '#core/lake/schema/column-type.ts';
import { ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { columnsOf } from '#core/lake/schema/tables.ts';
import { sqlName, sqlText } from '#core/lake/sql/literal.ts';

/** The raw fields that a mapping uses, each under a column of its own. */
export function usedFields(mapping: Mapping): readonly string[] {
  const values = [...Object.values(mapping.map), mapping.account ?? '', mapping.region ?? ''];
  const named = values.flatMap((value) => (typeof value === 'object' ? [value.from] : (fieldOf(value) ?? [])));
  return [...new Set([...named, mapping.time.field, ...mapping.exclude.map((rule) => rule.field)])];
}

/** Fields whose value is in the event as it is, or whose record is quarantined: the others stay in `unmapped` as well. */
export function wholeFields(mapping: Mapping): ReadonlySet<string> {
  const mapped = Object.entries(mapping.map).flatMap(([path, value]) =>
    ipNames.test(path) ? [] : (fieldOf(value) ?? []),
  );
  return new Set([...mapped, mapping.time.field]);
}

/** `$name` means the raw field, `$$` a dollar sign. */
function fieldOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$') ? value.slice(1) : undefined;
}

interface Tree {
  [key: string]: Tree | string;
}

/** Attribute paths that the mapping's class does not have. */
export function pathProblems(mapping: Mapping): readonly string[] {
  const columns = columnsOf([ocsfClasses[mapping.class]]);
  return Object.keys(mapping.map).flatMap((path) => {
    if (derived.has(path)) return [`map.${path}: follows from other attributes by itself`];
    return typeAt(path.split('.'), columns) === undefined
      ? [`map.${path}: ${mapping.class} of OCSF 1.1.0 has no attribute ${path} that the lake keeps`]
      : [];
  });
}

const derived = new Set([
  'time',
  'time_dt',
  'class_uid',
  'class_name',
  'category_uid',
  'category_name',
  'type_uid',
  'type_name',
  'unmapped',
]);

function typeAt(path: readonly string[], columns: Fields): ColumnType | undefined {
  const [name = '', ...rest] = path;
  const type = columns[name];
  if (type === undefined || rest.length === 0)
    return type !== undefined && (isStruct(type) || (isList(type) && isStruct(type.list))) ? undefined : type;
  return isStruct(type) ? typeAt(rest, type.struct) : undefined;
}

/** The map.sql that a mapping file stands for. */
export function mappingSql(mapping: Mapping): string {
  const columns = columnsOf([ocsfClasses[mapping.class]]);
  const errors: string[] = [];
  const tree: Tree = {};
  for (const [path, value] of Object.entries(mapping.map)) {
    const type = typeAt(path.split('.'), columns) ?? 'string';
    plant(tree, path.split('.'), valueSql(path, value, type, errors));
  }
  tree['metadata'] = {
    ...(typeof tree['metadata'] === 'object' ? tree['metadata'] : {}),
    product: productOf(mapping, tree),
  };
  tree['activity_id'] ??= '0';
  const time = timeSql(mapping);
  errors.push(
    `WHEN ${fieldSql(mapping.time.field)} IS NOT NULL AND ${time} IS NULL THEN 'time.invalid: ' || ${fieldSql(mapping.time.field)}`,
  );
  const selected = Object.entries(tree).map(([name, value]) => `${treeSql(value)} AS ${sqlName(name)}`);
  return `${[
    'SELECT _raw',
    `${ocsfClasses[mapping.class].uid} AS class_uid`,
    `${time} AS time_dt`,
    ...selected,
    ...partitionOf('_account', mapping.account),
    ...partitionOf('_region', mapping.region),
    ...excludedOf(mapping),
    `CASE ${errors.join(' ')} END AS _error`,
  ].join(',\n  ')}\nFROM raw`;
}

function productOf(mapping: Mapping, tree: Tree): Tree {
  const metadata = tree['metadata'];
  const given = typeof metadata === 'object' && typeof metadata['product'] === 'object' ? metadata['product'] : {};
  return { name: sqlText(mapping.product ?? mapping.title), vendor_name: sqlText(mapping.vendor), ...given };
}

function partitionOf(column: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const field = fieldOf(text);
  return [`${field === undefined ? sqlText(text) : fieldSql(field)} AS ${column}`];
}

function excludedOf(mapping: Mapping): readonly string[] {
  if (mapping.exclude.length === 0) return [];
  const cases = mapping.exclude.map(
    (rule) => `WHEN ${fieldSql(rule.field)} = ${sqlText(rule.equals)} THEN ${sqlText(rule.rule)}`,
  );
  return [`CASE ${cases.join(' ')} END AS _excluded`];
}

function fieldSql(field: string): string {
  return `nullif(${sqlName(columnOf(field))}, '')`;
}

/** The column of `raw` for a field. */
export function columnOf(field: string): string {
  return `f_${field}`;
}

function plant(tree: Tree, path: readonly string[], sql: string): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    tree[name] = sql;
    return;
  }
  const inner = tree[name];
  const level = typeof inner === 'object' ? inner : {};
  tree[name] = level;
  plant(level, rest, sql);
}

/** An object is there where any of its values is. */
function treeSql(tree: Tree | string): string {
  if (typeof tree === 'string') return tree;
  const leaves = leavesOf(tree);
  const fields = Object.entries(tree).map(([name, value]) => `${sqlText(name)}: ${treeSql(value)}`);
  return `CASE WHEN COALESCE(${leaves.map((leaf) => `CAST(${leaf} AS VARCHAR)`).join(', ')}, NULL) IS NOT NULL THEN {${fields.join(', ')}} END`;
}

function leavesOf(tree: Tree): readonly string[] {
  return Object.values(tree).flatMap((value) => (typeof value === 'string' ? [value] : leavesOf(value)));
}

const ipNames = /(?:^|\.)(?:ip|intermediate_ips|x_forwarded_for)$/;

function valueSql(path: string, value: MappedValue, type: ColumnType, errors: string[]): string {
  if (typeof value === 'object') return tableSql(value);
  const field = fieldOf(value);
  if (field === undefined) return literal(typeof value === 'string' && value.startsWith('$$') ? value.slice(1) : value);
  const text = fieldSql(field);
  if (ipNames.test(path)) return listed(type, `CASE WHEN is_ip(${text}) THEN ${text} END`);
  const cast = castOf(type);
  if (cast === undefined) return listed(type, text);
  const converted = type === 'timestamp' ? `utc_time(${text})` : `try_cast(${text} AS ${cast})`;
  errors.push(`WHEN ${text} IS NOT NULL AND ${converted} IS NULL THEN ${sqlText(`${path}.invalid: `)} || ${text}`);
  return converted;
}

function listed(type: ColumnType, sql: string): string {
  return isList(type) ? `CASE WHEN ${sql} IS NOT NULL THEN [${sql}] END` : sql;
}

function castOf(type: ColumnType): string | undefined {
  const casts: Readonly<Record<string, string>> = {
    integer: 'INTEGER',
    long: 'BIGINT',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP',
  };
  return typeof type === 'string' ? casts[type] : undefined;
}

function tableSql(value: Extract<MappedValue, object>): string {
  const cases = Object.entries(value.values).map(([text, result]) => `WHEN ${sqlText(text)} THEN ${literal(result)}`);
  return `CASE ${fieldSql(value.from)} ${cases.join(' ')} ELSE ${value.default === undefined ? 'NULL' : literal(value.default)} END`;
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? sqlText(value) : String(value);
}

function timeSql({ time }: Mapping): string {
  const text = fieldSql(time.field);
  const number = `try_cast(${text} AS DOUBLE)`;
  const inZone = (local: string): string =>
    time.zone === undefined ? local : `timezone('UTC', timezone(${sqlText(time.zone)}, ${local}))`;
  switch (time.format) {
    case 'iso':
      return time.zone === undefined
        ? `utc_time(${text})`
        : `CASE WHEN regexp_matches(${text}, '(Z|[+-][0-9]{2}:?[0-9]{2})$') THEN utc_time(${text}) ELSE ${inZone(`try_cast(${text} AS TIMESTAMP)`)} END`;
    case 'epoch-s':
      return `make_timestamp_ms(CAST(${number} * 1000 AS BIGINT))`;
    case 'epoch-ms':
    case 'syslog':
      return `make_timestamp_ms(CAST(${number} AS BIGINT))`;
    case 'epoch-us':
      return `make_timestamp_ms(CAST(${number} / 1000 AS BIGINT))`;
    case 'epoch-ns':
      return `make_timestamp_ms(CAST(${number} / 1000000 AS BIGINT))`;
    default:
      return time.format.includes('%z') || time.format.includes('%Z')
        ? `CAST(timezone('UTC', try_strptime(${text}, ${sqlText(time.format)})) AS TIMESTAMP)`
        : inZone(`try_strptime(${text}, ${sqlText(time.format)})`);
  }
}
