import type { RunYagura } from './run-yagura.ts';

const BLOCK = /^(\s*)```console\n([\s\S]*?)^\1```$/gm;

/** Runs the commands of every ```console block (lines that start with "$ npx yagura") and writes what they print below them. */
export async function refreshConsoleBlocks(markdown: string, run: RunYagura): Promise<string> {
  const blocks = [...markdown.matchAll(BLOCK)];
  const fresh = await Promise.all(blocks.map(([, indent = '', body = '']) => blockText(indent, body, run)));
  let index = 0;
  return markdown.replace(BLOCK, () => fresh[index++] ?? '');
}

async function blockText(indent: string, body: string, run: RunYagura): Promise<string> {
  const commands = body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('$ '));
  const parts = await Promise.all(commands.map(async (command) => [command, ...(await output(command, run))]));
  const lines = ['```console', ...parts.flat(), '```'];
  return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n');
}

async function output(command: string, run: RunYagura): Promise<string[]> {
  const argv = argvOf(command.slice('$ '.length));
  if (argv === undefined) throw new Error(`a console block runs "npx yagura …" only, not: ${command}`);
  const { out, err } = await run(argv);
  return `${out}${err}`.trimEnd().split('\n');
}

/** The arguments of `npx yagura …`; undefined for another program. */
export function argvOf(command: string): string[] | undefined {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  return words[0] === 'npx' && words[1] === 'yagura' ? words.slice(2) : undefined;
}
