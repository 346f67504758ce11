/** The physical type of a lake column: one description that writes Parquet, Glue, Trino and OpenSearch definitions. */
export type ColumnType = ScalarType | ListType | StructType;
export type ScalarType = 'string' | 'integer' | 'long' | 'double' | 'boolean' | 'timestamp' | 'stringMap';
export interface ListType {
  readonly list: ColumnType;
}
export interface StructType {
  readonly struct: Fields;
}
export type Fields = Readonly<Record<string, ColumnType>>;

/** A column of objects with these fields. */
export function struct(fields: Fields): StructType {
  return { struct: fields };
}

/** A column of lists. */
export function list(element: ColumnType): ListType {
  return { list: element };
}

/** Several text attributes at once, by their names. */
export function strings(...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, 'string' as const]));
}

export function isStruct(type: ColumnType): type is StructType {
  return typeof type === 'object' && 'struct' in type;
}

export function isList(type: ColumnType): type is ListType {
  return typeof type === 'object' && 'list' in type;
}

const duckDbScalars: Readonly<Record<ScalarType, string>> = {
  string: 'VARCHAR',
  integer: 'INTEGER',
  long: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  stringMap: 'MAP(VARCHAR, VARCHAR)',
};

/** The type as DuckDB spells it, e.g. `STRUCT("ip" VARCHAR, "port" INTEGER)`. */
export function duckDbType(type: ColumnType): string {
  if (isStruct(type)) {
    const fields = Object.entries(type.struct).map(([name, field]) => `"${name}" ${duckDbType(field)}`);
    return `STRUCT(${fields.join(', ')})`;
  }
  return isList(type) ? `${duckDbType(type.list)}[]` : duckDbScalars[type];
}

const hiveScalars: Readonly<Record<ScalarType, string>> = {
  string: 'string',
  integer: 'int',
  long: 'bigint',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
  stringMap: 'map<string,string>',
};

/** The type as Glue and Athena's DDL spell it, e.g. `struct<ip:string,port:int>`. */
export function hiveType(type: ColumnType): string {
  if (isStruct(type)) {
    const fields = Object.entries(type.struct).map(([name, field]) => `${name}:${hiveType(field)}`);
    return `struct<${fields.join(',')}>`;
  }
  return isList(type) ? `array<${hiveType(type.list)}>` : hiveScalars[type];
}

const trinoScalars: Readonly<Record<ScalarType, string>> = {
  string: 'varchar',
  integer: 'integer',
  long: 'bigint',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp(3)',
  stringMap: 'map(varchar, varchar)',
};

/** The type as Trino spells it, e.g. `row("ip" varchar, "port" integer)`. */
export function trinoType(type: ColumnType): string {
  if (isStruct(type)) {
    const fields = Object.entries(type.struct).map(([name, field]) => `"${name}" ${trinoType(field)}`);
    return `row(${fields.join(', ')})`;
  }
  return isList(type) ? `array(${trinoType(type.list)})` : trinoScalars[type];
}
