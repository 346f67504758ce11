import { Command, InvalidArgumentError, Option } from 'commander';
import { createSystemClock } from '#adapters/system/clock.ts';
import { lakeRoot, openManifest } from '#apps/cli/lake/lake-folder.ts';
import { bytesText } from '#apps/cli/lake/open-upkeep.ts';
import { withData } from '#apps/cli/options.ts';
import { type Column, jsonFor, printRows, stamp, type Terminal } from '#apps/cli/output.ts';
import { lakeStats, type SourceStats } from '#engine/lake/lake-stats.ts';

interface StatsOptions {
  readonly data: string;
  readonly silentAfter: number;
  readonly format: 'table' | 'json';
}

const columns: readonly Column<SourceStats>[] = [
  ['SOURCE', ({ source }) => (source === '' ? '(not recognised)' : source)],
  ['OBJECTS', ({ objects }) => objects],
  ['ROWS', ({ written }) => written],
  ['QUARANTINED', ({ quarantined }) => quarantined],
  ['RAW', ({ rawBytes }) => bytesText(rawBytes)],
  ['PARQUET', ({ parquetBytes }) => bytesText(parquetBytes)],
  ['FILES', ({ files }) => files],
  ['NEWEST EVENT', ({ newestEvent }) => stamp(newestEvent ?? null)],
  ['LAG', ({ lagMs }) => (lagMs === undefined ? null : durationText(lagMs))],
  ['LAST INGEST', ({ lastIngest }) => stamp(lastIngest)],
  ['SILENT', ({ isSilent }) => (isSilent ? 'silent' : '')],
];

/** yagura lake stats */
export function statsCommand(terminal: Terminal): Command {
  return withData(new Command('stats'))
    .description('What the lake holds by source, how far behind each is, and which went silent.')
    .option('--silent-after <time>', 'no new event for so long is silence, e.g. 90m, 24h, 7d', duration, 86_400_000)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  yagura lake stats --silent-after 6h --format json\n')
    .action((options: StatsOptions) => {
      const manifest = openManifest(lakeRoot(options.data, terminal));
      try {
        const stats = lakeStats(manifest, createSystemClock().now(), { afterMs: options.silentAfter });
        if (options.format === 'json') terminal.out(`${jsonFor(stats, 2)}\n`);
        else printRows(terminal, 'table', stats.sources, columns);
      } finally {
        manifest.close();
      }
    });
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function duration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('Write it like 90m, 24h or 7d.');
}

function durationText(ms: number): string {
  const minutes = Math.round(Math.max(0, ms) / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}
