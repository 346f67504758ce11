import type { FieldSpec, LogSource } from '#core/lake/source/log-source.ts';

export type Path = readonly string[];

/** The keys of a field's path. */
export function pathOf(spec: FieldSpec): Path {
  if (typeof spec === 'string') return spec.split('.');
  return isKept(spec) ? pathOf(spec.path) : spec;
}

/** True where the value also stays in `unmapped`. */
export function isKept(spec: FieldSpec): spec is Extract<FieldSpec, { keep: true }> {
  return typeof spec === 'object' && 'keep' in spec;
}

/** The fields of a source with their paths, in the order of their declaration. */
export function fieldPaths(
  source: LogSource,
): readonly { readonly column: string; readonly path: Path; readonly keep: boolean }[] {
  return Object.entries(source.fields).map(([column, spec]) => ({ column, path: pathOf(spec), keep: isKept(spec) }));
}

/** A JSON path as DuckDB reads it, every key quoted. */
export function jsonPath(path: Path): string {
  return `$${path.map((key) => `."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join('')}`;
}

/** A path as it names a value of `unmapped`. */
export function dotted(path: Path): string {
  return path.join('.');
}
