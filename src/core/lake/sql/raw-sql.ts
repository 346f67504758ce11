import { dotted, fieldPaths, jsonPath, type Path } from '#core/lake/source/field-path.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { planOfFields, type ShapePlan, unmappedNames } from '#core/lake/source/shape-plan.ts';
import { sqlName, sqlText } from '#core/lake/sql/literal.ts';

/** A nested structure as DuckDB's `from_json` takes it. */
interface Structure {
  [key: string]: Structure | 'VARCHAR';
}

const noRest = 'CAST(NULL AS MAP(VARCHAR, VARCHAR))';

/**
 * SELECT of the relation `raw` for JSON records: the source's fields as text columns, and `_raw`, a struct of the record's
 * number, its shape and what is to be kept in `unmapped`.
 * @param docs SQL of a relation with the columns `j` (JSON) and `n` (BIGINT, the record's number)
 */
export function rawFromJson(source: LogSource, plan: ShapePlan, docs: string): string {
  const fields = fieldPaths(source);
  const structure = structureOf([...fields.map((field) => field.path), ...plan.leaves]);
  const apartFrom = new PathLists();
  const columns = fields.map((field) => `${valueAt(structure, field.path, apartFrom)} AS ${sqlName(field.column)}`);
  const kept = fields.filter((field) => field.keep).map((field) => ({ name: dotted(field.path), path: field.path }));
  const odd = new Map(plan.odd.map((found) => [found.path.length === 0 ? 'record' : dotted(found.path), found]));
  const rest = [...kept, ...unmappedNames(plan)].map(({ name, path }) => {
    const oddly = odd.get(name);
    const sql = oddly === undefined ? valueAt(structure, path, apartFrom) : apartFrom.value(path, oddly.unlessObject);
    return { name, sql };
  });
  return [
    `SELECT ${[...columns, `${rawStruct('shape', restMap(rest))} AS _raw`].join(',\n  ')}`,
    `FROM (SELECT j, n, from_json(j, ${sqlText(JSON.stringify(structure))}) AS s, ${apartFrom.columns()}${shapeOf(plan)} AS shape FROM (${docs}))`,
  ].join('\n');
}

/** State: paths that are not read through the struct. One call for all of them parses the record once. */
class PathLists {
  readonly #values: string[] = [];
  readonly #types: string[] = [];

  /** SQL of the value at a path as text; of an object only where it is not read through its own keys. */
  value(path: Path, unlessObject = false): string {
    const at = sqlText(jsonPath(path));
    const value = `o[${indexIn(this.#values, at)}]`;
    return unlessObject
      ? `CASE WHEN t[${indexIn(this.#types, at)}] NOT IN ('OBJECT', 'NULL') THEN ${value} END`
      : value;
  }

  /** SQL of the columns that `value` reads, each followed by a comma. */
  columns(): string {
    const values = this.#values.length === 0 ? '' : `json_extract_string(j, [${this.#values.join(', ')}]) AS o, `;
    return this.#types.length === 0 ? values : `${values}json_type(j, [${this.#types.join(', ')}]) AS t, `;
  }
}

/** The place of a text in a list as SQL counts, from 1; it is added where it is missing. */
function indexIn(list: string[], text: string): number {
  const known = list.indexOf(text);
  return known < 0 ? list.push(text) : known + 1;
}

/** SQL of a record's shape: equal shapes have equal keys in all containers of the plan. */
export function shapeOf(plan: ShapePlan): string {
  return `hash(${keysOf(plan)})`;
}

/** SQL of the lists of keys that a shape stands for. */
export function keysOf(plan: ShapePlan): string {
  return `json_keys(j, [${plan.containers.map((path) => sqlText(jsonPath(path))).join(', ')}])`;
}

/**
 * SELECT of the relation `raw` for delimited text.
 * @param columns names of the file's columns, in their order
 * @param lines SQL of a relation with those columns (text) and `n`
 */
export function rawFromColumns(source: LogSource, columns: readonly string[], lines: string): string {
  const present = new Set(columns);
  const fields = fieldPaths(source);
  const used = new Set(fields.filter((field) => !field.keep).map((field) => dotted(field.path)));
  const selected = fields.map((field) => {
    const name = dotted(field.path);
    return `${present.has(name) ? sqlName(name) : 'CAST(NULL AS VARCHAR)'} AS ${sqlName(field.column)}`;
  });
  const rest = columns.filter((name) => !used.has(name)).map((name) => ({ name, sql: sqlName(name) }));
  return `SELECT ${[...selected, `${rawStruct('CAST(0 AS UBIGINT)', restMap(rest))} AS _raw`].join(',\n  ')}\nFROM (${lines})`;
}

/** SELECT of an empty `raw`, to ask which columns map.sql gives. */
export function emptyRaw(source: LogSource): string {
  const docs = "SELECT CAST('{}' AS JSON) AS j, CAST(0 AS BIGINT) AS n WHERE false";
  return rawFromJson(source, planOfFields(source), docs);
}

function rawStruct(shape: string, rest: string): string {
  return `{'n': n, 'shape': ${shape}, 'rest': ${rest}}`;
}

/** A merge patch drops the absent values; it is four times faster than building the map from lists. */
function restMap(rest: readonly { readonly name: string; readonly sql: string }[]): string {
  if (rest.length === 0) return noRest;
  const names = apart(rest.map(({ name }) => name));
  const entries = rest.map(({ sql }, index) => `${sqlText(names[index] ?? '')}: ${sql}`);
  return `CAST(json_merge_patch('{}', to_json({${entries.join(', ')}})) AS MAP(VARCHAR, VARCHAR))`;
}

/** Names of struct fields must differ in more than case; the second of a kind is numbered. */
function apart(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${name}#${number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

function structureOf(paths: readonly Path[]): Structure {
  const root: Structure = {};
  for (const path of paths) {
    let level = root;
    for (const [index, key] of path.entries()) {
      if (index === path.length - 1) level[key] ??= 'VARCHAR';
      else {
        const next = level[key];
        level = typeof next === 'object' ? next : newLevel(level, key);
      }
    }
  }
  return root;
}

function newLevel(parent: Structure, key: string): Structure {
  const level: Structure = {};
  parent[key] = level;
  return level;
}

/** A path whose value is also a container of other fields is read as text; the struct has its children. */
function valueAt(structure: Structure, path: Path, otherwise: PathLists): string {
  let level: Structure | 'VARCHAR' | undefined = structure;
  for (const key of path) level = typeof level === 'object' ? level[key] : undefined;
  if (level !== 'VARCHAR') return otherwise.value(path);
  return `s${path.map((key) => `.${sqlName(key)}`).join('')}`;
}
