import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NormalizedPiece, normalizeObject } from '#adapters/duckdb/normalize-object.ts';
import { createNormalizer } from '#adapters/duckdb/normalizer.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';

/** When the objects of these tests were received, epoch ms. */
export const receivedAt = Date.UTC(2026, 10, 24);

/** What became of all records of one object. */
export interface Outcome {
  readonly events: NormalizedPiece['events'];
  readonly quarantined: NormalizedPiece['quarantined'];
  readonly excluded: NormalizedPiece['excluded'];
}

export interface SourceUnderTest {
  normalize(key: string, content: Buffer): Promise<Outcome>;
  close(): void;
}

/** A source with the map.sql of its folder, on a database of its own. */
export async function openSource(source: LogSource, folder: string): Promise<SourceUnderTest> {
  const temporary = mkdtempSync(join(tmpdir(), 'yagura-source-'));
  const database = await openDuckDb({ threads: 1, memoryMiB: 512 });
  const session = await database.connect();
  const mapSql = readFileSync(join(folder, 'map.sql'), 'utf8');
  const normalizer = await createNormalizer({ ...source, mapSql }, session);
  let counter = 0;
  const settings = {
    session,
    normalizer,
    newFile: (ending: string) => {
      counter += 1;
      return join(temporary, `${counter}.${ending}`);
    },
    limits: { maxBytes: 1 << 30, maxRatio: 2000 },
    region: 'ap-northeast-1',
    latest: receivedAt + 86_400_000,
  };
  return {
    normalize: async (key, content) => {
      const pieces: NormalizedPiece[] = [];
      const body = (async function* () {
        yield content;
      })();
      for await (const piece of normalizeObject({ key, body, receivedAt }, settings)) pieces.push(piece);
      return {
        events: pieces.flatMap((piece) => piece.events),
        quarantined: pieces.flatMap((piece) => piece.quarantined),
        excluded: pieces.flatMap((piece) => piece.excluded),
      };
    },
    close: () => {
      database.close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
