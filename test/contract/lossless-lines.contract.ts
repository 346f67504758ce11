import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { loadSchema, validateEvent } from '../ocsf/validate-event.ts';
import { openSource, type SourceUnderTest } from './source-under-test.ts';

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
    it('keeps each word of a line in its event, or quarantines the line', async () => {
      const changed = changedLines(lines);

      const { events, quarantined } = await normalized(changed, await openSource(source, folder));

      expect(events.size + quarantined).toBe(changed.length);
      expect(events.size).toBeGreaterThan(changed.length / 2);
      const problems = [...events].flatMap(([record, event]) => problemsOf(event, changed[record]));
      expect(problems.slice(0, 10)).toEqual([]);
    });
  });
}

async function normalized(
  changed: readonly ChangedLine[],
  opened: SourceUnderTest,
): Promise<{ readonly events: ReadonlyMap<number, unknown>; readonly quarantined: number }> {
  try {
    const content = Buffer.from(changed.map(({ line }) => line).join('\n'));
    const { events, quarantined } = await opened.normalize('lines.log', content);
    return { events: new Map(events.map(({ record, event }) => [record, event])), quarantined: quarantined.length };
  } finally {
    opened.close();
  }
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
