/**
 * The fresh list with the old objects where nothing changed, so that what shows them need not be drawn again.
 * Comparing by text is exact for what came as JSON.
 */
export function keepIdentity<T>(before: readonly T[], fresh: readonly T[], keyOf: (item: T) => string): readonly T[] {
  if (before === fresh || before.length === 0) return fresh;
  const known = new Map(before.map((item) => [keyOf(item), item]));
  const merged = fresh.map((item) => {
    const old = known.get(keyOf(item));
    return old !== undefined && JSON.stringify(old) === JSON.stringify(item) ? old : item;
  });
  const same = merged.length === before.length && merged.every((item, index) => item === before[index]);
  return same ? before : merged;
}
