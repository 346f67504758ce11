import { type ColumnType, duckDbType, trinoType } from '#core/lake/schema/column-type.ts';
import { sqlText } from '#core/lake/sql/literal.ts';

/** How an engine spells what the texts of the built-in queries need; everything else in them is common to all engines. */
export interface Dialect {
  readonly name: DialectName;
  /** A column type, for CAST. */
  readonly type: (type: ColumnType) => string;
  /** A list with each element `x` replaced; NULL stays NULL. */
  readonly eachOf: (list: string, replaced: (x: string) => string) => string;
  /** True where an element `x` meets the condition. */
  readonly anyOf: (list: string, condition: (x: string) => string) => string;
  /** The elements of a list of texts as one text; NULL where there is none. */
  readonly joined: (list: string) => string;
  /** The value of a map at a key, NULL where it has none. */
  readonly valueAt: (map: string, key: string) => string;
  /** The text at a path (`$.a.b`) in JSON text; NULL where the text is no JSON or has nothing there. */
  readonly jsonText: (json: string, path: string) => string;
  /** The UTC timestamp of milliseconds since 1970. */
  readonly timeOf: (ms: string) => string;
  /** The address as 32 hexadecimal digits that sort as addresses do: what `_src_ip` and `_dst_ip` hold, computed. */
  readonly addressKey: (address: string) => string;
}

/** Athena's engine version 3 is a Trino. */
export type DialectName = 'duckdb' | 'trino';

/** DuckDB with the macros of the lake's sessions. */
export const duckDbDialect: Dialect = {
  name: 'duckdb',
  type: duckDbType,
  eachOf: (list, replaced) => `list_transform(${list}, lambda x: ${replaced('x')})`,
  anyOf: (list, condition) => `COALESCE(len(list_filter(${list}, lambda x: ${condition('x')})) > 0, false)`,
  joined: (list) => `NULLIF(array_to_string(${list}, ', '), '')`,
  valueAt: (map, key) => `${map}[${sqlText(key)}]`,
  jsonText: (json, path) => `json_text(${json}, ${sqlText(path)})`,
  timeOf: (ms) => `make_timestamp_ms(${ms})`,
  addressKey: (address) => `ip_key(${address})`,
};

/** Trino and Athena. */
export const trinoDialect: Dialect = {
  name: 'trino',
  type: trinoType,
  eachOf: (list, replaced) => `transform(${list}, x -> ${replaced('x')})`,
  anyOf: (list, condition) => `COALESCE(any_match(${list}, x -> ${condition('x')}), false)`,
  joined: (list) => `NULLIF(array_join(${list}, ', '), '')`,
  valueAt: (map, key) => `element_at(${map}, ${sqlText(key)})`,
  jsonText: (json, path) => `json_extract_scalar(${json}, ${sqlText(path)})`,
  timeOf: (ms) => `CAST(from_unixtime(${ms} / 1000e0, 'UTC') AS timestamp(3))`,
  // A zone is no part of the address, and a text that is no address has no key.
  addressKey: (address) => `lower(to_hex(CAST(TRY_CAST(split_part(${address}, '%', 1) AS ipaddress) AS varbinary)))`,
};
