import { vi } from 'vitest';
import { buildProgram, runProgram } from '#apps/cli/program.ts';
import { EXAMPLE_TIME, type Ran } from '../../scripts/docs/run-yagura.ts';
import { root } from './guides.ts';

/** Runs a command line in this process, from the given folder, at the moment the guides show. */
export async function runHere(argv: readonly string[], cwd = root): Promise<Ran & { code: number }> {
  const printed = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      printed.out += text;
    },
    err: (text: string) => {
      printed.err += text;
    },
    env: {},
    cwd,
  };
  const clock = vi.spyOn(Date, 'now').mockReturnValue(EXAMPLE_TIME);
  try {
    const code = await runProgram(buildProgram(terminal), argv, terminal);
    return { ...printed, code };
  } finally {
    clock.mockRestore();
  }
}

/** What is wrong with a command line of yagura, without doing what it says; undefined when it is fine. */
export async function misused(argv: readonly string[]): Promise<string | undefined> {
  let err = '';
  const terminal = {
    out: () => {},
    err: (text: string) => {
      err += text;
    },
    env: {},
    cwd: root,
  };
  const program = buildProgram(terminal);
  const disarm = (command: typeof program): void => {
    for (const child of command.commands) {
      if (child.commands.length === 0) child.action(() => {});
      disarm(child);
    }
  };
  disarm(program);
  const code = await runProgram(program, argv, terminal);
  return code === 0 ? undefined : err;
}
