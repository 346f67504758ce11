import { execFile } from 'node:child_process';
import { join } from 'node:path';

export type Ran = { readonly out: string; readonly err: string };
/** Runs one command line of yagura in the repository's folder. */
export type RunYagura = (argv: readonly string[]) => Promise<Ran>;

/** The moment at which the examples of the guides are played: 14 January 2026, 23:30 in Tokyo. */
export const EXAMPLE_TIME = Date.UTC(2026, 0, 14, 14, 30);

/** Runs the real program, with its clock standing still, so that the same text always gives the same output. */
export function spawnYagura(root: string): RunYagura {
  const clock = `data:text/javascript,Date.now=()=>${EXAMPLE_TIME}`;
  return (argv) =>
    new Promise((resolve) => {
      const args = ['--import', clock, join(root, 'bin/yagura.js'), ...argv];
      execFile(process.execPath, args, { cwd: root, env: { ...process.env, COLUMNS: '80' } }, (_error, out, err) =>
        resolve({ out, err }),
      );
    });
}
