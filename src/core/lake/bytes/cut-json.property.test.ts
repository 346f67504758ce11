import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cut } from './cut.ts';
import { createJsonCutter } from './cut-json.ts';
import type { JsonCutterOptions } from './json-state.ts';

type Framing = {
  readonly options: JsonCutterOptions;
  /** Puts records (JSON texts) into one input. */
  readonly frame: (records: readonly string[]) => string;
  /** What may be left of the frame when all cuts are taken out, besides separators. */
  readonly envelope?: RegExp;
};

const inGroups = (records: readonly string[], group: (records: readonly string[]) => string): string =>
  Array.from({ length: Math.ceil(records.length / 3) }, (_, n) => group(records.slice(3 * n, 3 * n + 3))).join('');

const records = { options: { at: ['Records'] }, envelope: /\{"Records":\[|\]\}/g };

const framings: Readonly<Record<string, Framing>> = {
  'JSON lines': { options: {}, frame: (all) => `${all.join('\n')}\n` },
  'JSON lines with CRLF': { options: {}, frame: (all) => all.join('\r\n') },
  'JSON lines with commas': { options: {}, frame: (all) => all.join(',\n') },
  'documents one behind the other': { options: {}, frame: (all) => all.join('') },
  'a bare array': { options: {}, frame: (all) => `[${all.join(',')}]` },
  'a bare array on lines': { options: {}, frame: (all) => `[\n${all.join(',\n')}\n]\n` },
  'bare arrays': { options: {}, frame: (all) => inGroups(all, (some) => `[${some.join(',')}]\n`) },
  'a document': { ...records, frame: (all) => `{"Records":[${all.join(',')}]}` },
  'documents on lines': { ...records, frame: (all) => inGroups(all, (some) => `{"Records":[${some.join(',')}]}\n`) },
  'the envelopes of CloudWatch Logs': {
    options: { at: ['logEvents'], keepEnvelope: true },
    envelope: /\{"owner":"111122223333","logEvents":\[|\]\}/g,
    frame: (all) => inGroups(all, (some) => `{"owner":"111122223333","logEvents":[${some.join(',')}]}`),
  },
  'an array inside objects': {
    options: { at: ['detail', 'findings'] },
    envelope: /\{"detail":\{"x":\[1\],"findings":\[|\],"y":\{\}\},"z":2\}/g,
    frame: (all) => `{"detail":{"x":[1],"findings":[${all.join(',')}],"y":{}},"z":2}`,
  },
};

/** Values that look like the frame around records, among others. */
const treacherous = fc.constantFrom('{', '}', '"', ',{"id":1}', '[{"a":1},{"b":2}]', '\\', '日本', ']}', '', ':', '\n');

const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    treacherous,
    fc.integer(),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.record({ k: fc.nat(9), v: tie('value') }), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'name', '{', 'é'), tie('value'), { maxKeys: 3 }),
  ),
}));

/** Records as services write them: their first key is always the same. */
const record = fc
  .tuple(fc.nat(999), fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), anyValue, { maxKeys: 4 }))
  .map(([id, rest]) => JSON.stringify({ eventVersion: `1.${id}`, ...rest }));

const damage = fc.record({
  kind: fc.constantFrom('delete', 'insert', 'replace', 'truncate'),
  place: fc.nat(),
  byte: fc.oneof(fc.constantFrom(...'{}[],:"\\\n\0x5'), fc.constantFrom('\xff', '\xe9')),
});

/** Changes one byte, or cuts the end off. */
function damaged(text: string, { kind, place, byte }: { kind: string; place: number; byte: string }): Buffer {
  const bytes = Buffer.from(text);
  const at = place % bytes.length;
  const replacement = kind === 'insert' || kind === 'replace' ? Buffer.from(byte, 'latin1') : Buffer.alloc(0);
  const rest = kind === 'insert' ? at : at + 1;
  return Buffer.concat([bytes.subarray(0, at), replacement, kind === 'truncate' ? replacement : bytes.subarray(rest)]);
}

function cutAll(bytes: Buffer, options: JsonCutterOptions, size: number): Cut[] {
  const cutter = createJsonCutter(options);
  const cuts: Cut[] = [];
  for (let at = 0; at < bytes.length; at += size) cuts.push(...cutter.push(bytes.subarray(at, at + size)));
  return [...cuts, ...cutter.end()];
}

const lengthOf = (cut: Cut): number => (cut.kind === 'record' ? cut.bytes.length : cut.length);

