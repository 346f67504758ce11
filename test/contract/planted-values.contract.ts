import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { type JsonObject, plant } from './plant-value.ts';
import { openSource } from './source-under-test.ts';

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
  const opened = await openSource(source, folder);
  try {
    const { events, quarantined } = await opened.normalize('planted.json', Buffer.from(content));
    const found = [
      ...events.map(({ event }) => JSON.stringify(event)),
      ...quarantined.map(({ bytes }) => bytes.toString('utf8')),
    ];
    return { events: events.length, text: found.join('\n') };
  } finally {
    opened.close();
  }
}
