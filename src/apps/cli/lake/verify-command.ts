import { Command } from 'commander';
import { Exit } from '#apps/cli/exit.ts';
import { withUpkeep } from '#apps/cli/lake/open-upkeep.ts';
import { withData, withFormat } from '#apps/cli/options.ts';
import { type Column, type Format, printRows, type Terminal } from '#apps/cli/output.ts';
import { type Damage, verifyLake } from '#engine/lake/verify.ts';

interface VerifyOptions {
  readonly data: string;
  readonly deep?: true;
  readonly fix?: true;
  readonly format: Format;
}

const columns: readonly Column<Damage>[] = [
  ['WHAT', ({ kind }) => kind],
  ['DETAIL', ({ detail, isFixed }) => (isFixed === true ? `${detail} (removed)` : detail)],
  ['OF', ({ of }) => of],
];

/** yagura lake verify */
export function verifyCommand(terminal: Terminal): Command {
  return withFormat(withData(new Command('verify')))
    .description('Compare the manifest of the lake with its files and counts; exit code 1 if something is wrong.')
    .option('--deep', 'read all rows, not only the footers of the files')
    .option('--fix', 'remove files that no manifest row names and that are older than an hour')
    .addHelpText('after', '\nExample:\n  yagura lake verify --deep --format json\n')
    .action(async (options: VerifyOptions) => {
      const report = await withUpkeep(options.data, terminal, (ports) =>
        verifyLake(ports, { deep: options.deep === true, fix: options.fix === true }),
      );
      const wrong = report.damages.filter(({ isFixed }) => isFixed !== true);
      if (report.damages.length > 0 || options.format !== 'table')
        printRows(terminal, options.format, report.damages, columns);
      terminal.err(
        `${report.files} files with ${report.rows.toLocaleString('en')} rows looked at: ${wrong.length === 0 ? 'all as it should be' : `${wrong.length} things are wrong`}.\n`,
      );
      if (wrong.length > 0) throw new Exit(1);
    });
}
