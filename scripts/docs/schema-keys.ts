import { z } from 'zod';
import { configSchema } from '../../src/core/config/config-schema.ts';

/** What a value of a key looks like, before it is put into words. */
export type ValueShape =
  | { readonly kind: 'group' | 'map' | 'yes-no' | 'url' | 'email' | 'date' | 'text' | 'destination' | 'route-target' }
  | { readonly kind: 'number'; readonly min: number | undefined; readonly max: number | undefined }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'list'; readonly of: ValueShape };

/** One key of yagura.yaml: `teams.<id>.name`, `organization.accounts[].id`. */
export type ConfigKey = {
  readonly path: string;
  readonly shape: ValueShape;
  readonly required: boolean;
  readonly defaultValue: unknown;
  readonly description: string | undefined;
};

/** The part of JSON Schema that zod makes of our schema. */
type Node = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
};

const PLACEHOLDER: Readonly<Record<string, string>> = { teams: '<id>', 'organization.ous': '<path>' };

/** Every key of yagura.yaml in the order of the schema; `destination.…` are the keys of a destination that is no channel. */
export function schemaKeys(): ConfigKey[] {
  // zod writes JSON Schema; Node names what is read of it.
  const root = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Node;
  const keys = below(root, '');
  const channel = root.properties?.['central']?.properties?.['slack']?.properties?.['guardduty'];
  return [...keys, ...(channel?.anyOf ?? []).flatMap((form) => below(form, 'destination'))];
}

function below(node: Node, path: string): ConfigKey[] {
  const inside = node.items ?? node;
  const here = node.items === undefined ? path : `${path}[]`;
  if (typeof inside.additionalProperties === 'object')
    return below(inside.additionalProperties, `${here}.${PLACEHOLDER[path] ?? '<name>'}`);
  return Object.entries(inside.properties ?? {}).flatMap(([name, child]) => {
    const childPath = here === '' ? name : `${here}.${name}`;
    const key: ConfigKey = {
      path: childPath,
      shape: shapeOf(child),
      required: inside.required?.includes(name) === true && child.default === undefined,
      defaultValue: child.default,
      description: child.description,
    };
    return [key, ...below(child, childPath)];
  });
}

function shapeOf(node: Node): ValueShape {
  if (node.anyOf !== undefined)
    return { kind: node.anyOf.some((form) => form.type === 'object') ? 'destination' : 'route-target' };
  if (node.items !== undefined)
    return { kind: 'list', of: node.items.type === 'object' ? { kind: 'group' } : shapeOf(node.items) };
  if (node.enum !== undefined) return { kind: 'one-of', values: node.enum };
  if (typeof node.additionalProperties === 'object') return { kind: 'map' };
  if (node.type === 'object') return { kind: 'group' };
  if (node.type === 'boolean') return { kind: 'yes-no' };
  if (node.type === 'integer' || node.type === 'number') return { kind: 'number', ...bounds(node) };
  if (node.format === 'uri') return { kind: 'url' };
  if (node.format === 'email') return { kind: 'email' };
  if (node.format === 'date') return { kind: 'date' };
  return node.pattern === undefined ? { kind: 'text' } : { kind: 'pattern', pattern: node.pattern };
}

// Without a bound zod writes the largest whole number there is.
function bounds(node: Node): { min: number | undefined; max: number | undefined } {
  const given = (limit: number | undefined) =>
    limit === undefined || Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit;
  return { min: given(node.minimum), max: given(node.maximum) };
}
