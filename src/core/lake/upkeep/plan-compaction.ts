/** What compaction has to know of a file. */
export interface CompactableFile {
  readonly path: string;
  readonly table: string;
  readonly source: string;
  readonly shape: string;
  readonly region: string;
  readonly account: string;
  readonly day: string;
  readonly bytes: number;
  readonly minTime: number;
}

export interface CompactionRule {
  /** Files of about this size are the aim; what has half of it is left alone. */
  readonly targetBytes: number;
  /** So many files are merged into one at most. */
  readonly mostFiles: number;
}

/** True for files that can be merged: one table, source, shape and partition. */
export function partitionKey(file: Omit<CompactableFile, 'path' | 'bytes' | 'minTime'>): string {
  return JSON.stringify([file.table, file.source, file.shape, file.region, file.account, file.day]);
}

/** Groups of files to merge, each of one partition, neighbours in time first. No file is in two of them, and none is alone. */
export function planCompaction<T extends CompactableFile>(
  files: readonly T[],
  rule: CompactionRule,
): readonly (readonly T[])[] {
  const small = files.filter((file) => file.bytes < rule.targetBytes / 2);
  return [...Map.groupBy(small, partitionKey).values()]
    .flatMap((partition) => filled(partition, rule))
    .filter((group) => group.length > 1);
}

function filled<T extends CompactableFile>(partition: readonly T[], rule: CompactionRule): readonly (readonly T[])[] {
  const groups: T[][] = [];
  let bytes = 0;
  for (const file of partition.toSorted((a, b) => a.minTime - b.minTime || (a.path < b.path ? -1 : 1))) {
    const last = groups.at(-1);
    if (last !== undefined && last.length < rule.mostFiles && bytes + file.bytes <= rule.targetBytes) {
      last.push(file);
      bytes += file.bytes;
    } else {
      groups.push([file]);
      bytes = file.bytes;
    }
  }
  return groups;
}
