import { type ColumnType, type Fields, isList, isStruct } from '#core/lake/schema/column-type.ts';

/** An event of OCSF as JSON: no null, no empty object, times of `*_dt` in RFC 3339. */
export type OcsfEvent = Readonly<Record<string, unknown>>;

/** The event of a row that DuckDB gave as JSON; columns of our own (`_…`) are left out. */
export function eventFromRow(columns: Fields, row: Readonly<Record<string, unknown>>): OcsfEvent {
  const event: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(columns)) {
    const value = name.startsWith('_') ? undefined : present(type, row[name]);
    if (value !== undefined) event[name] = value;
  }
  return event;
}

function present(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (isStruct(type)) return presentFields(type.struct, value);
  if (isList(type)) return presentItems(type.list, value);
  if (type === 'timestamp') return rfc3339(String(value));
  return type === 'stringMap' ? presentMap(value) : value;
}

function presentFields(fields: Fields, value: unknown): unknown {
  const found: Record<string, unknown> = {};
  const given = value as Readonly<Record<string, unknown>>; // DuckDB gives an object for a struct
  for (const [name, type] of Object.entries(fields)) {
    const inner = present(type, given[name]);
    if (inner !== undefined) found[name] = inner;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function presentItems(type: ColumnType, value: unknown): unknown {
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: unknown) => present(type, item)).filter((item) => item !== undefined);
  return items.length === 0 ? undefined : items;
}

function presentMap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).filter(([, text]) => text !== null);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** DuckDB writes `2026-11-24 01:02:03.5`. */
function rfc3339(text: string): string {
  return `${text.replace(' ', 'T').replace(/(\.\d{3})\d+$/, '$1')}Z`;
}
