/** The parts of a compiled OCSF schema that decide whether an event is valid. */
export interface OcsfSchema {
  readonly version: string;
  readonly classes: Readonly<Record<string, SchemaItem>>;
  readonly objects: Readonly<Record<string, SchemaItem>>;
  readonly profiles: Readonly<Record<string, unknown>>;
  readonly dictionary: { readonly types: { readonly attributes: Readonly<Record<string, SchemaType>> } };
}

interface SchemaItem {
  readonly name: string;
  readonly uid?: number;
  readonly constraints?: Readonly<Record<string, readonly string[]>>;
  readonly attributes: Readonly<Record<string, SchemaAttribute>>;
}

interface SchemaAttribute {
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement?: string;
  readonly enum?: Readonly<Record<string, { readonly caption: string }>>;
  readonly sibling?: string;
  readonly profiles?: readonly string[] | null;
}

interface SchemaType {
  readonly type?: string;
  readonly regex?: string;
  readonly range?: readonly [number, number];
  readonly max_len?: number;
}

/** A scalar type with what it inherits from its super type: `port_t` is an `integer_t` with a range. */
export interface ScalarType {
  readonly name: string;
  readonly base: string;
  readonly pattern: RegExp | undefined;
  readonly range: readonly [number, number] | undefined;
  readonly maxLength: number | undefined;
}

export interface Attribute {
  readonly name: string;
  readonly isArray: boolean;
  readonly isRequired: boolean;
  /** The profiles that bring the attribute; undefined when it needs none. */
  readonly profiles: readonly string[] | undefined;
  /** Captions by value. */
  readonly enumeration: ReadonlyMap<string, string> | undefined;
  readonly sibling: string | undefined;
  /** The name of the object type, or the scalar type. */
  readonly type: { readonly object: string } | { readonly scalar: ScalarType };
}

export interface Constraint {
  readonly kind: string;
  /** Attribute names; a name with dots reaches into objects. */
  readonly paths: readonly { readonly name: string; readonly steps: readonly string[] }[];
}

/** A class or an object, ready for look-ups. */
export interface Item {
  /** For messages: `class api_activity`, `object user`. */
  readonly label: string;
  /** True for the generic object, which may hold anything. */
  readonly isOpen: boolean;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly required: readonly Attribute[];
  /** Pairs of `<name>` and `<name>_dt`, which tell the same instant. */
  readonly instants: readonly { readonly timestamp: string; readonly datetime: string }[];
  readonly constraints: readonly Constraint[];
}

export interface EventClass extends Item {
  readonly uid: number;
  /** The attributes that a dotted path passes, or undefined where the path leads nowhere; filled on use. */
  readonly resolvedPaths: Map<string, readonly Attribute[] | undefined>;
}

export interface CompiledSchema {
  readonly version: string;
  readonly profiles: ReadonlySet<string>;
  readonly classes: ReadonlyMap<number, EventClass>;
  readonly objects: ReadonlyMap<string, Item>;
}

const compiledSchemas = new WeakMap<OcsfSchema, CompiledSchema>();

/** The schema as look-up tables, built once per schema. */
export function compiled(schema: OcsfSchema): CompiledSchema {
  const known = compiledSchemas.get(schema);
  if (known !== undefined) return known;
  const fresh = compile(schema);
  compiledSchemas.set(schema, fresh);
  return fresh;
}

function compile(schema: OcsfSchema): CompiledSchema {
  const scalars = compileScalars(schema);
  const classes = Object.values(schema.classes).map((item): EventClass => {
    if (item.uid === undefined) throw new Error(`The OCSF schema has a class without uid: ${item.name}`);
    return {
      ...compileItem(item, `class ${item.name}`, scalars),
      uid: item.uid,
      resolvedPaths: new Map(),
    };
  });
  const objects = Object.entries(schema.objects).map(
    ([name, item]) => [name, compileItem(item, `object ${item.name}`, scalars)] as const,
  );
  return {
    version: schema.version,
    profiles: new Set(Object.keys(schema.profiles)),
    classes: new Map(classes.map((item) => [item.uid, item])),
    objects: new Map(objects),
  };
}

