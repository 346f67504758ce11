import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { createSystemClock } from '#adapters/system/clock.ts';
import { Exit } from '#apps/cli/exit.ts';
import { problemLine, withFormat } from '#apps/cli/options.ts';
import { type Format, printRows, type Terminal } from '#apps/cli/output.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

/** yagura config check */
export function configCommand(terminal: Terminal): Command {
  const check = withFormat(new Command('check'))
    .description('Check yagura.yaml: every problem with line, column and a suggestion.')
    .option('--config <file>', 'yagura.yaml', 'yagura.yaml')
    .addHelpText('after', '\nExample:\n  yagura config check --config yagura.yaml\n')
    .action((options: { config: string; format: Format }) => {
      const { problems } = parseConfig(read(resolve(terminal.cwd, options.config)), createSystemClock().now());
      if (options.format !== 'table') printRows(terminal, options.format, problems, []);
      else for (const problem of problems) terminal.out(`${problemLine(options.config, problem)}\n`);
      const errors = problems.filter((problem) => problem.severity === 'error').length;
      terminal.err(
        errors === 0
          ? `${options.config} is valid${problems.length === 0 ? '' : ` (${counted(problems.length, 'warning')})`}.\n`
          : `${options.config} has ${counted(errors, 'error')}.\n`,
      );
      if (errors > 0) throw new Exit(1);
    });
  return new Command('config').description('Work with yagura.yaml.').addCommand(check);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new YaguraError(
      'config.unreadable',
      `Cannot read ${path}: ${messageOf(cause)}. Name the file with --config.`,
      { cause },
    );
  }
}
