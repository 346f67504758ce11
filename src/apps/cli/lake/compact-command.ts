import { Command, Option } from 'commander';
import { Exit } from '#apps/cli/exit.ts';
import { bytesText, withUpkeep } from '#apps/cli/lake/open-upkeep.ts';
import { withData } from '#apps/cli/options.ts';
import { jsonFor, plain, type Terminal } from '#apps/cli/output.ts';
import { type CompactSummary, compactLake } from '#engine/lake/compact.ts';

interface CompactOptions {
  readonly data: string;
  readonly all?: true;
  readonly now?: true;
  readonly format: 'table' | 'json';
}

/** yagura lake compact */
export function compactCommand(terminal: Terminal): Command {
  return withData(new Command('compact'))
    .description('Merge small files of the lake, sorted by time; readers and ingest may go on meanwhile.')
    .option('--all', 'also days that are not over')
    .option('--now', 'remove replaced files at once (default: by a run at least ten minutes later)')
    .addOption(new Option('--format <format>', 'how to print the summary').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  yagura lake compact --data ./.yagura\n')
    .action((options: CompactOptions) => compact(options, terminal));
}

async function compact(options: CompactOptions, terminal: Terminal): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  const isTerminal = process.stderr.isTTY === true;
  const started = performance.now();
  try {
    const summary = await withUpkeep(options.data, terminal, (ports) =>
      compactLake(ports, {
        all: options.all === true,
        now: options.now === true,
        signal: stop.signal,
        onProgress: ({ merged, into, rows }) => {
          if (isTerminal) terminal.err(`\r${merged} files into ${into}  ${rows.toLocaleString('en')} rows   `);
        },
      }),
    );
    if (isTerminal) terminal.err('\n');
    print(summary, (performance.now() - started) / 1000, options, terminal);
  } finally {
    process.off('SIGINT', onSignal);
  }
}

function print(summary: CompactSummary, seconds: number, { format }: CompactOptions, terminal: Terminal): void {
  const { failed, removed } = summary;
  if (format === 'json')
    terminal.out(`${jsonFor({ ...summary, failed: failed.length, seconds: Math.round(seconds * 1000) / 1000 })}\n`);
  else {
    terminal.out(
      `${summary.merged} files merged into ${summary.into}: ${summary.rows.toLocaleString('en')} rows, ${bytesText(summary.bytesBefore)} -> ${bytesText(summary.bytesAfter)} in ${seconds.toFixed(1)} s\n`,
    );
    terminal.out(`${removed.files} replaced files removed (${bytesText(removed.bytes)})\n`);
    if (summary.skipped > 0) terminal.out(`${summary.skipped} groups changed meanwhile: the next run takes them\n`);
  }
  for (const { table, day, message } of failed) terminal.err(`yagura: ${table} of ${day}: ${plain(message)}\n`);
  if (failed.length > 0) throw new Exit(1);
}
