import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyValueOptions, parseKeyValues } from './key-value.ts';

const cases: readonly {
  readonly name: string;
  readonly given: string;
  readonly options?: KeyValueOptions;
  readonly pairs: Readonly<Record<string, string>>;
  readonly rest?: readonly string[];
}[] = [
  {
    name: 'reads quoted and bare values',
    given: 'date=2026-01-02 devname="fw 1" user="" proto=6',
    pairs: { date: '2026-01-02', devname: 'fw 1', user: '', proto: '6' },
  },
  {
    name: 'takes escaped quotes and backslashes for content, and other backslashes for themselves',
    given: String.raw`msg="said \"no\" in C:\\dir of D:\new" a=1`,
    pairs: { msg: String.raw`said "no" in C:\dir of D:\new`, a: '1' },
  },
  {
    name: 'lets no value pose as a pair',
    given: String.raw`url="/?\" action=\"accept" action="deny" action="accept"`,
    pairs: { url: '/?" action="accept', action: 'deny', 'action (2)': 'accept' },
  },
  {
    name: 'takes a quote that no separator follows for content',
    given: 'msg="File "x.exe" blocked" a=1',
    pairs: { msg: 'File "x.exe', a: '1' },
    rest: ['blocked"'],
  },
  {
    name: 'takes backslashes for content where escapes would leave a value open',
    given: String.raw`path="C:\dir\" a=1 b="x\"`,
    pairs: { path: 'C:\\dir\\', a: '1', b: 'x\\' },
  },
  { name: 'takes an open quote to the end', given: 'a=1 b="x y', pairs: { a: '1', b: 'x y' } },
  {
    name: 'keeps words that belong to no pair',
    given: 'blocked a=1 "some words" =2 done',
    pairs: { a: '1' },
    rest: ['blocked', 'some words', '=2', 'done'],
  },
  {
    name: 'reads empty values',
    given: 'a= b=  c=1\t\td=',
    pairs: { a: '', b: '', c: '1', d: '' },
  },
  {
    name: 'keeps equals signs of values',
    given: 'url=/a?b=c d=e=f',
    pairs: { url: '/a?b=c', d: 'e=f' },
  },
  {
    name: 'reads commas for separators',
    given: 'a=1,b="x, y" , c=two words,d=',
    options: { separator: ',' },
    pairs: { a: '1', b: 'x, y', c: 'two words', d: '' },
  },
  {
    name: 'reads colons and semicolons, and single quotes',
    given: "a:1; b:'x;y'; c: z",
    options: { separator: ';', assignment: ':', quotes: `"'` },
    pairs: { a: '1', b: 'x;y', c: ' z' },
  },
  {
    name: 'lets bare values run to the next key where they may',
    given: 'msg=User logged in from ?a=b src=192.0.2.1 note=last one',
    options: { unquoted: 'next pair' },
    pairs: { msg: 'User logged in from ?a=b', src: '192.0.2.1', note: 'last one' },
  },
  { name: 'reads nothing from nothing', given: ' ', pairs: {} },
];

describe('key=value text', () => {
  it.each(cases)('$name', ({ given, options, pairs, rest }) => {
    const found = parseKeyValues(given, options);

    expect({ ...found.pairs }).toEqual(pairs);
    expect(found.rest).toEqual(rest ?? []);
  });

  it('takes hostile names for names like any other', () => {
    const { pairs } = parseKeyValues('__proto__=1 constructor=2 a=3 a=4');

    expect(JSON.stringify(pairs)).toBe('{"__proto__":"1","constructor":"2","a":"3","a (2)":"4"}');
  });

  it('reads back whatever was written with quotes', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9_.]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.string(), { maxKeys: 8 }), (given) => {
        const written = Object.entries(given).map(
          ([name, value]) => `${name}="${value.replace(/[\\"]/g, (letter) => `\\${letter}`)}"`,
        );

        const { pairs, rest } = parseKeyValues(written.join(' '));

        expect({ ...pairs }).toEqual({ ...given });
        expect(rest).toEqual([]);
      }),
      { seed: 20261124 },
    );
  });

  it('loses no word, whatever the text', () => {
    const piece = fc.constantFrom('a=', '"', '\\', ' ', '=', 'word1', 'b', '\\"', '""', '\t', 'k=v');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, runsOn) => {
        const text = pieces.join('');

        const { pairs, rest } = parseKeyValues(text, runsOn ? { unquoted: 'next pair' } : {});

        const kept = [...Object.entries(pairs).flat(), ...rest].join(' ');
        expect(kept.match(/word1/g)?.length ?? 0).toBe(text.match(/word1/g)?.length ?? 0);
      }),
      { seed: 20261124, numRuns: 500 },
    );
  });

  it('takes long hostile lines in their stride', () => {
    const lines = ['a="\\" '.repeat(200_000), 'a='.repeat(500_000), 'x '.repeat(500_000), '"'.repeat(1_000_000)];
    for (const line of lines) {
      const { pairs } = parseKeyValues(line);
      expect(Object.keys(pairs).length).toBeLessThanOrEqual(1000);
      expect(Object.keys(parseKeyValues(line, { unquoted: 'next pair' }).pairs).length).toBeLessThanOrEqual(1000);
    }
  });

  it('keeps pairs beyond the thousandth as text', () => {
    const line = Array.from({ length: 1002 }, (_, index) => `k${index}=v`).join(' ');

    const { pairs, rest } = parseKeyValues(line);

    expect(Object.keys(pairs)).toHaveLength(1000);
    expect(rest).toEqual(['k1000=v k1001=v']);
  });
});
