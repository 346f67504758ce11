import { type ColumnType, type Fields, isList, isStruct } from '#core/lake/schema/column-type.ts';

/** A type as DuckDB describes it, as far as nesting goes: fields of a struct, the element of a list, or nothing below. */
export type DescribedType =
  | { readonly kind: 'scalar' }
  | { readonly kind: 'list'; readonly element: DescribedType }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, DescribedType> };

const scalar: DescribedType = { kind: 'scalar' };

/** Reads a type such as `STRUCT(ip VARCHAR, "ports" INTEGER[])[]`. */
export function parseDescribedType(text: string): DescribedType {
  const trimmed = text.trim();
  if (trimmed.endsWith('[]')) return { kind: 'list', element: parseDescribedType(trimmed.slice(0, -2)) };
  if (!trimmed.startsWith('STRUCT(')) return scalar;
  const fields = splitAtCommas(trimmed.slice('STRUCT('.length, -1)).map(parseField);
  return { kind: 'struct', fields: new Map(fields) };
}

function parseField(text: string): readonly [string, DescribedType] {
  const quoted = /^"((?:[^"]|"")+)" (.+)$/s.exec(text);
  if (quoted !== null) return [(quoted[1] ?? '').replaceAll('""', '"'), parseDescribedType(quoted[2] ?? '')];
  const space = text.indexOf(' ');
  return [text.slice(0, space), parseDescribedType(text.slice(space + 1))];
}

/** Splits at the commas that are in no bracket and in no quotes. */
function splitAtCommas(text: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === '(') depth += 1;
    else if (!quoted && letter === ')') depth -= 1;
    else if (!quoted && letter === ',' && depth === 0) {
      pieces.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...pieces, text.slice(start).trim()].filter((piece) => piece !== '');
}

/** The part of a physical type that a described type fills; the lake writes no column that a source never has. */
export function narrowed(type: ColumnType, described: DescribedType): ColumnType {
  if (isList(type)) return described.kind === 'list' ? { list: narrowed(type.list, described.element) } : type;
  if (!isStruct(type) || described.kind !== 'struct') return type;
  const fields = Object.entries(type.struct).flatMap(([name, field]) => {
    const given = described.fields.get(name);
    return given === undefined ? [] : [[name, narrowed(field, given)] as const];
  });
  return { struct: Object.fromEntries(fields) as Fields };
}

/** Paths of described struct fields that the physical type lacks: a cast would drop them without a word. */
export function fieldsWithoutColumn(name: string, type: ColumnType, described: DescribedType): readonly string[] {
  if (isList(type))
    return described.kind === 'list' ? fieldsWithoutColumn(`${name}[]`, type.list, described.element) : [];
  if (!isStruct(type) || described.kind !== 'struct') return [];
  return [...described.fields].flatMap(([field, below]) => {
    const physical = type.struct[field];
    return physical === undefined ? [`${name}.${field}`] : fieldsWithoutColumn(`${name}.${field}`, physical, below);
  });
}
