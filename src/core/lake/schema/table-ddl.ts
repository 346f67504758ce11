import {
  type ColumnType,
  type Fields,
  hiveType,
  isList,
  isStruct,
  list,
  struct,
  trinoType,
} from '#core/lake/schema/column-type.ts';
import type { OcsfClass } from '#core/lake/schema/ocsf-classes.ts';
import { extTable, type LakeTable, nativeTable } from '#core/lake/schema/tables.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { sqlText } from '#core/lake/sql/literal.ts';
import { eventColumns, type MapColumn } from '#core/lake/sql/map-sql.ts';

/** A table for an engine that lists folders: Athena, Trino. */
export interface TableDefinition {
  /** Its name in Glue: lower case letters, digits and `_`. */
  readonly name: string;
  readonly title: string;
  /** Below the lake's root. */
  readonly folder: string;
  readonly classes: readonly OcsfClass[];
  /** What its files can have; nested fields are read by their names. */
  readonly columns: Fields;
}

/** Which partitions there are, so that an engine need not ask a catalogue for them. */
export interface Partitions {
  /** The Regions that have logs; absent: each query must name one. */
  readonly regions?: readonly string[];
  /** The accounts that have logs, `external` among them; absent: each query must name one. */
  readonly accounts?: readonly string[];
  /** The first day, YYYYMMDD. */
  readonly since: string;
}

/** The columns of the folders' names, as Glue spells them. */
const pathNames = ['region', 'accountid', 'eventday'] as const;
// biome-ignore lint/suspicious/noTemplateCurlyInString: Athena fills these in.
const pathTemplate = 'region=${region}/accountId=${accountid}/eventDay=${eventday}';

/** A source with the columns that its map.sql gives. */
export interface DescribedSource {
  readonly source: LogSource;
  readonly given: readonly MapColumn[];
}

/** The tables that these sources can write, with the columns that they fill. */
export function tableDefinitions(sources: readonly DescribedSource[]): readonly TableDefinition[] {
  const tables = new Map<string, { table: LakeTable; columns: Fields; titles: string[] }>();
  for (const { source, given } of sources) {
    const columns = eventColumns(source, given);
    for (const table of tablesOf(source, given)) {
      const found = tables.get(table.name) ?? { table, columns: {}, titles: [] };
      const filled = pick(columns, table.columns);
      tables.set(table.name, {
        table,
        columns: merged(found.columns, filled, table.columns),
        titles: [...found.titles, source.title],
      });
    }
  }
  return [...tables.values()]
    .map(({ table, columns, titles }) => ({
      name: tableIdentifier(table.name),
      title: titles.join(', '),
      folder: table.folder,
      classes: table.classes,
      columns,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name of a table in Glue: `CLOUD_TRAIL_MGMT` is `cloud_trail_mgmt`, `linux-auth-authentication` has `_` for `-`. */
export function tableIdentifier(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_');
}

function tablesOf(source: LogSource, given: readonly MapColumn[]): readonly LakeTable[] {
  const isNative = given.some((column) => column.name === '_native');
  const native = isNative ? (source.native ?? []).map(nativeTable) : [];
  // A row without a native table goes below ext/; whether a source has such rows only its logs tell.
  return [...native, ...source.classes.map((name) => extTable(source.id, name))];
}

function pick(columns: Fields, allowed: Fields): Fields {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => name in allowed));
}

/** Both column lists as one, each field in the order and with the type of the whole. */
function merged(a: Fields, b: Fields, whole: Fields): Fields {
  const names = Object.keys(whole).filter((name) => name in a || name in b);
  return Object.fromEntries(names.map((name) => [name, mergedType(a[name], b[name], whole[name] ?? 'string')]));
}

function mergedType(a: ColumnType | undefined, b: ColumnType | undefined, whole: ColumnType): ColumnType {
  if (a === undefined || b === undefined) return a ?? b ?? whole;
  if (isStruct(a) && isStruct(b) && isStruct(whole)) return struct(merged(a.struct, b.struct, whole.struct));
  return isList(a) && isList(b) && isList(whole) ? list(mergedType(a.list, b.list, whole.list)) : whole;
}

/** The table as `CreateTable` of Glue takes it (`TableInput`). `root` is the lake's place, e.g. `s3://bucket/lake`. */
export function glueTableInput(
  definition: TableDefinition,
  root: string,
  partitions: Partitions,
): Readonly<Record<string, unknown>> {
  const location = `${root.replace(/\/$/, '')}/${definition.folder}`;
  return {
    Name: definition.name,
    Description: definition.title.slice(0, 2048),
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      'parquet.compression': 'ZSTD',
      ...projection(location, partitions),
    },
    PartitionKeys: pathNames.map((name) => ({ Name: name, Type: 'string' })),
    StorageDescriptor: {
      Location: `${location}/`,
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        Parameters: { 'serialization.format': '1' },
      },
      Columns: Object.entries(definition.columns).map(([name, type]) => ({ Name: name, Type: hiveType(type) })),
    },
  };
}

