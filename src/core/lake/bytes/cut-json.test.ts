import { describe, expect, it } from 'vitest';
import type { Cut, Cutter } from './cut.ts';
import cases from './cut-json.cases.json' with { type: 'json' };
import { createJsonCutter } from './cut-json.ts';
import type { JsonCutterOptions } from './json-state.ts';

type Case = { name: string; given: string; expected: string[]; at?: string[]; keepEnvelope?: boolean };

function cutAll(input: string | Buffer, options: JsonCutterOptions = {}, size = Number.MAX_SAFE_INTEGER): Cut[] {
  const cutter = createJsonCutter(options);
  const bytes = Buffer.from(input);
  const cuts: Cut[] = [];
  for (let at = 0; at < bytes.length; at += size) cuts.push(...cutter.push(bytes.subarray(at, at + size)));
  return [...cuts, ...cutter.end()];
}

function told(cut: Cut): string {
  if (cut.kind === 'trouble') return `${cut.reason} ${cut.records}: ${cut.bytes.toString()}`;
  const envelope = cut.envelope === undefined ? '' : ` in ${cut.envelope.toString()}`;
  return `${cut.bytes.toString()}${envelope}${cut.loneSurrogates ? ' with lone surrogates' : ''}`;
}

const summary = (cuts: readonly Cut[]): string[] =>
  cuts.map((cut) => (cut.kind === 'record' ? cut.bytes.toString() : `${cut.reason}: ${cut.length} bytes`));

describe('cutting JSON', () => {
  it.each(cases as Case[])('understands $name', ({ given, expected, ...options }) => {
    for (const size of [Number.MAX_SAFE_INTEGER, 7, 1])
      expect(cutAll(given, options, size).map(told)).toEqual(expected);
  });

  it.each(cases as Case[])('says where everything was in $name', ({ given, name: _name, expected: _, ...options }) => {
    const input = Buffer.from(given);

    for (const cut of cutAll(given, options)) {
      const length = cut.kind === 'record' ? cut.bytes.length : cut.length;
      const isEnvelope = cut.kind === 'trouble' && cut.detail.includes('without the text of their document');
      if (!isEnvelope) expect(cut.bytes.equals(input.subarray(cut.offset, cut.offset + length))).toBe(true);
    }
  });

  it('quarantines what is no UTF-8 alone', () => {
    const input = Buffer.concat([
      Buffer.from('{"a":"é"}\n{"b":"'),
      Buffer.from([0xe9]),
      Buffer.from('"}\n{"c":"日"}\n'),
    ]);

    for (const size of [input.length, 1]) {
      const cuts = cutAll(input, {}, size);

      expect(summary(cuts)).toEqual(['{"a":"é"}', 'json.invalid-utf8: 9 bytes', '{"c":"日"}']);
    }
  });

  it('takes neither prototypes nor sizes for granted: records are the bytes as they came', () => {
    const record = '{ "__proto__" : 1e999 , "n":12345678901234567890.10, "s":"\\u0041\\/" }';

    expect(summary(cutAll(`[${record}]`))).toEqual([record]);
  });
});

it('remembers a comma though the chunk ends behind it', () => {
  const input = '[{"id":1},[{"id":2}]]';

  for (const size of [1, 2, 3, 100]) expect(summary(cutAll(input, {}, size))).toEqual(['{"id":1}', '{"id":2}']);
});

describe('limits', () => {
  it('quarantines a record that is nested too deep alone', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;

    expect(summary(cutAll(`{"id":1}\n${deep}\n{"id":2}\n`))).toEqual([
      '{"id":1}',
      'json.too-deep: 20006 bytes',
      '{"id":2}',
    ]);
    expect(summary(cutAll(`[{"id":1},${deep},{"id":2}]`))).toEqual([
      '{"id":1}',
      'json.too-deep: 20006 bytes',
      '{"id":2}',
    ]);
  });

  it('finds the records behind brackets that are never closed', () => {
    const open = `{"a":${'['.repeat(10_000)}`;

    expect(summary(cutAll(`{"id":1}\n${open}\n{"id":2}\n`))).toEqual([
      '{"id":1}',
      'json.too-deep: 10005 bytes',
      '{"id":2}',
    ]);
    expect(summary(cutAll(`[{"id":1},${open},{"id":2},{"id":3}]`))).toEqual([
      '{"id":1}',
      'json.too-deep: 10005 bytes',
      '{"id":2}',
      '{"id":3}',
    ]);
  });

  it('counts depth within records, not around them', () => {
    const record = `{"a":${'['.repeat(3)}${']'.repeat(3)}}`;
    const options = { at: ['detail', 'list'], limits: { maxDepth: 4 } };

    expect(summary(cutAll(`{"detail":{"list":[${record}]}}`, options))).toEqual([record]);
  });

  it.each([1000, 65_536, Number.MAX_SAFE_INTEGER])(
    'quarantines a record that is too large alone, in chunks of %i',
    (size) => {
      const large = `{"id":2,"a":"${'x'.repeat(5000)}\\"}","b":[{}]}`;
      const limits = { maxRecordBytes: 4000 };
      const expected = ['{"id":1}', `json.too-large: ${large.length} bytes`, '{"id":3}'];

      expect(summary(cutAll(`{"id":1}\n${large}\n{"id":3}`, { limits }, size))).toEqual(expected);
      expect(summary(cutAll(`[{"id":1},${large},{"id":3}]`, { limits }, size))).toEqual(expected);
      expect(summary(cutAll(`{"Records":[{"id":1},${large},{"id":3}]}`, { limits, at: ['Records'] }, size))).toEqual(
        expected,
      );
    },
  );

  it.each([1000, Number.MAX_SAFE_INTEGER])(
    'passes over the parts of a document that are too large, in chunks of %i',
    (size) => {
      const large = `"${'x'.repeat(5000)}"`;
      const options = { at: ['Records'], keepEnvelope: true, limits: { maxRecordBytes: 4000 } };

      const cuts = cutAll(`{"x":${large},"Records":[{"id":1}],"y":${large}}{"z":${large}}\n{"id":2}`, options, size);

      expect(summary(cuts.filter((cut) => cut.kind === 'record' || cut.reason !== 'json.envelope'))).toEqual([
        '{"id":1}',
        `json.too-large: ${large.length + 6} bytes`,
        '{"id":2}',
      ]);
      expect(cuts[0]).toMatchObject({ reason: 'json.envelope', records: 0 });
    },
  );

  it('gives records out before their envelope ends when there are too many to wait', () => {
    const cutter = createJsonCutter({ at: ['logEvents'], keepEnvelope: true, limits: { maxRecordBytes: 1000 } });
    const early = cutter.push(Buffer.from(`{"owner":"x","logEvents":[${'{"id":1},'.repeat(200)}`));
    const late = [...cutter.push(Buffer.from('{"id":2}],"y":2}')), ...cutter.end()];

    expect(early.length).toBeGreaterThan(100);
    expect(early.length + late.length).toBe(201);
    expect(new Set([...early, ...late].map((cut) => cut.kind === 'record' && cut.envelope?.toString()))).toEqual(
      new Set(['{"owner":"x"}']),
    );
  });
});

