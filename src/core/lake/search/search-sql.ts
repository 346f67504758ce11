import { type ColumnType, type Fields, isList, isStruct } from '#core/lake/schema/column-type.ts';
import { ipRange } from '#core/lake/search/ip-range.ts';
import type { FieldTest, SearchNode } from '#core/lake/search/search-query.ts';
import { sqlName, sqlText } from '#core/lake/sql/literal.ts';

/** Short names for what is asked for most: each stands for any of its fields. */
export const fieldAliases: Readonly<Record<string, readonly string[]>> = {
  account: ['cloud.account.uid'],
  class: ['class_name'],
  ip: [
    'src_endpoint.ip',
    'dst_endpoint.ip',
    'src_endpoint.intermediate_ips',
    'dst_endpoint.intermediate_ips',
    'device.ip',
  ],
  key: ['actor.user.credential_uid', 'actor.session.credential_uid', 'user.credential_uid'],
  operation: ['api.operation'],
  principal: ['actor.user.uid', 'actor.user.name', 'actor.session.issuer', 'user.uid', 'user.name'],
  region: ['cloud.region'],
  resource: [
    'resources.uid',
    'resource.uid',
    'entity.uid',
    'dst_endpoint.instance_uid',
    'src_endpoint.instance_uid',
    'dst_endpoint.interface_uid',
    'src_endpoint.interface_uid',
  ],
  user: ['actor.user.name', 'user.name', 'actor.user.uid', 'user.uid'],
};

/** Fields of a search that no class has: most likely a slip of the pen. */
export function unknownFields(node: SearchNode, columns: readonly Fields[]): readonly string[] {
  const all = fieldsOf(node).flatMap((field) => (fieldAliases[field] === undefined ? [field] : []));
  return all.filter((field) => !columns.some((known) => placeOf(field.split('.'), known) !== undefined));
}

function fieldsOf(node: SearchNode): readonly string[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.of.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(node.of);
    case 'text':
      return [];
    case 'field':
      return [node.field];
  }
}

/**
 * A search as SQL over a table with these columns, called `e`. A field that the table lacks has no value: nothing equals it.
 * The condition is never NULL, so that NOT means the rest.
 */
export function searchCondition(node: SearchNode, columns: Fields): string {
  switch (node.kind) {
    case 'all':
      return node.of.length === 0 ? 'true' : `(${node.of.map((part) => searchCondition(part, columns)).join(' AND ')})`;
    case 'any':
      return `(${node.of.map((part) => searchCondition(part, columns)).join(' OR ')})`;
    case 'not':
      return `NOT ${searchCondition(node.of, columns)}`;
    case 'text':
      return `contains(lower(CAST(to_json(e) AS VARCHAR)), ${sqlText(jsonText(node.text.toLowerCase()))})`;
    case 'field': {
      const fields = fieldAliases[node.field] ?? [node.field];
      const conditions = fields.flatMap((field) => fieldCondition(field, node.test, columns) ?? []);
      return conditions.length === 0 ? 'false' : `COALESCE(${conditions.join(' OR ')}, false)`;
    }
  }
}

/** Text as it stands inside JSON. */
function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

interface Place {
  /** SQL of the value, or of the value in an element `x` of the list. */
  readonly value: string;
  readonly type: ColumnType;
  /** SQL of the list that the value is in elements of. */
  readonly list?: string;
}

function fieldCondition(field: string, test: FieldTest, columns: Fields): string | undefined {
  const place = placeOf(field.split('.'), columns);
  if (place === undefined) return undefined;
  const sortable = { 'src_endpoint.ip': '_src_ip', 'dst_endpoint.ip': '_dst_ip' }[field];
  const key = sortable !== undefined && sortable in columns ? `e.${sortable}` : `ip_key(${place.value})`;
  const condition = conditionOn(place, test, key);
  if (condition === undefined || place.list === undefined) return condition;
  return `len(list_filter(${place.list}, lambda x: ${condition})) > 0`;
}

function placeOf(path: readonly string[], columns: Fields, parent = 'e'): Place | undefined {
  const [name = '', ...rest] = path;
  const type = columns[name];
  if (type === undefined) return undefined;
  const value = `${parent}.${sqlName(name)}`;
  if (type === 'stringMap')
    return rest.length === 0 ? undefined : { value: `${value}[${sqlText(rest.join('.'))}]`, type: 'string' };
  if (isStruct(type)) return rest.length === 0 ? undefined : placeOf(rest, type.struct, value);
  if (!isList(type)) return rest.length === 0 ? { value, type } : undefined;
  if (rest.length === 0)
    return isStruct(type.list) || isList(type.list) ? undefined : { value: 'x', type: type.list, list: value };
  const inside = isStruct(type.list) ? placeOf(rest, type.list.struct, 'x') : undefined;
  // Lists in lists are not searched by field.
  return inside === undefined || inside.list !== undefined ? undefined : { ...inside, list: value };
}

function conditionOn({ value, type }: Place, test: FieldTest, ipKey: string): string | undefined {
  const text = `CAST(${value} AS VARCHAR)`;
  switch (test.is) {
    case 'exists':
      return `${value} IS NOT NULL`;
    case 'equal':
      return type === 'string'
        ? `lower(${value}) = ${sqlText(test.value.toLowerCase())}`
        : `${text} = ${sqlText(test.value.toLowerCase())}`;
    case 'like':
      return `lower(${text}) LIKE ${sqlText(likePattern(test.pattern))} ESCAPE '\\'`;
    case 'within': {
      const range = ipRange(test.cidr);
      return range === undefined ? undefined : `${ipKey} BETWEEN ${sqlText(range.first)} AND ${sqlText(range.last)}`;
    }
    case 'compare':
      return comparison(value, type, test);
  }
}

function comparison(value: string, type: ColumnType, test: Extract<FieldTest, { is: 'compare' }>): string {
  if (type === 'string' || type === 'boolean')
    return `CAST(${value} AS VARCHAR) ${test.operator} ${sqlText(test.value)}`;
  const target =
    type === 'timestamp'
      ? `try_cast(${sqlText(test.value)} AS TIMESTAMP)`
      : `try_cast(${sqlText(test.value)} AS DOUBLE)`;
  return `${value} ${test.operator} ${target}`;
}

function likePattern(pattern: string): string {
  return pattern
    .toLowerCase()
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%');
}
