import { YaguraError } from '#core/errors/yagura-error.ts';
import { partitionKey } from '#core/lake/upkeep/plan-compaction.ts';
import { utcDay } from '#core/lake/upkeep/utc-day.ts';
import type { UpkeepPorts } from '#engine/lake/compact.ts';
import { graceMs, type Removed, removeRetired } from '#engine/lake/remove-retired.ts';
import type { LakeManifest, PartitionVolume } from '#ports/lake-manifest.ts';

/** How many days of events are kept; a source without a number is kept for ever. */
export interface RetentionRule {
  readonly bySource: Readonly<Record<string, number>>;
  readonly otherDays?: number;
}

export interface RetentionOptions {
  readonly rule: RetentionRule;
  /** Only says what would go. */
  readonly dryRun: boolean;
  /** Removes the files at once, though a reader may still hold them. */
  readonly now: boolean;
}

export interface RetentionSummary {
  /** Partitions that are no longer in the lake (or would not be). */
  readonly expired: readonly PartitionVolume[];
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  /** Files that are gone from disk now. */
  readonly removed: Removed;
}

const dayMs = 86_400_000;
const attempts = 3;

/** The partitions of which every event is older than its source is kept. */
export function expiredPartitions(
  partitions: readonly PartitionVolume[],
  now: number,
  { bySource, otherDays }: RetentionRule,
): readonly PartitionVolume[] {
  return partitions.filter(({ source, day }) => {
    const days = (Object.hasOwn(bySource, source) ? bySource[source] : undefined) ?? otherDays;
    return days !== undefined && day < utcDay(now - days * dayMs);
  });
}

/** Lets whole partitions go by the day of their events, first in the manifest, then on disk. */
export async function applyRetention(ports: UpkeepPorts, options: RetentionOptions): Promise<RetentionSummary> {
  const { manifest, clock } = ports;
  const expired = expiredPartitions(manifest.partitions(), clock.now(), options.rule);
  if (!options.dryRun) for (const partition of expired) expire(partition, manifest, clock.now());
  const sum = (count: (partition: PartitionVolume) => number): number =>
    expired.reduce((total, partition) => total + count(partition), 0);
  return {
    expired,
    files: sum(({ files }) => files),
    rows: sum(({ rows }) => rows),
    bytes: sum(({ bytes }) => bytes),
    removed: options.dryRun
      ? { files: 0, bytes: 0 }
      : await removeRetired(ports, clock.now() - (options.now ? 0 : graceMs)),
  };
}

function expire(partition: PartitionVolume, manifest: LakeManifest, now: number): void {
  for (let attempt = 1; ; attempt += 1) {
    const files = manifest
      .files({ tables: [partition.table], days: [partition.day] })
      .filter((file) => partitionKey(file) === partitionKey(partition));
    try {
      manifest.commit({
        objects: [],
        files: [],
        removedFiles: files.map((file) => file.path),
        quarantined: [],
        exclusions: [],
        retiredAt: now,
        isExpiry: true,
      });
      return;
    } catch (error) {
      if (!(error instanceof YaguraError) || error.code !== 'store.conflict' || attempt >= attempts) throw error;
    }
  }
}
