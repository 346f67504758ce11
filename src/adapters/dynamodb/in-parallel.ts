/**
 * Does `work` on all items, at most `width` at a time, results in the order given. When some fail, the others are finished first
 * and the first failure is thrown: nothing goes on behind the caller's back.
 */
export async function inParallel<T, R>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const failures: unknown[] = [];
  const queue = items.entries();

  async function worker(): Promise<void> {
    for (const [n, item] of queue) {
      try {
        results.set(n, await work(item));
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  // Every index is there: each was worked on and none failed.
  return items.map((_, n) => results.get(n) as R);
}
