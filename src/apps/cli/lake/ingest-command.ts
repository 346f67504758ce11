import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { openLocalLake } from '#adapters/duckdb/local-lake.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { Exit } from '#apps/cli/exit.ts';
import { homeRegion, lakeRoot, openManifest, sourceById } from '#apps/cli/lake/lake-folder.ts';
import { openObjects } from '#apps/cli/lake/open-objects.ts';
import { progressBar } from '#apps/cli/lake/progress-bar.ts';
import { wholeNumber, withData } from '#apps/cli/options.ts';
import { jsonFor, type Terminal } from '#apps/cli/output.ts';
import { knownSources } from '#apps/lake/known-sources.ts';
import { type IngestSummary, ingestObjects } from '#engine/lake/ingest-objects.ts';

interface IngestOptions {
  readonly data: string;
  readonly source?: string;
  readonly jobs: number;
  readonly again?: true;
  readonly key?: string;
  readonly format: 'table' | 'json';
}

/** yagura lake ingest */
export function ingestCommand(terminal: Terminal): Command {
  return withData(new Command('ingest'))
    .description('Write log files into the lake as OCSF Parquet.')
    .argument('<paths...>', 'files, folders, globs, s3://bucket/prefix, or - for standard input')
    .option('--source <id>', 'the kind of log (default: recognised by key and content)')
    .option('--key <key>', 'object key of standard input')
    .option('--jobs <n>', 'objects worked on at once', wholeNumber(1, 64), 2)
    .option('--again', 'ingest objects again that are in the lake unchanged')
    .addOption(new Option('--format <format>', 'how to print the summary').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  yagura lake ingest ./logs --data ./.yagura --format json\n')
    .action((paths: string[], options: IngestOptions) => ingest(paths, options, terminal));
}

async function ingest(paths: readonly string[], options: IngestOptions, terminal: Terminal): Promise<void> {
  const sources = knownSources(resolve(terminal.cwd, options.data));
  const source = options.source === undefined ? {} : { source: sourceById(sources, options.source).id };
  const clock = createSystemClock();
  const root = lakeRoot(options.data, terminal);
  const manifest = openManifest(root);
  const objects = await openObjects(root, options.key, terminal);
  const loader = await openLocalLake({
    root,
    sources,
    clock,
    region: homeRegion(terminal),
    memoryMiB: 512,
  });
  const started = performance.now();
  const bar = progressBar(terminal);
  try {
    const summary = await ingestObjects(
      objects.listAll(paths),
      { objects, loader, manifest },
      { ...source, jobs: options.jobs, again: options.again === true, onProgress: bar.show },
    );
    bar.end();
    printSummary(summary, (performance.now() - started) / 1000, options.format, terminal);
    for (const failure of summary.failed) terminal.err(`yagura: ${failure.uri}: ${failure.message}\n`);
    if (summary.failed.length > 0) throw new Exit(1);
    if (summary.quarantined > 0) throw new Exit(3);
  } finally {
    loader.close();
    await objects.close();
    manifest.close();
  }
}

function printSummary(summary: IngestSummary, seconds: number, format: 'table' | 'json', terminal: Terminal): void {
  const { failed, ...counts } = summary;
  const printed = { ...counts, failed: failed.length, seconds: Math.round(seconds * 1000) / 1000 };
  if (format === 'json') terminal.out(`${jsonFor(printed)}\n`);
  else
    terminal.out(
      Object.entries(printed)
        .map(([name, value]) => `${name.padEnd(12)} ${value.toLocaleString('en')}\n`)
        .join(''),
    );
  if (summary.quarantined > 0)
    terminal.err(`${summary.quarantined} records are in quarantine: yagura lake quarantine list\n`);
}
