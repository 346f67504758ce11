import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type NormalizedPiece, normalizeObject } from '#adapters/duckdb/normalize-object.ts';
import { createNormalizer } from '#adapters/duckdb/normalizer.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import { openSample } from '#adapters/duckdb/staging/open-sample.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { homeRegion } from '#apps/cli/lake/lake-folder.ts';
import type { Terminal } from '#apps/cli/output.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { recogniseSource } from '#core/lake/source/recognise.ts';

export interface PiecesOptions {
  /** Object key to recognise the file by, instead of its path. */
  readonly key?: string;
  /** The source, where it is known. */
  readonly named?: MappedSource | undefined;
  readonly sources: readonly MappedSource[];
}

const dayMs = 86_400_000;
const limits = { maxBytes: 16 * 1024 * 1024 * 1024, maxRatio: 1200 };

/** Normalizes one file; nothing is written but temporary files. Throws where the file cannot be read or is not recognised. */
export async function* normalizedPieces(
  file: string,
  options: PiecesOptions,
  terminal: Terminal,
): AsyncGenerator<NormalizedPiece> {
  const path = resolve(terminal.cwd, file);
  const receivedAt = modifiedTime(path);
  const folder = mkdtempSync(join(tmpdir(), 'yagura-normalize-'));
  const database = await openDuckDb({ threads: 2, memoryMiB: 1024, spillFolder: folder });
  try {
    let counter = 0;
    const newFile = (ending: string): string => {
      counter += 1;
      return join(folder, `${counter}.${ending}`);
    };
    const key = options.key ?? path;
    const session = await database.connect();
    const bytes = createReadStream(path, { highWaterMark: 1 << 20 });
    const { sample, body } = await openSample(key, bytes, { session, newFile });
    const source = options.named ?? recognised(recogniseSource(options.sources, sample), file);
    const normalizer = await createNormalizer(source, session);
    const latest = createSystemClock().now() + dayMs;
    yield* normalizeObject(
      { key, body, receivedAt },
      { session, normalizer, newFile, limits, region: homeRegion(terminal), latest },
    );
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
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
