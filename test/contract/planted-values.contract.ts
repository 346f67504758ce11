import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeObject } from '#adapters/duckdb/normalize-object.ts';
import { createNormalizer } from '#adapters/duckdb/normalizer.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';

type JsonObject = Record<string, unknown>;

export interface PlantedCases {
  /** `import.meta.dirname` of the source. */
  readonly folder: string;
  /** Names of fixtures with JSON documents, one a line or one in all. */
  readonly fixtures: readonly string[];
  /** How many documents are changed; 150 unless said. */
  readonly documents?: number;
}

/**
 * For JSON sources whose records are expanded by code: values planted anywhere in the documents of fixtures, under new
 * keys and in place of known values, are found again in an event, or in the bytes of a quarantined record.
 */
export function describePlantedValues(declared: LogSource, cases: PlantedCases): void {
  describe(`values planted in documents of ${declared.id}`, () => {
    it('are found in an event or in the quarantine', async () => {
      const at = declared.decode.kind === 'json' ? (declared.decode.at ?? []) : [];
      const originals = cases.fixtures
        .flatMap((name) => documentsIn(readFileSync(join(cases.folder, 'fixtures', name), 'utf8')))
        .flatMap((document) => recordsAt(at, document));
      const plans = fc.sample(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(6)), { minLength: 1, maxLength: 3 }), {
        numRuns: cases.documents ?? 150,
        seed: 20261124,
      });
      const changed = plans.map((plan, index) => {
        const document = structuredClone(originals[index % originals.length] ?? {});
        for (const [step, [place, key, kind]] of plan.entries())
          plant(document, place, key, kind, `zq${index}x${step}y${kind}w`);
        return JSON.stringify(document);
      });

      const { events, text } = await normalizedText(declared, cases.folder, `${changed.join('\n')}\n`);

      const missing = changed.flatMap((document) =>
        (document.match(/zq\d+x\dy\dw/g) ?? [])
          .filter((token) => !text.includes(token))
          .map((token) => `${token} in ${document}`),
      );
      expect(missing.slice(0, 3)).toEqual([]);
      expect(events).toBeGreaterThan(changed.length / 3);
    });
  });
}

function documentsIn(text: string): readonly JsonObject[] {
  try {
    return [JSON.parse(text) as JsonObject | JsonObject[]].flat();
  } catch {
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject); // fixtures hold one object a line
  }
}

/** What stands around the records of a file belongs to no record. */
function recordsAt(at: readonly string[], document: JsonObject): readonly JsonObject[] {
  const list = at.reduce<unknown>((level, key) => Object(level)[key], document); // Object() of anything has no such key
  return Array.isArray(list) ? (list as JsonObject[]) : [document];
}

async function normalizedText(
  source: LogSource,
  folder: string,
  content: string,
): Promise<{ readonly events: number; readonly text: string }> {
  const temporary = mkdtempSync(join(tmpdir(), 'yagura-planted-'));
  const database = await openDuckDb({ threads: 1, memoryMiB: 512 });
  try {
    const session = await database.connect();
    const normalizer = await createNormalizer(
      { ...source, mapSql: readFileSync(join(folder, 'map.sql'), 'utf8') },
      session,
    );
    let files = 0;
    const newFile = (ending: string): string => {
      files += 1;
      return join(temporary, `${files}.${ending}`);
    };
    const limits = { maxBytes: 1 << 30, maxRatio: 2000 };
    const settings = { session, normalizer, newFile, limits, region: 'ap-northeast-1', latest: Date.UTC(2026, 10, 25) };
    const body = (async function* () {
      yield Buffer.from(content);
    })();
    const found: string[] = [];
    let events = 0;
    for await (const piece of normalizeObject(
      { key: 'planted.json', body, receivedAt: Date.UTC(2026, 10, 24) },
      settings,
    )) {
      events += piece.events.length;
      found.push(...piece.events.map(({ event }) => JSON.stringify(event)));
      found.push(...piece.quarantined.map(({ bytes }) => bytes.toString('utf8')));
    }
    return { events, text: found.join('\n') };
  } finally {
    database.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Puts a value that can be found again at some place of a document: under a new key, or in place of a value. */
function plant(document: JsonObject, place: number, key: number, kind: number, token: string): void {
  const objects = objectsOf(document);
  const target = objects[place % objects.length] ?? document;
  const names = Object.keys(target);
  const name = key % 3 === 0 || names.length === 0 ? `new${key % 7}` : (names[key % names.length] ?? 'new');
  const values = [
    token,
    [token],
    { deep: token },
    { deep: { deeper: [token] } },
    [{ inside: token }],
    token.padEnd(40, 'p'),
    { 'a.b': token },
  ];
  target[name] = values[kind % values.length];
}

/** Objects of a document, those in lists too. */
function objectsOf(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as JsonObject, ...Object.values(value).flatMap(objectsOf)];
}