/** Pushes the same bytes until so many were pushed, and tells the most memory outside the heap that was held on the way. */
function pushMany(cutter: Cutter, unit: string, total: number): { cuts: Cut[]; held: number } {
  const chunk = Buffer.from(unit.repeat(Math.ceil(1024 ** 2 / unit.length)));
  const cuts: Cut[] = [];
  const before = process.memoryUsage().arrayBuffers;
  let held = 0;
  for (let pushed = 0; pushed < total; pushed += chunk.length) {
    cuts.push(...cutter.push(chunk));
    held = Math.max(held, process.memoryUsage().arrayBuffers - before);
  }
  return { cuts, held };
}

describe('a 200 MB line', () => {
  const size = 200 * 1024 ** 2;

  it('of one record is passed over in bounded memory', () => {
    const cutter = createJsonCutter();
    const start = cutter.push(Buffer.from('{"id":1}\n{"id":2,"a":"'));
    const { cuts, held } = pushMany(cutter, 'x', size);
    const rest = [...cutter.push(Buffer.from('"}\n{"id":3}\n')), ...cutter.end()];

    expect(cuts).toEqual([]);
    expect(summary([...start, ...rest])).toEqual(['{"id":1}', `json.too-large: ${size + 15} bytes`, '{"id":3}']);
    expect(rest[0]?.bytes.length).toBe(65_536);
    expect(held).toBeLessThan(150 * 1024 ** 2);
  });

  it('of records gives them as they come', () => {
    const cutter = createJsonCutter({ at: ['Records'] });
    const record = `{"id":1,"a":"${'x'.repeat(100_000)}"}`;
    cutter.push(Buffer.from('{"Records":['));
    let records = 0;
    for (let pushed = 0; pushed < size; pushed += record.length + 1)
      records += cutter.push(Buffer.from(`${record},`)).length;

    expect(records).toBe(Math.ceil(size / (record.length + 1)) - 1);
    expect(summary(cutter.push(Buffer.from('{"id":2}]}'))).length).toBe(2);
    expect(cutter.end()).toEqual([]);
  });
});

describe('input made to cost time', () => {
  const size = 512 * 1024;

  it.each([
    '{',
    '[',
    '{"',
    '{"a":',
    '{"a":[0,',
    ',{"a":[0',
    '},{"',
    '"',
    '[{',
    '{"a":"',
    '{"a":1}x',
    '\0',
    '\n{"a":[',
    '{"Records":[{"b":\n',
    ' ',
    '\\',
  ])('is read to its end before the test times out, as the square of its length would not be: %j', (unit) => {
    const cuts = cutAll(`${unit.repeat(Math.ceil(size / unit.length))}\n{"id":1}\n`, { at: ['Records'] }, 65_536);

    const last = cuts.at(-1);
    const end = last === undefined ? 0 : last.offset + (last.kind === 'record' ? last.bytes.length : last.length);
    expect(end).toBeGreaterThanOrEqual(size);
  });

  it('is cut by lines alone when it was made to cost too much', () => {
    const nested = '{"a":[0,'.repeat(1000);
    const input = `${`${nested}\n`.repeat(300)}{"id":1}\n{"id":2,\n{"id":3}\n`;

    const cuts = cutAll(input, {}, 65_536);

    expect(cuts.filter(({ kind }) => kind === 'record').map(({ bytes }) => bytes.toString())).toEqual([
      '{"id":1}',
      '{"id":3}',
    ]);
  });
});
