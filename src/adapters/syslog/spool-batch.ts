/** Lines in a row, as they are in the file. */
export type Batch = {
  readonly bytes: Buffer;
  readonly lines: number;
  /** When the first of them came. */
  readonly at: number;
};

/** The first batches of a queue as one, and how many they are: as many as have room, but at least one. */
export function firstBatches(
  queue: readonly Batch[],
  roomBytes: number,
): { readonly count: number; readonly batch: Batch } {
  let count = 0;
  let size = 0;
  for (const { bytes } of queue) {
    if (count > 0 && size + bytes.length > roomBytes) break;
    size += bytes.length;
    count += 1;
  }
  const taken = queue.slice(0, count);
  const bytes = Buffer.concat(
    taken.map((one) => one.bytes),
    size,
  );
  return { count, batch: { bytes, lines: linesOf(taken), at: taken[0]?.at ?? 0 } };
}

/** How many lines these batches hold. */
export function linesOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, { lines }) => sum + lines, 0);
}
