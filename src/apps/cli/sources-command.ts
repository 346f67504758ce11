import { Command } from 'commander';
import { withFormat } from '#apps/cli/options.ts';
import { type Column, type Format, printRows, type Terminal } from '#apps/cli/output.ts';
import { logSources } from '#generated/sources.ts';

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
  const list = withFormat(new Command('list'))
    .description('List the log sources that Yagura understands.')
    .addHelpText('after', '\nExample:\n  yagura sources list --format json\n')
    .action((options: { format: Format }) => printRows(terminal, options.format, sourceRows(), columns));
  return new Command('sources').description('Kinds of logs.').addCommand(list);
}

function sourceRows(): readonly SourceRow[] {
  return logSources.map(({ id, title, vendor, classes, recognise }) => ({
    id,
    title,
    vendor,
    classes,
    keys: [recognise.key.source],
  }));
}
