import { type SilenceRule, type SilentSource, silentSources } from '#core/lake/upkeep/silent-sources.ts';
import type { LakeManifest, SourceVolume } from '#ports/lake-manifest.ts';

/** One source, with how far its newest event is behind. */
export interface SourceStats extends SourceVolume {
  /** Now less the newest event, in ms; absent where there is no event. */
  readonly lagMs?: number;
  readonly isSilent: boolean;
}

export interface LakeStats {
  readonly sources: readonly SourceStats[];
  readonly total: Readonly<Record<Summed, number>>;
  readonly silent: readonly SilentSource[];
  /** Files that wait on disk until no reader holds them. */
  readonly retired: { readonly files: number; readonly bytes: number };
}

const summed = [
  'objects',
  'records',
  'written',
  'excluded',
  'quarantined',
  'rawBytes',
  'parquetBytes',
  'files',
] as const;
type Summed = (typeof summed)[number];

/** What the lake holds by source, how far behind each is, and which went silent. */
export function lakeStats(manifest: LakeManifest, now: number, rule: SilenceRule): LakeStats {
  const volumes = manifest.volumes();
  const silent = silentSources(volumes, now, rule);
  const retired = manifest.retired(now);
  return {
    sources: volumes.map((volume) => ({
      ...volume,
      ...(volume.newestEvent === undefined ? {} : { lagMs: now - volume.newestEvent }),
      isSilent: silent.some(({ source }) => source === volume.source),
    })),
    total: totalOf(volumes),
    silent,
    retired: { files: retired.length, bytes: retired.reduce((sum, { bytes }) => sum + bytes, 0) },
  };
}

function totalOf(volumes: readonly SourceVolume[]): LakeStats['total'] {
  const sum = (name: Summed): number => volumes.reduce((total, volume) => total + volume[name], 0);
  return Object.fromEntries(summed.map((name) => [name, sum(name)])) as LakeStats['total']; // one number for each name
}
