import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OcsfEvent } from '#core/lake/event-json.ts';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { sampleOf } from '#core/lake/source/recognise.ts';
import { loadSchema, validateEvent } from '../ocsf/validate-event.ts';
import { isJsonObject, type JsonObject, plant } from './plant-value.ts';
import { type Outcome, openSource, type SourceUnderTest } from './source-under-test.ts';

/** What a fixture's `<name>.expected.json` holds. */
interface Expected {
  /** The object key, where the source needs one; otherwise the fixture's file name. */
  readonly key?: string;
  readonly events: readonly OcsfEvent[];
  readonly quarantined?: readonly { readonly record: number; readonly reason: string }[];
  readonly excluded?: readonly { readonly record: number; readonly rule: string }[];
}

const samplesFolder = resolve(import.meta.dirname, '../../../shared/samples');
const schema = loadSchema();

export interface SourceCases {
  /** `import.meta.dirname` of the source. */
  readonly folder: string;
  /** Published samples of the source below the samples folder, as globs; read where the folder exists. */
  readonly samples?: readonly string[];
  /** Records of the samples that the mapping rightly quarantines; none unless said. */
  readonly badSampleRecords?: number;
}

/**
 * The contract of a log source: its fixtures, its events against the OCSF schema, its own recognition, and that nothing
 * is lost whatever the input. `UPDATE_FIXTURES=1` writes the expected files anew; read them before you believe them.
 */
export function describeLogSource(source: LogSource, cases: SourceCases): void {
  const fixtures = readdirSync(join(cases.folder, 'fixtures'))
    .filter((name) => name.includes('.input.'))
    .toSorted();
  let opened: SourceUnderTest | undefined;

  beforeAll(async () => {
    opened = await openSource(source, cases.folder);
  });
  afterAll(() => opened?.close());

  const normalize = (key: string, content: Buffer): Promise<Outcome> => {
    if (opened === undefined) throw new Error(`The source ${source.id} is not open`);
    return opened.normalize(key, content);
  };
  const context = { source, cases, fixtures, normalize };

  describe(`log source ${source.id}`, () => {
    it('has a folder named after its id, with a README and fixtures', () => {
      expect(basename(cases.folder)).toBe(source.id.replaceAll('.', '-'));
      expect(existsSync(join(cases.folder, 'README.md'))).toBe(true);
      expect(fixtures.length).toBeGreaterThan(0);
    });
    describeFixtures(context);
    describeSamples(context);
    describeLosses(context);
  });
}

interface Context {
  readonly source: LogSource;
  readonly cases: SourceCases;
  readonly fixtures: readonly string[];
  readonly normalize: (key: string, content: Buffer) => Promise<Outcome>;
}

function readFixture(
  { cases }: Context,
  fixture: string,
): { content: Buffer; expectedFile: string; expected: Expected | undefined; key: string } {
  const content = readFileSync(join(cases.folder, 'fixtures', fixture));
  const expectedFile = join(cases.folder, 'fixtures', `${fixture.slice(0, fixture.indexOf('.input.'))}.expected.json`);
  const expected = existsSync(expectedFile) ? (JSON.parse(readFileSync(expectedFile, 'utf8')) as Expected) : undefined;
  return { content, expectedFile, expected, key: expected?.key ?? fixture };
}

