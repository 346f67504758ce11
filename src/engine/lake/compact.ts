import { YaguraError } from '#core/errors/yagura-error.ts';
import { type CompactionRule, partitionKey, planCompaction } from '#core/lake/upkeep/plan-compaction.ts';
import { utcDay } from '#core/lake/upkeep/utc-day.ts';
import { graceMs, type Removed, removeRetired } from '#engine/lake/remove-retired.ts';
import type { Clock } from '#ports/clock.ts';
import type { FileInWaiting, LakeFiles } from '#ports/lake-files.ts';
import type { LakeFile, LakeManifest, PartitionVolume } from '#ports/lake-manifest.ts';

export interface UpkeepPorts {
  readonly files: LakeFiles;
  readonly manifest: LakeManifest;
  readonly clock: Clock;
}

export interface CompactOptions {
  /** Also days that are not over. */
  readonly all: boolean;
  /** Removes replaced files at once, though a reader may still hold them. */
  readonly now: boolean;
  readonly rule?: CompactionRule;
  readonly signal?: AbortSignal;
  readonly onProgress?: (summary: CompactSummary) => void;
}

export interface CompactSummary {
  /** Files that were merged, and what they became. */
  readonly merged: number;
  readonly into: number;
  readonly rows: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Groups of files that changed meanwhile; the next run takes them. */
  readonly skipped: number;
  /** Groups that could not be read or written; they are as they were. */
  readonly failed: readonly { readonly table: string; readonly day: string; readonly message: string }[];
  /** Files of earlier runs that are gone from disk now. */
  readonly removed: Removed;
}

/** What compaction aims at. */
export const compactionRule: CompactionRule = { targetBytes: 256 * 1024 * 1024, mostFiles: 1000 };

/**
 * Merges small files of each partition. The new file is in its place before the manifest names it, and the old ones
 * stay on disk until no reader holds them: cut off at any instant, the lake is as before or as after.
 */
export async function compactLake(ports: UpkeepPorts, options: CompactOptions): Promise<CompactSummary> {
  const { manifest, clock } = ports;
  let summary: CompactSummary = {
    merged: 0,
    into: 0,
    rows: 0,
    bytesBefore: 0,
    bytesAfter: 0,
    skipped: 0,
    failed: [],
    removed: await removeRetired(ports, clock.now() - (options.now ? 0 : graceMs)),
  };
  const today = utcDay(clock.now());
  const due = manifest.partitions().filter(({ files, day }) => files > 1 && (options.all || day < today));
  for (const partition of due) {
    if (options.signal?.aborted === true) break;
    for await (const step of compactPartition(partition, ports, options)) {
      summary = added(summary, step);
      options.onProgress?.(summary);
    }
  }
  if (!options.now) return summary;
  const removed = await removeRetired(ports, clock.now());
  return {
    ...summary,
    removed: { files: summary.removed.files + removed.files, bytes: summary.removed.bytes + removed.bytes },
  };
}

interface Step {
  readonly from: readonly LakeFile[];
  /** Absent where the files changed meanwhile, or could not be merged. */
  readonly into?: LakeFile;
  readonly failure?: string;
}

function added(summary: CompactSummary, { from, into, failure }: Step): CompactSummary {
  if (failure !== undefined) {
    const { table = '', day = '' } = from[0] ?? {};
    return { ...summary, failed: [...summary.failed, { table, day, message: failure }] };
  }
  if (into === undefined) return { ...summary, skipped: summary.skipped + 1 };
  return {
    ...summary,
    merged: summary.merged + from.length,
    into: summary.into + 1,
    rows: summary.rows + into.rows,
    bytesBefore: summary.bytesBefore + from.reduce((sum, file) => sum + file.bytes, 0),
    bytesAfter: summary.bytesAfter + into.bytes,
  };
}

/** Merged files may be small enough to be merged again: rounds follow until nothing is left to merge. */
async function* compactPartition(
  partition: PartitionVolume,
  ports: UpkeepPorts,
  options: CompactOptions,
): AsyncGenerator<Step> {
  for (;;) {
    const here = ports.manifest
      .files({ tables: [partition.table], days: [partition.day] })
      .filter((file) => partitionKey(file) === partitionKey(partition));
    const groups = planCompaction(here, options.rule ?? compactionRule);
    if (groups.length === 0) return;
    for (const group of groups) {
      if (options.signal?.aborted === true) return;
      const step = await mergeGroup(group, ports);
      yield step;
      if (step.into === undefined) return;
    }
  }
}

async function mergeGroup(group: readonly LakeFile[], ports: UpkeepPorts): Promise<Step> {
  const { files, manifest, clock } = ports;
  const merged = await mergedOf(group, ports);
  if (!('waitingAt' in merged)) return merged;
  await files.place([merged]);
  try {
    manifest.commit({
      objects: [],
      files: [merged.file],
      removedFiles: group.map((file) => file.path),
      quarantined: [],
      exclusions: [],
      retiredAt: clock.now(),
    });
  } catch (error) {
    await files.remove([merged.file.path]);
    if (error instanceof YaguraError && error.code === 'store.conflict') return { from: group };
    throw error;
  }
  return { from: group, into: merged.file };
}

async function mergedOf(group: readonly LakeFile[], { files, manifest }: UpkeepPorts): Promise<FileInWaiting | Step> {
  try {
    return await files.merge(group);
  } catch (error) {
    // An object that is ingested again replaces files: then reading them fails for that reason alone.
    const paths = group.map((file) => file.path);
    if (manifest.files({ paths }).length < paths.length) return { from: group };
    if (error instanceof YaguraError && error.code === 'lake.sql') return { from: group, failure: error.message };
    throw error;
  }
}
