import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { buildProgram, runProgram } from '#apps/cli/program.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** Runs one command of yagura in a folder and returns all it said. */
export async function runYagura(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ran> {
  const said = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    env,
    cwd,
  };
  const code = await runProgram(buildProgram(terminal), argv, terminal);
  return { code, ...said };
}

/** A folder of its own for one test, with these files; gone when the test ends. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
