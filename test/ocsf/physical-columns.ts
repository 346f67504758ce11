import type { Attribute, CompiledSchema, Item, OcsfSchema } from './schema.ts';
import { compiled, isBroughtBy, objectNamed } from './schema.ts';

/** The columns of a table by name: a scalar, a list, or a struct of further columns. */
export interface ColumnTree {
  readonly [name: string]: ColumnNode;
}
export type ColumnNode = 'scalar' | ColumnTree | { readonly list: ColumnTree | 'scalar' };

const lakeProfiles = [
  'cloud',
  'datetime',
  'security_control',
  'host',
  'load_balancer',
  'network_proxy',
  'container',
  'linux/linux_users',
];

/**
 * The paths of the columns that OCSF does not define for the class, whatever profiles its events name; a column of another
 * shape than its attribute (scalar, struct, list) is listed with the reason behind its path. Names starting with `_` are the
 * lake's own and may be anything.
 */
export function expectColumnsInSchema(schema: OcsfSchema, classUid: number, columnTree: ColumnTree): string[] {
  const tables = compiled(schema);
  const eventClass = tables.classes.get(classUid);
  if (eventClass === undefined) throw new Error(`OCSF ${tables.version} has no class ${classUid}`);
  return undefinedColumns(tables, eventClass, columnTree, '');
}

function undefinedColumns(schema: CompiledSchema, item: Item, tree: ColumnTree, prefix: string): string[] {
  return Object.entries(tree).flatMap(([name, node]) => {
    if (name.startsWith('_')) return [];
    const path = `${prefix}${name}`;
    const attribute = item.attributes.get(name);
    if (attribute === undefined || !isBroughtBy(attribute, lakeProfiles)) return [path];
    return undefinedInColumn(schema, attribute, node, path);
  });
}

function undefinedInColumn(schema: CompiledSchema, attribute: Attribute, node: ColumnNode, path: string): string[] {
  const element = listElement(node);
  if (!attribute.isArray) {
    if (element !== undefined && !holdsAnything(schema, attribute)) return [`${path} (a list, but OCSF has one value)`];
    return undefinedInValue(schema, attribute, node, path);
  }
  if (element === undefined) return [`${path} (no list, but OCSF has an array)`];
  return undefinedInValue(schema, attribute, element, path);
}

function undefinedInValue(schema: CompiledSchema, attribute: Attribute, node: ColumnNode, path: string): string[] {
  if (holdsAnything(schema, attribute)) return [];
  if (!('object' in attribute.type)) {
    return node === 'scalar' ? [] : [`${path} (a struct, but OCSF has a ${attribute.type.scalar.name})`];
  }
  if (node === 'scalar') return [`${path} (a scalar, but OCSF has the object ${attribute.type.object})`];
  // Only a list in a list is left here, which OCSF has nowhere.
  if (isList(node)) return [`${path} (a list of lists, which OCSF has nowhere)`];
  return undefinedColumns(schema, objectNamed(schema, attribute.type.object), node, `${path}.`);
}

/** True for JSON and for the generic object, which a table may keep as text, as a map or as a struct. */
function holdsAnything(schema: CompiledSchema, attribute: Attribute): boolean {
  if ('object' in attribute.type) return objectNamed(schema, attribute.type.object).isOpen;
  return attribute.type.scalar.base === 'json_t';
}

/** The elements of a list; no attribute of OCSF is called `list`, so a struct with that one field is always a list. */
function listElement(node: ColumnNode): ColumnTree | 'scalar' | undefined {
  return isList(node) ? node.list : undefined;
}

function isList(node: ColumnNode): node is { readonly list: ColumnTree | 'scalar' } {
  return node !== 'scalar' && 'list' in node && Object.keys(node).length === 1;
}
