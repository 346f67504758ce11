import { z } from 'zod';
import { configSchema } from '#core/config/config-schema.ts';

/** The keys that may stand at a place of yagura.yaml; none where any may. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] {
  let here: readonly unknown[] = [configSchema];
  for (const key of path) here = here.flatMap(plain).flatMap((schema) => step(schema, key));
  return here.flatMap(plain).flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

function step(schema: unknown, key: string | number): unknown[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return [];
  return [schema.shape[key]];
}

/** The schemas behind defaults, optional values and alternatives. */
function plain(schema: unknown): unknown[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(plain);
  const isWrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return isWrapped ? plain(schema.unwrap()) : [schema];
}
