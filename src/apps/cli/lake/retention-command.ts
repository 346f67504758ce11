import { Command, InvalidArgumentError } from 'commander';
import { bytesText, withUpkeep } from '#apps/cli/lake/open-upkeep.ts';
import { wholeNumber, withData, withFormat } from '#apps/cli/options.ts';
import { type Column, type Format, printRows, type Terminal } from '#apps/cli/output.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { applyRetention } from '#engine/lake/retention.ts';
import { logSources } from '#generated/sources.ts';
import type { LakeManifest, PartitionVolume } from '#ports/lake-manifest.ts';

interface RetentionOptions {
  readonly data: string;
  readonly source: Readonly<Record<string, number>>;
  readonly default?: number;
  readonly dryRun?: true;
  readonly now?: true;
  readonly format: Format;
}

const columns: readonly Column<PartitionVolume>[] = [
  ['SOURCE', (partition) => partition.source],
  ['TABLE', (partition) => partition.table],
  ['DAY', (partition) => partition.day],
  ['ACCOUNT', (partition) => partition.account],
  ['REGION', (partition) => partition.region],
  ['FILES', (partition) => partition.files],
  ['ROWS', (partition) => partition.rows],
  ['BYTES', (partition) => partition.bytes],
];

const mostDays = 36_500;

/** yagura lake retention */
export function retentionCommand(terminal: Terminal): Command {
  return withFormat(withData(new Command('retention')))
    .description('Remove whole days of events that are older than their source is kept; prints what was removed.')
    .option('--source <id=days...>', 'keep the events of this source for so many days', sourceDays, {})
    .option('--default <days>', 'keep the events of all other sources so long', wholeNumber(1, mostDays))
    .option('--dry-run', 'only print what would be removed')
    .option('--now', 'remove the files at once (default: by a run at least ten minutes later)')
    .addHelpText(
      'after',
      '\nExample:\n  yagura lake retention --source aws.vpc-flow=90 aws.cloudtrail=2557 --default 400 --dry-run\n',
    )
    .action((options: RetentionOptions) => retention(options, terminal));
}

async function retention(options: RetentionOptions, terminal: Terminal): Promise<void> {
  if (options.default === undefined && Object.keys(options.source).length === 0)
    throw new YaguraError('input.invalid', 'Say what is kept how long: --source ID=DAYS or --default DAYS.');
  const dryRun = options.dryRun === true;
  const summary = await withUpkeep(options.data, terminal, (ports) => {
    refuseUnknown(Object.keys(options.source), ports.manifest);
    return applyRetention(ports, {
      rule: {
        bySource: options.source,
        ...(options.default === undefined ? {} : { otherDays: options.default }),
      },
      dryRun,
      now: options.now === true,
    });
  });
  printRows(terminal, options.format, summary.expired, columns);
  const verb = dryRun ? 'would leave' : 'left';
  terminal.err(
    `${summary.rows.toLocaleString('en')} rows in ${summary.files} files ${verb} the lake (${bytesText(summary.bytes)}); ${summary.removed.files} files removed from disk.\n`,
  );
}

/** A misspelt source must not mean that its events are kept for ever. */
function refuseUnknown(ids: readonly string[], manifest: LakeManifest): void {
  const known = new Set([...logSources.map(({ id }) => id), ...manifest.volumes().map(({ source }) => source)]);
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw new YaguraError(
      'lake.unrecognised',
      `There is no log source ${unknown.join(', ')}, in the lake or known. See: yagura lake stats, yagura sources list.`,
    );
}

function sourceDays(text: string, before: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, id, days] = /^([^=]+)=(\d{1,5})$/.exec(text) ?? [];
  if (id === undefined || Number(days) < 1 || Number(days) > mostDays)
    throw new InvalidArgumentError('Write it like aws.vpc-flow=90.');
  return { ...before, [id]: Number(days) };
}
