import { resolve } from 'node:path';
import { Command } from 'commander';
import { withData, withFormat } from '#apps/cli/options.ts';
import { type Column, type Format, printRows, type Terminal } from '#apps/cli/output.ts';
import { sourcesTestCommand } from '#apps/cli/sources-test-command.ts';
import { knownSources } from '#apps/lake/known-sources.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';

interface SourceRow {
  readonly id: string;
  readonly title: string;
  readonly vendor: string;
  readonly classes: readonly string[];
  /** Regular expressions for the object keys under which it is delivered. */
  readonly keys: readonly string[];
}

const columns: readonly Column<SourceRow>[] = [
  ['ID', (source) => source.id],
  ['VENDOR', (source) => source.vendor],
  ['CLASSES', (source) => source.classes.join(', ')],
  ['TITLE', (source) => source.title],
];

/** yagura sources list */
export function sourcesCommand(terminal: Terminal): Command {
  const list = withFormat(withData(new Command('list')))
    .description('List the log sources that Yagura understands.')
    .addHelpText('after', '\nExample:\n  yagura sources list --format json\n')
    .action((options: { format: Format; data: string }) =>
      printRows(terminal, options.format, sourceRows(knownSources(resolve(terminal.cwd, options.data))), columns),
    );
  return new Command('sources').description('Kinds of logs.').addCommand(list).addCommand(sourcesTestCommand(terminal));
}

function sourceRows(sources: readonly MappedSource[]): readonly SourceRow[] {
  return sources.map(({ id, title, vendor, classes, recognise }) => ({
    id,
    title,
    vendor,
    classes,
    keys: [recognise.key.source],
  }));
}
