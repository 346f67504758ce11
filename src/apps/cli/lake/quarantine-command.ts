import { Command, Option } from 'commander';
import { openLocalLake } from '#adapters/duckdb/local-lake.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { Exit } from '#apps/cli/exit.ts';
import { homeRegion, lakeRoot, openManifest } from '#apps/cli/lake/lake-folder.ts';
import { openObjects } from '#apps/cli/lake/open-objects.ts';
import { wholeNumber, withData, withFormat } from '#apps/cli/options.ts';
import { type Column, type Format, jsonFor, plain, printRows, type Terminal } from '#apps/cli/output.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { escapedBytes } from '#core/lake/upkeep/escaped-bytes.ts';
import { type RetriedSource, retryQuarantine } from '#engine/lake/retry-quarantine.ts';
import { logSources } from '#generated/sources.ts';
import type { LakeManifest, QuarantineEntry } from '#ports/lake-manifest.ts';

type Entry = QuarantineEntry & { readonly id: number };

const columns: readonly Column<Omit<Entry, 'bytes'>>[] = [
  ['ID', ({ id }) => id],
  ['SOURCE', ({ source }) => named(source)],
  ['RECORD', ({ record, count }) => (count === 1 ? record : `${record} (+${count - 1})`)],
  ['REASON', ({ reason }) => reason],
  ['DETAIL', ({ detail }) => detail],
  ['OBJECT', ({ uri }) => uri],
];

const retryColumns: readonly Column<RetriedSource>[] = [
  ['SOURCE', ({ source }) => named(source)],
  ['OBJECTS', ({ objects }) => objects],
  ['BEFORE', ({ before }) => before],
  ['AFTER', ({ after }) => after],
  ['FAILED', ({ failed }) => failed.length],
];

/** yagura lake quarantine … */
export function quarantineCommand(terminal: Terminal): Command {
  return new Command('quarantine')
    .description('Records that could not be understood.')
    .addHelpText('after', '\nExample:\n  yagura lake quarantine list\n')
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(retryCommand(terminal));
}

function listCommand(terminal: Terminal): Command {
  return withFormat(withData(new Command('list')))
    .description('List the records in quarantine, oldest first.')
    .option('--source <id>', 'only this source')
    .option('--limit <n>', 'at most so many', wholeNumber(1, 100_000), 100)
    .option('--after <id>', 'only those after this one', wholeNumber(0, 999_999_999), 0)
    .addHelpText('after', '\nExample:\n  yagura lake quarantine list --source aws.cloudtrail\n')
    .action((options: { data: string; source?: string; limit: number; after: number; format: Format }) =>
      withManifest(options.data, terminal, (manifest) => {
        const found = manifest.quarantine({
          ...(options.source === undefined ? {} : { source: options.source }),
          limit: options.limit + 1,
          after: options.after,
        });
        const rows = found.slice(0, options.limit).map(({ bytes: _, ...entry }) => entry);
        printRows(terminal, options.format, rows, columns);
        if (found.length > options.limit) terminal.err(`There are more: --after ${rows.at(-1)?.id}\n`);
      }),
    );
}

function showCommand(terminal: Terminal): Command {
  return withData(new Command('show'))
    .description('Show one record with its bytes; what is not printable is escaped.')
    .argument('<id>', 'its number in the list', wholeNumber(1, 999_999_999))
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  yagura lake quarantine show 17\n')
    .action((id: number, options: { data: string; format: 'table' | 'json' }) =>
      withManifest(options.data, terminal, (manifest) => {
        const [entry] = manifest.quarantine({ limit: 1, after: id - 1 });
        if (entry?.id !== id)
          throw new YaguraError(
            'not-found',
            `There is no record ${id} in quarantine: it may have been retried. See: yagura lake quarantine list.`,
          );
        show(entry, options.format, terminal);
      }),
    );
}

function show({ bytes, ...entry }: Entry, format: 'table' | 'json', terminal: Terminal): void {
  if (format === 'json') {
    const base64 = Buffer.from(bytes).toString('base64');
    return terminal.out(`${jsonFor({ ...entry, bytes: base64, text: escapedBytes(bytes) }, 2)}\n`);
  }
  for (const [name, value] of Object.entries({ ...entry, source: named(entry.source) }))
    terminal.out(`${name.padEnd(8)} ${plain(String(value))}\n`);
  terminal.out(`bytes    ${bytes.length}\n\n${escapedBytes(bytes)}\n`);
}

function retryCommand(terminal: Terminal): Command {
  return withFormat(withData(new Command('retry')))
    .description('Ingest the objects again that have records in quarantine, after a mapping was put right.')
    .option('--source <id>', 'only objects of this source')
    .option('--object <uri>', 'only this object')
    .option('--jobs <n>', 'objects worked on at once', wholeNumber(1, 64), 2)
    .addHelpText('after', '\nExample:\n  yagura lake quarantine retry --source aws.cloudtrail\n')
    .action((options: RetryCommandOptions) => retry(options, terminal));
}

interface RetryCommandOptions {
  readonly data: string;
  readonly source?: string;
  readonly object?: string;
  readonly jobs: number;
  readonly format: Format;
}

async function retry(options: RetryCommandOptions, terminal: Terminal): Promise<void> {
  const root = lakeRoot(options.data, terminal);
  const manifest = openManifest(root);
  const objects = await openObjects(root, undefined, terminal);
  const loader = await openLocalLake({
    root,
    sources: logSources,
    clock: createSystemClock(),
    region: homeRegion(terminal),
    memoryMiB: 256,
  });
  try {
    const retried = await retryQuarantine(
      { objects, loader, manifest },
      {
        ...(options.source === undefined ? {} : { source: options.source }),
        ...(options.object === undefined ? {} : { uri: options.object }),
        jobs: options.jobs,
      },
    );
    printRows(terminal, options.format, retried, retryColumns);
    const failed = retried.flatMap((source) => source.failed);
    for (const { uri, message } of failed) terminal.err(`yagura: ${plain(uri)}: ${plain(message)}\n`);
    if (failed.length > 0) throw new Exit(1);
    if (retried.some(({ after }) => after > 0)) throw new Exit(3);
  } finally {
    loader.close();
    await objects.close();
    manifest.close();
  }
}

function withManifest(data: string, terminal: Terminal, work: (manifest: LakeManifest) => void): void {
  const manifest = openManifest(lakeRoot(data, terminal));
  try {
    work(manifest);
  } finally {
    manifest.close();
  }
}

function named(source: string): string {
  return source === '' ? '(not recognised)' : source;
}
