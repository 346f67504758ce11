/** A part of time, epoch ms: from inclusive, to exclusive. */
export interface TimeSlice {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Joins slices, given in order of time, to as few as have at most so many rows each; one slice alone may have more. */
export function cutByRows(slices: readonly TimeSlice[], mostRows: number): readonly TimeSlice[] {
  const joined: TimeSlice[] = [];
  for (const slice of slices) {
    const last = joined.at(-1);
    if (last !== undefined && last.rows + slice.rows <= mostRows)
      joined[joined.length - 1] = { from: last.from, to: slice.to, rows: last.rows + slice.rows };
    else joined.push(slice);
  }
  return joined;
}
