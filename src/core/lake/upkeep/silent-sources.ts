/** What is known of when a source was heard. */
export interface HeardSource {
  /** Id of the source; '' is what no source recognised. */
  readonly source: string;
  /** Epoch ms; absent where no event of it is in the lake. */
  readonly newestEvent?: number;
  /** When its last object was ingested, epoch ms. */
  readonly lastIngest: number;
}

export interface SilenceRule {
  /** A source is silent when its newest event is older than this. */
  readonly afterMs: number;
  /** Other times for some sources, by their id. */
  readonly bySource?: Readonly<Record<string, number>>;
}

export interface SilentSource {
  readonly source: string;
  /** Last sign of it, epoch ms. */
  readonly heardAt: number;
  readonly silentForMs: number;
  /** The time that was exceeded. */
  readonly afterMs: number;
}

/**
 * The sources that stopped sending, longest silence first.
 * @example silentSources(manifest.volumes(), clock.now(), { afterMs: 86_400_000, bySource: { 'aws.config': 604_800_000 } })
 */
export function silentSources(
  volumes: readonly HeardSource[],
  now: number,
  rule: SilenceRule,
): readonly SilentSource[] {
  return volumes
    .filter(({ source }) => source !== '')
    .map((volume) => {
      const heardAt = heardLast(volume);
      const afterMs = rule.bySource?.[volume.source] ?? rule.afterMs;
      return { source: volume.source, heardAt, silentForMs: now - heardAt, afterMs };
    })
    .filter((found) => found.silentForMs > found.afterMs)
    .toSorted((a, b) => b.silentForMs - a.silentForMs || (a.source < b.source ? -1 : 1));
}

/** An event cannot be newer than its arrival: a clock that runs ahead must not hide a silence. */
function heardLast({ newestEvent, lastIngest }: HeardSource): number {
  return newestEvent === undefined ? lastIngest : Math.min(newestEvent, lastIngest);
}
