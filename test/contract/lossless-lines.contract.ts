import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalizeObject } from '#adapters/duckdb/normalize-object.ts';
import { createNormalizer, type Normalizer } from '#adapters/duckdb/normalizer.ts';
import { type DuckDb, type DuckDbSession, openDuckDb } from '#adapters/duckdb/session.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { loadSchema, validateEvent } from '../ocsf/validate-event.ts';

const receivedAt = Date.UTC(2026, 10, 24);
const schema = loadSchema();

export interface LosslessLines {
  /** `import.meta.dirname` of the source. */
  readonly folder: string;
  /** Only fixtures whose names match; each of their lines is a record. */
  readonly fixtures?: RegExp;
}

/**
 * The contract of a source of text lines, one record each: whatever word of a line is another one, it is found again in
 * the event, or the record is quarantined; and the event is valid.
 */
export function describeLosslessLines(source: LogSource, { folder, fixtures }: LosslessLines): void {
  const lines = readdirSync(join(folder, 'fixtures'))
    .filter((name) => name.includes('.input.') && !name.includes('empty') && (fixtures?.test(name) ?? true))
    .toSorted()
    .flatMap((name) => readFileSync(join(folder, 'fixtures', name), 'utf8').split(/\r?\n/))
    .filter((line) => line !== '');

  describe(`lines of ${source.id}`, () => {
    let database: DuckDb;
    let session: DuckDbSession;
    let normalizer: Normalizer;
    let temporary: string;

    beforeAll(async () => {
      temporary = mkdtempSync(join(tmpdir(), 'yagura-lines-'));
      database = await openDuckDb({ threads: 1, memoryMiB: 512 });
      session = await database.connect();
      normalizer = await createNormalizer(
        { ...source, mapSql: readFileSync(join(folder, 'map.sql'), 'utf8') },
        session,
      );
    });
    afterAll(() => {
      database?.close();
      rmSync(temporary, { recursive: true, force: true });
    });

    it('keeps each word of a line in its event, or quarantines the line', async () => {
      const changed = changedLines(lines);

      const { events, quarantined } = await normalized(changed, { session, normalizer, temporary });

      expect(events.size + quarantined).toBe(changed.length);
      expect(events.size).toBeGreaterThan(changed.length / 2);
      const problems = [...events].flatMap(([record, event]) => problemsOf(event, changed[record]));
      expect(problems.slice(0, 10)).toEqual([]);
    });
  });
}

interface Means {
  readonly session: DuckDbSession;
  readonly normalizer: Normalizer;
  readonly temporary: string;
}

async function normalized(
  changed: readonly ChangedLine[],
  { session, normalizer, temporary }: Means,
): Promise<{ readonly events: ReadonlyMap<number, unknown>; readonly quarantined: number }> {
  const events = new Map<number, unknown>();
  let quarantined = 0;
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
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(changed.map(({ line }) => line).join('\n'));
  }
  for await (const piece of normalizeObject({ key: 'lines.log', body: body(), receivedAt }, settings)) {
    for (const { record, event } of piece.events) events.set(record, event);
    quarantined += piece.quarantined.length;
  }
  return { events, quarantined };
}

function problemsOf(event: unknown, changed: ChangedLine | undefined): readonly string[] {
  if (changed === undefined) return ['an event of no line'];
  const isLost = !JSON.stringify(event).includes(changed.token);
  const invalid = schema === undefined ? [] : validateEvent(schema, event);
  return [...(isLost ? [`${changed.token} is lost`] : []), ...invalid].map((problem) => `${problem}: ${changed.line}`);
}

interface ChangedLine {
  readonly line: string;
  readonly token: string;
}

/** Every line several times, each time with another of its words replaced. */
function changedLines(lines: readonly string[]): readonly ChangedLine[] {
  const places = fc.sample(fc.nat(), { numRuns: Math.max(1500, lines.length * 6), seed: 20_261_124 });
  return places.map((place, index) => {
    const line = lines[index % lines.length] ?? '';
    const words = [...line.matchAll(/[A-Za-z0-9]+/g)];
    const word = words[place % words.length];
    const token = `zq${index}x`;
    const at = word?.index ?? 0;
    return { line: `${line.slice(0, at)}${token}${line.slice(at + (word?.[0].length ?? 0))}`, token };
  });
}