function describeFixtures(context: Context): void {
  it.each(context.fixtures)('maps %s as expected', async (fixture) => {
    const { content, expected, expectedFile, key } = readFixture(context, fixture);
    const outcome = await context.normalize(key, content);
    const found: Expected = {
      ...(expected?.key === undefined ? {} : { key: expected.key }),
      events: outcome.events.map(({ event }) => event),
      ...(outcome.quarantined.length === 0
        ? {}
        : { quarantined: outcome.quarantined.map(({ record, reason }) => ({ record, reason })) }),
      ...(outcome.excluded.length === 0 ? {} : { excluded: outcome.excluded }),
    };
    const isUpdate = process.env['UPDATE_FIXTURES'] !== undefined;
    if (isUpdate) writeFileSync(expectedFile, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(isUpdate ? found : expected);
    expect(existsSync(expectedFile)).toBe(true);
  });

  it.each(context.fixtures)('recognises %s by its content', (fixture) => {
    const { content, key } = readFixture(context, fixture);
    // Parquet and broken files show nothing of their content.
    const readable = !fixture.endsWith('.parquet') && !fixture.includes('broken') && !fixture.includes('empty');
    expect(!readable || context.source.recognise.content(sampleOf(key, content))).toBe(true);
  });

  it.skipIf(schema === undefined).each(context.fixtures)('writes valid OCSF 1.1.0 for %s', async (fixture) => {
    const { content, key } = readFixture(context, fixture);
    const { events } = await context.normalize(key, content);
    expect(problemsOf(events)).toEqual([]);
  });

  it('sets account, Region and time on every event of a cloud source', async () => {
    if (!context.source.profiles.includes('cloud')) return;
    for (const fixture of context.fixtures) {
      const { content, key } = readFixture(context, fixture);
      for (const { event } of (await context.normalize(key, content)).events) {
        expect(event['time']).toBeTypeOf('number');
      }
    }
  });
}

function problemsOf(events: Outcome['events']): readonly string[] {
  if (schema === undefined) return [];
  return events
    .flatMap(({ record, event }) => validateEvent(schema, event).map((problem) => `record ${record}: ${problem}`))
    .slice(0, 20);
}

function describeSamples(context: Context): void {
  const files = (context.cases.samples ?? []).flatMap((glob) => globSync(glob, { cwd: samplesFolder })).toSorted();
  it.skipIf(files.length === 0 || schema === undefined)(
    'maps every record of the published samples to valid events',
    async () => {
      const reasons: string[] = [];
      for (const [file, content] of sampleContents(context, files)) {
        const outcome = await context.normalize(file, content);
        expect(problemsOf(outcome.events), file).toEqual([]);
        reasons.push(
          ...outcome.quarantined.map(({ record, reason, detail }) => `${file}: record ${record}: ${reason}: ${detail}`),
        );
        expect(outcome.events.length + outcome.quarantined.length + outcome.excluded.length, file).toBeGreaterThan(0);
      }
      expect(reasons.length, reasons.slice(0, 20).join('\n')).toBe(context.cases.badSampleRecords ?? 0);
    },
  );
}

/** JSON documents may follow each other, so that hundreds of small files are one object. */
function sampleContents(context: Context, files: readonly string[]): readonly (readonly [string, Buffer])[] {
  const contents = files.map((file) => [file, readFileSync(join(samplesFolder, file))] as const);
  if (context.source.decode.kind !== 'json' || files.length < 20) return contents;
  const decoded = contents.map(([, content]) => (content[0] === 0x1f ? gunzipSync(content) : content));
  return [[`${files[0]} and ${files.length - 1} more`, Buffer.concat(decoded)]];
}

function describeLosses(context: Context): void {
  const { source } = context;
  const texts = context.fixtures.filter((name) => !/\.(?:parquet|gz)$/.test(name));

  it('keeps the counts of an intact fixture after gzip, with a truncated copy losing only the end', async () => {
    for (const fixture of texts) {
      const { content, key } = readFixture(context, fixture);
      const whole = await context.normalize(key, content);
      expect(countOf(await context.normalize(key, gzipSync(content)))).toEqual(countOf(whole));
      const zipped = gzipSync(content);
      const cut = await context.normalize(key, zipped.subarray(0, Math.floor(zipped.length * 0.7)));
      expect(cut.quarantined.length).toBeGreaterThan(0);
      expect(cut.events.length).toBeLessThanOrEqual(whole.events.length);
    }
  });

  it('never throws and numbers its records without gap, whatever bytes are broken', async () => {
    const inputs = texts.map((fixture) => readFixture(context, fixture));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.constantFrom('delete', 'replace', 'insert'),
        fc.nat(255),
        async (which, where, how, byte) => {
          const { content, key } = inputs[which % Math.max(1, inputs.length)] ?? {
            content: Buffer.alloc(0),
            key: 'none',
          };
          const outcome = await context.normalize(key, broken(content, where, how, byte));
          const numbers = [
            ...outcome.events.map(({ record }) => record),
            ...outcome.excluded.map(({ record }) => record),
            ...outcome.quarantined.flatMap(({ record, count }) =>
              Array.from({ length: count }, (_, index) => record + index),
            ),
          ].toSorted((a, b) => a - b);
          expect(numbers).toEqual(numbers.map((_, index) => index));
        },
      ),
      { numRuns: 25, seed: 20261124 },
    );
  });

  it.skipIf(source.decode.kind !== 'json' || source.decode.expand !== undefined)(
    'loses no value of a record, known or not',
    async () => {
      const [at] = source.decode.kind === 'json' ? [source.decode.at] : [];
      const records = texts.flatMap((fixture) => recordsOf(readFixture(context, fixture).content, at));
      expect(records.length).toBeGreaterThan(0);
      const changes = fc.sample(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(6)), { minLength: 1, maxLength: 4 }), {
        numRuns: 200,
        seed: 20261124,
      });
      const changed = changes.map((planned, index) => {
        const record = structuredClone(records[index % records.length] ?? {});
        for (const [step, [place, key, kind]] of planned.entries())
          plant(record, place, key, kind, `zq${index}x${step}y${kind}w`);
        return record;
      });
      const document = at === undefined ? changed : nested(at, changed);

      const outcome = await context.normalize(texts[0] ?? '', Buffer.from(JSON.stringify(document)));

      expect(outcome.events.length + outcome.quarantined.length + outcome.excluded.length).toBe(changed.length);
      expect(outcome.events.length).toBeGreaterThan(changed.length / 4);
      for (const { record, event } of outcome.events) {
        const text = JSON.stringify(event);
        const planted = JSON.stringify(changed[record]).match(/zq\d+x\dy\dw/g) ?? [];
        expect(
          planted.filter((token) => !text.includes(token)),
          `record ${JSON.stringify(changed[record])}`,
        ).toEqual([]);
      }
    },
  );
}

function countOf(outcome: Outcome): readonly number[] {
  return [outcome.events.length, outcome.quarantined.length, outcome.excluded.length];
}

function broken(content: Buffer, where: number, how: string, byte: number): Buffer {
  const at = content.length === 0 ? 0 : where % content.length;
  const head = content.subarray(0, at);
  const tail = content.subarray(how === 'insert' ? at : at + 1);
  return Buffer.concat([head, how === 'delete' ? Buffer.alloc(0) : Buffer.from([byte]), tail]);
}

function nested(at: readonly string[], records: readonly unknown[]): unknown {
  return at.toReversed().reduce<unknown>((inner, key) => ({ [key]: inner }), records);
}

function recordsOf(content: Buffer, at: readonly string[] | undefined): readonly JsonObject[] {
  const documents = content.toString('utf8').trim();
  const found = parseAll(documents);
  const inner = found.flatMap((document) => {
    const value = (at ?? []).reduce<unknown>((level, key) => (isJsonObject(level) ? level[key] : undefined), document);
    return at !== undefined && value !== undefined ? value : document;
  });
  return inner.filter(isJsonObject);
}

function parseAll(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)].flat();
  } catch {
    return text.split('\n').flatMap((line) => {
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        return [];
      }
    });
  }
}
