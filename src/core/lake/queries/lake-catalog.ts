import type { Fields } from '#core/lake/schema/column-type.ts';
import { ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import type { TableDefinition } from '#core/lake/schema/table-ddl.ts';
import { columnsOf } from '#core/lake/schema/tables.ts';
import { type Dialect, duckDbDialect, trinoDialect } from '#core/lake/sql/dialect.ts';
import { sqlName } from '#core/lake/sql/literal.ts';

export type PartitionColumn = 'region' | 'accountId' | 'eventDay';

/** All columns that come from a file's path. */
export const partitionColumns: readonly PartitionColumn[] = ['region', 'accountId', 'eventDay'];

/** A table or view that holds events of these classes. */
export interface LakeRelation {
  /** As it stands after FROM. */
  readonly sql: string;
  readonly classUids: readonly number[];
  readonly columns: Fields;
  /** Those that it has: Security Lake's Iceberg tables have no `eventDay`. */
  readonly partitions: readonly PartitionColumn[];
}

/** What an engine can be asked about, and in which dialect. */
export interface LakeCatalog {
  readonly dialect: Dialect;
  readonly relations: readonly LakeRelation[];
}

/** The views by class of a lake that DuckDB reads. */
export const viewCatalog: LakeCatalog = {
  dialect: duckDbDialect,
  relations: Object.values(ocsfClasses).map((found) => ({
    sql: sqlName(found.name),
    classUids: [found.uid],
    columns: columnsOf([found]),
    partitions: partitionColumns,
  })),
};

/** The lake's tables in a database of Glue, or a schema of Trino (`catalog.schema`). */
export function tableCatalog(definitions: readonly TableDefinition[], database: string): LakeCatalog {
  return {
    dialect: trinoDialect,
    relations: definitions.map((definition) => ({
      sql: [...database.split('.'), definition.name].map(sqlName).join('.'),
      classUids: definition.classes.map((found) => found.uid),
      columns: definition.columns,
      partitions: partitionColumns,
    })),
  };
}
