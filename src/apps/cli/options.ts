import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { type Format, plain, type Terminal } from '#apps/cli/output.ts';
import type { Config } from '#core/config/config-schema.ts';
import { type ConfigProblem, parseConfig } from '#core/config/parse-config.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { StateStore } from '#ports/state-store.ts';

export type DataOptions = { readonly data: string; readonly config?: string };

export type StoreOptions = DataOptions & { readonly table?: string };

/** Adds --data and --config. */
export function withData(command: Command): Command {
  return command
    .option('--data <dir>', 'folder of data', './.yagura')
    .option('--config <file>', 'yagura.yaml (default: ./yagura.yaml)');
}

/** Adds --data, --config and --table: the state of either home. */
export function withState(command: Command): Command {
  return withData(command).option(
    '--table <name>',
    'DynamoDB table of the AWS home, instead of --data (or YAGURA_TABLE)',
  );
}

/** Adds --format. */
export function withFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'how to print')
      .choices(['table', 'json', 'jsonl'] satisfies Format[])
      .default('table'),
  );
}

/** Reads a whole number within bounds; anything else is wrong usage. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  };
}

/** Text of yagura.yaml: the named file, else ./yagura.yaml, else undefined (the sample organization). */
export function readConfigText(options: { config?: string }, terminal: Terminal): string | undefined {
  const path = resolve(terminal.cwd, options.config ?? 'yagura.yaml');
  if (options.config === undefined && !existsSync(path)) return undefined;
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

/** The configuration, or an error that lists its problems. */
export function loadConfig(text: string, name: string): Config {
  const { config, problems } = parseConfig(text, createSystemClock().now());
  if (config !== undefined) return config;
  const lines = problems
    .filter((problem) => problem.severity === 'error')
    .map((problem) => `  ${problemLine(name, problem)}`);
  throw new YaguraError('config.invalid', `${name} cannot be used:\n${lines.join('\n')}`);
}

/** `yagura.yaml:12:5 error: …` */
export function problemLine(name: string, problem: ConfigProblem): string {
  const suggestion = problem.suggestion === null ? '' : ` – ${problem.suggestion}`;
  return plain(
    `${name}:${problem.line}:${problem.column} ${problem.severity}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}${suggestion}`,
  );
}

/** The state of the AWS home where a table is named, else of the embedded home that ran before (the sample's when there is no other). */
export async function openStore(options: StoreOptions, terminal: Terminal): Promise<StateStore> {
  const table = options.table ?? terminal.env['YAGURA_TABLE'];
  if (table !== undefined && table !== '') {
    // The SDK is loaded only where it is needed: everything else starts faster.
    const { openTable } = await import('#apps/cli/open-table.ts');
    return openTable(table);
  }
  const dir = resolve(terminal.cwd, options.data);
  const isSample = readConfigText(options, terminal) === undefined;
  const path = join(dir, isSample ? 'sample.db' : 'yagura.db');
  if (!existsSync(path))
    throw new YaguraError(
      'not-found',
      `There is no data in ${dir} yet. Start once with: yagura up --data ${options.data}`,
    );
  return openSqliteStore({ path });
}