function compileScalars(schema: OcsfSchema): ReadonlyMap<string, ScalarType> {
  const types = schema.dictionary.types.attributes;
  const scalars = Object.entries(types).map(([name, own]): readonly [string, ScalarType] => {
    const parent: SchemaType = own.type === undefined ? {} : (types[own.type] ?? {});
    const regex = own.regex ?? parent.regex;
    const scalar: ScalarType = {
      name,
      base: own.type ?? name,
      // A whole-value match: the schema's uuid_t has no anchors of its own.
      pattern: regex === undefined ? undefined : new RegExp(`^(?:${regex})$`),
      range: own.range ?? parent.range,
      maxLength: own.max_len ?? parent.max_len,
    };
    return [name, scalar];
  });
  return new Map(scalars);
}

function compileItem(item: SchemaItem, label: string, scalars: ReadonlyMap<string, ScalarType>): Item {
  const attributes = Object.entries(item.attributes).map(([name, raw]) => compileAttribute(name, raw, label, scalars));
  const names = new Set(attributes.map((attribute) => attribute.name));
  return {
    label,
    isOpen: attributes.length === 0,
    attributes: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    required: attributes.filter((attribute) => attribute.isRequired),
    instants: [...names]
      .filter((name) => names.has(`${name}_dt`))
      .map((name) => ({ timestamp: name, datetime: `${name}_dt` })),
    constraints: Object.entries(item.constraints ?? {}).map(([kind, paths]) => ({
      kind,
      paths: paths.map((name) => ({ name, steps: name.split('.') })),
    })),
  };
}

function compileAttribute(
  name: string,
  raw: SchemaAttribute,
  label: string,
  scalars: ReadonlyMap<string, ScalarType>,
): Attribute {
  return {
    name,
    isArray: raw.is_array ?? false,
    isRequired: raw.requirement === 'required',
    profiles: raw.profiles ?? undefined,
    enumeration:
      raw.enum === undefined
        ? undefined
        : new Map(Object.entries(raw.enum).map(([key, value]) => [key, value.caption])),
    sibling: raw.sibling,
    type: raw.object_type === undefined ? { scalar: scalarOf(raw.type) } : { object: raw.object_type },
  };

  function scalarOf(type: string): ScalarType {
    const scalar = scalars.get(type);
    if (scalar === undefined) throw new Error(`The OCSF schema gives ${name} of ${label} the unknown type ${type}`);
    return scalar;
  }
}

/** The object type of that name. */
export function objectNamed(schema: CompiledSchema, name: string): Item {
  const item = schema.objects.get(name);
  if (item === undefined) throw new Error(`The OCSF schema names an object that it does not define: ${name}`);
  return item;
}

/** True when the attribute needs no profile, or one of its profiles is among these. */
export function isBroughtBy(attribute: Attribute, profiles: readonly string[]): boolean {
  return attribute.profiles === undefined || attribute.profiles.some((profile) => profiles.includes(profile));
}

// Paths come from events; without a bound a hostile list of names would grow the table for ever.
const resolvedPathsLimit = 10_000;

/** The attributes along an attribute path of a class, array indexes dropped; undefined where the class has no such path. */
export function resolvePath(
  schema: CompiledSchema,
  eventClass: EventClass,
  path: string,
): readonly Attribute[] | undefined {
  const cache = eventClass.resolvedPaths;
  if (cache.has(path)) return cache.get(path);
  const resolved = walkPath(schema, eventClass, path.split('.'));
  if (cache.size < resolvedPathsLimit) cache.set(path, resolved);
  return resolved;
}

function walkPath(schema: CompiledSchema, start: Item, steps: readonly string[]): readonly Attribute[] | undefined {
  const passed: Attribute[] = [];
  let item: Item | undefined = start;
  for (const step of steps) {
    const name = step.replace(/\[\d*\]$/, '');
    const attribute: Attribute | undefined = item?.attributes.get(name);
    if (attribute === undefined || (name !== step && !attribute.isArray)) return undefined;
    passed.push(attribute);
    item = 'object' in attribute.type ? objectNamed(schema, attribute.type.object) : undefined;
  }
  return passed;
}
