import { Command, CommanderError } from 'commander';
import { auditCommand } from '#apps/cli/audit-command.ts';
import { configCommand } from '#apps/cli/config-command.ts';
import { deliveriesCommand } from '#apps/cli/deliveries-command.ts';
import { doctorCommand } from '#apps/cli/doctor-command.ts';
import { eventsCommand } from '#apps/cli/events-command.ts';
import { exceptionsCommand } from '#apps/cli/exceptions-command.ts';
import { Exit, type ExitCode } from '#apps/cli/exit.ts';
import { findingsCommand } from '#apps/cli/findings-command.ts';
import { lakeCommand } from '#apps/cli/lake/lake-command.ts';
import { notifyCommand } from '#apps/cli/notify-command.ts';
import type { Terminal } from '#apps/cli/output.ts';
import { searchCommand } from '#apps/cli/search-command.ts';
import { sourcesCommand } from '#apps/cli/sources-command.ts';
import { upCommand } from '#apps/cli/up-command.ts';
import { version } from '#apps/version.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

/** The command line: nouns and verbs. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('yagura')
    .description('Security operations for companies with many AWS accounts.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(`${text.trim()}\nTry --help.\n`),
    })
    .showSuggestionAfterError();
  const makers = [
    upCommand,
    configCommand,
    doctorCommand,
    eventsCommand,
    findingsCommand,
    exceptionsCommand,
    deliveriesCommand,
    auditCommand,
    notifyCommand,
    sourcesCommand,
    lakeCommand,
    searchCommand,
  ];
  for (const make of makers) program.addCommand(make(terminal));
  inherit(program, terminal);
  return program;
}

/** Runs one command; errors become one line on standard error and an exit code. */
export async function runProgram(program: Command, argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof Exit) return thrown.code;
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    terminal.err(`yagura: ${messageOf(thrown)}\n`);
    if (!(thrown instanceof YaguraError) && terminal.env['YAGURA_DEBUG'] !== undefined && thrown instanceof Error)
      terminal.err(`${thrown.stack ?? ''}\n`);
    return 1;
  }
}

// Subcommands made elsewhere do not inherit how errors leave.
function inherit(command: Command, terminal: Terminal): void {
  for (const child of command.commands) {
    child.exitOverride().configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(`${text.trim()}\nTry --help.\n`),
    });
    inherit(child, terminal);
  }
}
