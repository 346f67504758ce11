import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvOptions, parseCsvLine } from './csv-line.ts';

const cases: readonly {
  readonly name: string;
  readonly given: string;
  readonly options?: CsvOptions;
  readonly values: readonly string[];
  readonly isComplete?: boolean;
}[] = [
  { name: 'reads bare values and empty ones', given: '1,,a b,', values: ['1', '', 'a b', ''] },
  { name: 'reads quoted values with separators', given: '"a,b",c', values: ['a,b', 'c'] },
  { name: 'reads doubled quotes', given: 'a,"say ""no"", please",""""', values: ['a', 'say "no", please', '"'] },
  { name: 'takes a quote within a bare value for content', given: 'a"b,c"', values: ['a"b', 'c"'] },
  { name: 'joins text after a closing quote', given: '"a"b,c', values: ['ab', 'c'] },
  { name: 'says that a quote is never closed', given: 'a,"b,c', values: ['a', 'b,c'], isComplete: false },
  {
    name: 'reads another separator and quote',
    given: "1;'a;b';''",
    options: { separator: ';', quote: "'" },
    values: ['1', 'a;b', ''],
  },
  { name: 'reads one empty value from nothing', given: '', values: [''] },
];

describe('a line of separated values', () => {
  it.each(cases)('$name', ({ given, options, values, isComplete }) => {
    expect(parseCsvLine(given, options)).toEqual({ values, isComplete: isComplete ?? true });
  });

  it('reads back whatever was written with quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 12 }), (values) => {
        const line = values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');

        expect(parseCsvLine(line)).toEqual({ values, isComplete: true });
      }),
      { seed: 20261124 },
    );
  });

  it('keeps what stands beyond the two thousandth value in the last one', () => {
    const { values } = parseCsvLine(Array.from({ length: 2002 }, (_, index) => `${index}`).join(','));

    expect(values).toHaveLength(2000);
    expect(values.at(-1)).toBe('1999,2000,2001');
  });

  it('takes long hostile lines in their stride', () => {
    for (const line of ['"'.repeat(1_000_001), ','.repeat(1_000_000), '","'.repeat(300_000)])
      expect(parseCsvLine(line).values.length).toBeLessThanOrEqual(2000);
  });
});
