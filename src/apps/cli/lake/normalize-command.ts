import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type NormalizedPiece, normalizeObject } from '#adapters/duckdb/normalize-object.ts';
import { createNormalizer } from '#adapters/duckdb/normalizer.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import { openSample } from '#adapters/duckdb/staging/open-sample.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { Exit } from '#apps/cli/exit.ts';
import { homeRegion, sourceById } from '#apps/cli/lake/lake-folder.ts';
import { jsonFor, type Terminal } from '#apps/cli/output.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { recogniseSource } from '#core/lake/source/recognise.ts';
import { logSources } from '#generated/sources.ts';

interface NormalizeOptions {
  readonly source?: string;
  readonly key?: string;
}

const dayMs = 86_400_000;
const limits = { maxBytes: 16 * 1024 * 1024 * 1024, maxRatio: 1200 };

/** yagura lake normalize */
export function normalizeCommand(terminal: Terminal): Command {
  return new Command('normalize')
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
  const named = options.source === undefined ? undefined : sourceById(options.source);
  const folder = mkdtempSync(join(tmpdir(), 'yagura-normalize-'));
  const database = await openDuckDb({ threads: 2, memoryMiB: 1024, spillFolder: folder });
  let quarantined = 0;
  try {
    for (const file of files) {
      for await (const piece of piecesOf(file, { ...options, named, folder, database }, terminal))
        quarantined += print(file, piece, terminal);
    }
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
  if (quarantined > 0) throw new Exit(3);
}

interface Opened extends NormalizeOptions {
  readonly named: MappedSource | undefined;
  readonly folder: string;
  readonly database: Awaited<ReturnType<typeof openDuckDb>>;
}

async function* piecesOf(file: string, opened: Opened, terminal: Terminal): AsyncGenerator<NormalizedPiece> {
  const path = resolve(terminal.cwd, file);
  const key = opened.key ?? path;
  const modifiedAt = modifiedTime(path);
  const session = await opened.database.connect();
  let counter = 0;
  const newFile = (ending: string): string => {
    counter += 1;
    return join(opened.folder, `${counter}.${ending}`);
  };
  try {
    const { sample, body } = await openSample(key, createReadStream(path, { highWaterMark: 1 << 20 }), {
      session,
      newFile,
    });
    const source = opened.named ?? recognised(recogniseSource<MappedSource>(logSources, sample), file);
    yield* normalizeObject(
      { key, body, receivedAt: modifiedAt },
      {
        session,
        normalizer: await createNormalizer(source, session),
        newFile,
        limits,
        region: homeRegion(terminal),
        latest: createSystemClock().now() + dayMs,
      },
    );
  } finally {
    session.close();
  }
}

function modifiedTime(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch (cause) {
    throw new YaguraError('input.unreadable', `Cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}

function recognised(found: ReturnType<typeof recogniseSource<MappedSource>>, file: string): MappedSource {
  if (found.ok) return found.source;
  const near = found.nearest.map((source) => source.id);
  const hint = near.length > 0 ? `It may be one of: ${near.join(', ')}.` : 'Nothing comes near.';
  throw new YaguraError(
    'lake.unrecognised',
    `The log source of ${file} is not recognised. ${hint} Name it with --source (see: yagura sources list) or give its object key with --key.`,
  );
}

/** Prints a piece; gives how many records of it are quarantined. */
function print(file: string, piece: NormalizedPiece, terminal: Terminal): number {
  if (piece.events.length > 0) terminal.out(piece.events.map(({ event }) => `${jsonFor(event)}\n`).join(''));
  for (const { bytes, ...found } of piece.quarantined) {
    terminal.err(`${jsonFor({ file, ...found, bytes: bytes.toString('base64') })}\n`);
  }
  return piece.quarantined.length;
}
