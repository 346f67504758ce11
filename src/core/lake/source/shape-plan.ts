import { dotted, fieldPaths, type Path } from '#core/lake/source/field-path.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';

/**
 * Which values of a JSON record are read, so that none is lost: the paths of the source's fields, and everything else that
 * was ever seen in its records. A record's shape (the keys of all its containers) tells whether the plan covers it.
 */
export interface ShapePlan {
  /** Objects whose keys are watched; the record itself is the empty path. */
  readonly containers: readonly Path[];
  /** Values beside the fields, which go to `unmapped`. */
  readonly leaves: readonly Path[];
  /**
   * Values read one by one: where a container was no object, a key differs from its neighbour only in case, or an object has
   * so many different keys that it is kept whole.
   */
  readonly odd: readonly OddPath[];
}

export interface OddPath {
  readonly path: Path;
  /** The path is a container in other records; objects are read through their own keys. */
  readonly unlessObject: boolean;
}

const maximumContainers = 60;
const maximumLeaves = 300;
const maximumDepth = 6;

/** The plan that covers a source's fields alone. */
export function planOfFields(source: LogSource): ShapePlan {
  const paths = fieldPaths(source).map((field) => field.path);
  const fields = new Set(paths.map(keyOf));
  const containers = new Map<string, Path>([['', []]]);
  for (const path of paths) {
    for (let length = 1; length < path.length; length += 1) {
      const prefix = path.slice(0, length);
      // A field that is itself used covers whatever is below it.
      if (fields.has(keyOf(prefix))) break;
      containers.set(keyOf(prefix), prefix);
    }
  }
  return { containers: [...containers.values()], leaves: [], odd: [] };
}

/** The plan, widened by what these records hold beside it; the same object when nothing is new. */
export function widenPlan(source: LogSource, plan: ShapePlan, records: readonly unknown[]): ShapePlan {
  const known = new KnownPaths(source, plan);
  for (const record of records) {
    if (isObject(record)) known.walk(record, []);
  }
  return known.grown ? known.plan() : plan;
}

/** State: the plan while it is being widened. */
class KnownPaths {
  grown = false;
  readonly #fields: ReadonlySet<string>;
  readonly #containers: Map<string, Path>;
  readonly #leaves: Map<string, Path>;
  readonly #odd: Map<string, OddPath>;
  /** For each container, its keys in lower case: struct fields of SQL differ in more than case. */
  readonly #spellings = new Map<string, string>();

  constructor(source: LogSource, plan: ShapePlan) {
    this.#fields = new Set(fieldPaths(source).map((field) => keyOf(field.path)));
    this.#containers = new Map(plan.containers.map((path) => [keyOf(path), path]));
    this.#leaves = new Map(plan.leaves.map((path) => [keyOf(path), path]));
    this.#odd = new Map(plan.odd.map((odd) => [keyOf(odd.path), odd]));
    const spelled = [...fieldPaths(source).map((field) => field.path), ...plan.containers, ...plan.leaves];
    for (const path of spelled) this.#isSpelledApart(path);
  }

  plan(): ShapePlan {
    return {
      containers: [...this.#containers.values()],
      leaves: [...this.#leaves.values()],
      odd: [...this.#odd.values()],
    };
  }

  walk(value: Readonly<Record<string, unknown>>, at: Path): void {
    for (const [key, child] of Object.entries(value)) this.#visit([...at, key], child);
  }

  #visit(path: Path, value: unknown): void {
    const key = keyOf(path);
    if (this.#containers.has(key)) {
      if (isObject(value) && Object.keys(value).length > 0) this.walk(value, path);
      else if (value !== null) this.#addOdd(path, true);
      return;
    }
    if (this.#fields.has(key) || this.#leaves.has(key) || this.#odd.has(key)) return;
    const parent = path.slice(0, -1);
    // The whole object is kept as text already.
    if (this.#odd.get(keyOf(parent))?.unlessObject === false) return;
    this.grown = true;
    if (this.#leaves.size + this.#odd.size >= maximumLeaves) this.#addOdd(parent, false);
    else if (!this.#isSpelledApart(path)) this.#addOdd(path, false);
    else if (this.#mayOpen(path, value)) {
      this.#containers.set(key, path);
      this.walk(value as Readonly<Record<string, unknown>>, path); // #mayOpen is true for objects only
    } else this.#leaves.set(key, path);
  }

  #mayOpen(path: Path, value: unknown): boolean {
    return (
      isObject(value) &&
      Object.keys(value).length > 0 &&
      path.length < maximumDepth &&
      this.#containers.size < maximumContainers &&
      this.#leaves.size + Object.keys(value).length < maximumLeaves
    );
  }

  #addOdd(path: Path, unlessObject: boolean): void {
    const known = this.#odd.get(keyOf(path));
    if (known !== undefined && (unlessObject || !known.unlessObject)) return;
    this.#odd.set(keyOf(path), { path, unlessObject });
    this.grown = true;
  }

  #isSpelledApart(path: Path): boolean {
    const lower = keyOf(path).toLowerCase();
    const first = this.#spellings.get(lower) ?? keyOf(path);
    this.#spellings.set(lower, first);
    return first === keyOf(path);
  }
}

function keyOf(path: Path): string {
  return path.join('\u0000');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The names under which `unmapped` holds what the plan reads beside the fields, with their paths. */
export function unmappedNames(plan: ShapePlan): readonly { readonly name: string; readonly path: Path }[] {
  return [...plan.leaves, ...plan.odd.map((odd) => odd.path)].map((path) => ({
    name: path.length === 0 ? 'record' : dotted(path),
    path,
  }));
}