/** What no cut covers; cuts are in order and do not overlap. */
function uncovered(bytes: Buffer, cuts: readonly Cut[]): string {
  let at = 0;
  let left = '';
  for (const cut of cuts) {
    expect(cut.offset).toBeGreaterThanOrEqual(at);
    left += `${bytes.toString('latin1', at, cut.offset)} `;
    at = cut.offset + lengthOf(cut);
  }
  expect(at).toBeLessThanOrEqual(bytes.length);
  return left + bytes.toString('latin1', at);
}

type Damaged = { readonly bytes: Buffer; readonly intact: readonly { readonly text: string; readonly at: number }[] };

/** Frames records of which one is damaged, and tells where the others are. */
function framed(
  framing: Framing,
  all: readonly string[],
  which: number,
  change: Parameters<typeof damaged>[1],
): Damaged {
  const victim = which % all.length;
  const mark = '{"eventVersion":"to be replaced"}';
  const text = framing.frame(all.map((one, index) => (index === victim ? mark : one)));
  const broken = damaged(all[victim] ?? '', change);
  const [before = '', behind = ''] = text.split(mark).map((part) => Buffer.from(part).toString('latin1'));
  let at = 0;
  const intact = all.flatMap((one, index) => {
    const latin1 = Buffer.from(one).toString('latin1');
    if (index === victim) {
      at = before.length;
      return [];
    }
    at = (index < victim ? before : before + ' '.repeat(mark.length) + behind).indexOf(latin1, at);
    const shift = index < victim ? 0 : broken.length - mark.length;
    const found = { text: one, at: at + shift };
    at += latin1.length;
    return [found];
  });
  return { bytes: Buffer.concat([Buffer.from(before, 'latin1'), broken, Buffer.from(behind, 'latin1')]), intact };
}

const input = fc.record({
  all: fc.array(record, { minLength: 1, maxLength: 7 }),
  which: fc.nat(),
  change: damage,
  size: fc.constantFrom(1, 5, 64, 100_000),
});

describe.each(Object.entries(framings))('records in %s', (_name, framing) => {
  it('come back exactly', () => {
    fc.assert(
      fc.property(input, ({ all, size }) => {
        const bytes = Buffer.from(framing.frame(all));

        const cuts = cutAll(bytes, framing.options, size);

        expect(cuts.map((cut) => [cut.kind, cut.bytes.toString()])).toEqual(all.map((one) => ['record', one]));
        expect(uncovered(bytes, cuts).replace(framing.envelope ?? '', '')).toMatch(/^[\s,[\]]*$/);
      }),
    );
  });

  it('of which one is damaged are all in some cut, and nothing but the frame is in none', () => {
    fc.assert(
      fc.property(input, ({ all, which, change, size }) => {
        const { bytes, intact } = framed(framing, all, which, change);

        const cuts = cutAll(bytes, framing.options, size);

        for (const { text, at } of intact) {
          const end = at + Buffer.byteLength(text);
          const holder = cuts.find((cut) => cut.offset <= at && cut.offset + lengthOf(cut) >= end);
          expect(holder).toBeDefined();
          // A record inside another is not lost silently only when that one is broken, or became valid with it.
          if (holder?.kind === 'record' && holder.bytes.toString() !== text) JSON.parse(holder.bytes.toString());
        }
        expect(uncovered(bytes, cuts).replace(framing.envelope ?? '', '')).toMatch(/^[\s,[\]{}]*$/);
      }),
    );
  });

  it('of which one is damaged are cut the same wherever chunks end', () => {
    fc.assert(
      fc.property(input, ({ all, which, change, size }) => {
        const { bytes } = framed(framing, all, which, change);

        expect(cutAll(bytes, framing.options, size)).toEqual(cutAll(bytes, framing.options, bytes.length));
      }),
      { numRuns: 50 },
    );
  });

  it('of which one is damaged come back exactly and in order, but for one in a thousand', () => {
    let [neighbours, lost] = [0, 0];
    fc.assert(
      fc.property(input, ({ all, which, change, size }) => {
        const { bytes, intact } = framed(framing, all, which, change);

        const cuts = cutAll(bytes, framing.options, size);

        const found = new Set(
          cuts.flatMap((cut) => (cut.kind === 'record' ? `${cut.offset} ${cut.bytes.toString()}` : [])),
        );
        neighbours += intact.length;
        lost += intact.filter(({ text, at }) => !found.has(`${at} ${text}`)).length;
      }),
      { seed: 20_260_101, numRuns: 500 },
    );

    expect(neighbours).toBeGreaterThan(1000);
    expect(lost).toBeLessThanOrEqual(neighbours / 1000);
  });
});
