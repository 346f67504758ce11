import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { NormalizedPiece } from '#adapters/duckdb/normalize-object.ts';
import { Exit } from '#apps/cli/exit.ts';
import { sourceById } from '#apps/cli/lake/lake-folder.ts';
import { normalizedPieces } from '#apps/cli/lake/normalized-pieces.ts';
import { withData } from '#apps/cli/options.ts';
import { jsonFor, type Terminal } from '#apps/cli/output.ts';
import { knownSources } from '#apps/lake/known-sources.ts';

interface NormalizeOptions {
  readonly source?: string;
  readonly key?: string;
  readonly data: string;
}

/** yagura lake normalize */
export function normalizeCommand(terminal: Terminal): Command {
  return withData(new Command('normalize'))
    .description('Print the OCSF events of log files; nothing is written.')
    .argument('<files...>', 'log files as their source writes them; gzip allowed')
    .option('--source <id>', 'the kind of log (default: recognised by key and content)')
    .option('--key <key>', 'object key to recognise it by, instead of the path')
    .addOption(new Option('--format <format>', 'how to print').choices(['jsonl']).default('jsonl'))
    .addHelpText(
      'after',
      '\nExample:\n  yagura lake normalize cloudtrail.json.gz --format jsonl\n\nQuarantined records go to standard error as JSON lines; the exit code is 3 then.\n',
    )
    .action((files: string[], options: NormalizeOptions) => normalizeFiles(files, options, terminal));
}

async function normalizeFiles(files: readonly string[], options: NormalizeOptions, terminal: Terminal): Promise<void> {
  const sources = knownSources(resolve(terminal.cwd, options.data));
  const named = options.source === undefined ? undefined : sourceById(sources, options.source);
  const key = options.key === undefined ? {} : { key: options.key };
  let quarantined = 0;
  for (const file of files) {
    for await (const piece of normalizedPieces(file, { ...key, named, sources }, terminal))
      quarantined += print(file, piece, terminal);
  }
  if (quarantined > 0) throw new Exit(3);
}

/** Prints a piece; gives how many records of it are quarantined. */
function print(file: string, piece: NormalizedPiece, terminal: Terminal): number {
  if (piece.events.length > 0) terminal.out(piece.events.map(({ event }) => `${jsonFor(event)}\n`).join(''));
  for (const { bytes, ...found } of piece.quarantined) {
    terminal.err(`${jsonFor({ file, ...found, bytes: bytes.toString('base64') })}\n`);
  }
  return piece.quarantined.length;
}