function projection(location: string, { regions, accounts, since }: Partitions): Readonly<Record<string, string>> {
  const listed = (name: string, values: readonly string[] | undefined): Readonly<Record<string, string>> =>
    values === undefined || values.length === 0
      ? { [`projection.${name}.type`]: 'injected' }
      : { [`projection.${name}.type`]: 'enum', [`projection.${name}.values`]: values.join(',') };
  return {
    'projection.enabled': 'true',
    ...listed('region', regions),
    ...listed('accountid', accounts),
    'projection.eventday.type': 'date',
    'projection.eventday.format': 'yyyyMMdd',
    'projection.eventday.range': `${since},NOW+1DAYS`,
    'projection.eventday.interval': '1',
    'projection.eventday.interval.unit': 'DAYS',
    'storage.location.template': `${location}/${pathTemplate}`,
  };
}

/** The table as a statement of Athena. */
export function athenaCreateTable(
  definition: TableDefinition,
  database: string,
  root: string,
  partitions: Partitions,
): string {
  const location = `${root.replace(/\/$/, '')}/${definition.folder}`;
  const columns = Object.entries(definition.columns).map(([name, type]) => `  ${tick(name)} ${tickedType(type)}`);
  const properties = Object.entries({
    classification: 'parquet',
    'parquet.compression': 'ZSTD',
    ...projection(location, partitions),
  }).map(([name, value]) => `  ${sqlText(name)} = ${sqlText(value)}`);
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${tick(database)}.${tick(definition.name)} (`,
    columns.join(',\n'),
    `)\nPARTITIONED BY (${pathNames.map((name) => `${tick(name)} string`).join(', ')})`,
    'STORED AS PARQUET',
    `LOCATION ${sqlText(`${location}/`)}`,
    `TBLPROPERTIES (\n${properties.join(',\n')}\n)`,
  ].join('\n');
}

function tick(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Field names may be words of Hive, such as `user` and `group`. */
function tickedType(type: ColumnType): string {
  if (isStruct(type)) {
    const fields = Object.entries(type.struct).map(([name, field]) => `${tick(name)}:${tickedType(field)}`);
    return `struct<${fields.join(',')}>`;
  }
  return isList(type) ? `array<${tickedType(type.list)}>` : hiveType(type);
}

/**
 * The table as a statement of Trino's Hive connector. With `partitions` the engine works them out itself; without, they
 * have to be registered (`system.sync_partition_metadata`).
 */
export function trinoCreateTable(
  definition: TableDefinition,
  schema: string,
  root: string,
  partitions?: Partitions,
): string {
  const location = `${root.replace(/\/$/, '')}/${definition.folder}`;
  const columns = Object.entries(definition.columns).map(([name, type]) => `"${name}" ${trinoType(type)}`);
  const path = pathNames.map(
    (name) => `"${name}" varchar${partitions === undefined ? '' : ` WITH (${trinoProjection(name, partitions)})`}`,
  );
  const projected =
    partitions === undefined
      ? []
      : [
          'partition_projection_enabled = true',
          `partition_projection_location_template = ${sqlText(`${location}/${pathTemplate}`)}`,
        ];
  const properties = [
    `external_location = ${sqlText(location)}`,
    "format = 'PARQUET'",
    `partitioned_by = ARRAY[${pathNames.map(sqlText).join(', ')}]`,
    ...projected,
  ];
  return `CREATE TABLE IF NOT EXISTS ${schema}."${definition.name}" (\n  ${[...columns, ...path].join(',\n  ')}\n) WITH (\n  ${properties.join(',\n  ')}\n)`;
}

function trinoProjection(name: (typeof pathNames)[number], { regions, accounts, since }: Partitions): string {
  if (name === 'eventday')
    return `partition_projection_type = 'date', partition_projection_format = 'yyyyMMdd', partition_projection_range = ARRAY[${sqlText(since)}, 'NOW+1DAYS'], partition_projection_interval = 1, partition_projection_interval_unit = 'DAYS'`;
  const values = name === 'region' ? regions : accounts;
  return values === undefined || values.length === 0
    ? "partition_projection_type = 'injected'"
    : `partition_projection_type = 'enum', partition_projection_values = ARRAY[${values.map(sqlText).join(', ')}]`;
}
