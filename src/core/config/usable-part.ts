import type { z } from 'zod';
import { type Config, configSchema } from '#core/config/config-schema.ts';

type Path = readonly PropertyKey[];
type Parts = Record<PropertyKey, unknown>;

const MAX_ROUNDS = 20;

/** Stands for entries that cannot be used, so that the others keep their places. */
const STAND_INS: Readonly<Record<string, (place: PropertyKey) => Parts>> = {
  accounts: (place) => ({ id: String(place).padStart(12, '0'), name: '-' }),
  routes: (place) => ({ name: `(entry ${String(place)})` }),
  exceptions: () => ({ type: '-', reason: '-', owner: '-', expires: '9999-12-31' }),
  teams: (id) => ({ name: String(id) }),
};

/** The configuration without what the schema refuses, so that the rest can be checked as well. */
export function usablePart(value: unknown): Config | undefined {
  const rest: unknown = structuredClone(value);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = configSchema.safeParse(rest);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) leaveOut(rest, issue);
  }
  return undefined;
}

function leaveOut(root: unknown, issue: z.core.$ZodIssue): void {
  if (issue.code === 'unrecognized_keys') {
    const parent = partAt(root, issue.path);
    for (const key of issue.keys) if (parent !== undefined) delete parent[key];
    return;
  }
  const key = issue.path.at(-1);
  if (issue.code === 'invalid_key' && key !== undefined) delete partAt(root, issue.path.slice(0, -1))?.[key];
  else drop(root, issue.path);
}

function drop(root: unknown, path: Path): void {
  const [container, place, key] = [path.at(-3), path.at(-2), path.at(-1)];
  if (key === undefined) return;
  const parent = partAt(root, path.slice(0, -1));
  if (parent === undefined) return drop(root, path.slice(0, -1));
  const entry = standIn(place, key);
  if (entry !== undefined) parent[key] = entry;
  else if (Array.isArray(parent)) drop(root, path.slice(0, -1));
  else if (Object.hasOwn(parent, key)) delete parent[key];
  else if (place !== undefined) fill(root, path, parent, standIn(container, place)?.[key]);
}

/** A required value that is missing is made up; where that is impossible, the whole part goes. */
function fill(root: unknown, path: Path, parent: Parts, value: unknown): void {
  const key = path.at(-1);
  if (value === undefined || key === undefined) drop(root, path.slice(0, -1));
  else parent[key] = value;
}

function standIn(container: PropertyKey | undefined, place: PropertyKey): Parts | undefined {
  return typeof container === 'string' && Object.hasOwn(STAND_INS, container)
    ? STAND_INS[container]?.(place)
    : undefined;
}

function partAt(root: unknown, path: Path): Parts | undefined {
  const found = path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    root,
  );
  // Tags make other things (bytes, sets); arrays are parts as well, with numbers as keys.
  const isPart = Array.isArray(found) || Object.prototype.toString.call(found) === '[object Object]';
  return isPart ? (found as Parts) : undefined;
}
