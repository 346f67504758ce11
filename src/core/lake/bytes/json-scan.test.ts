import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from './json-scan.ts';

const scanner = new JsonScanner(512);

/** Scans a text that is followed by something else, as a number needs it. */
function scan(text: string): { outcome: string; end: number } {
  const bytes = Buffer.from(`${text}\n`);
  const outcome = scanner.scan(bytes, 0, bytes.length);
  return { outcome, end: scanner.end };
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON text with a few characters changed, so that about half of it is broken. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '\n', '0', '-', 'e', '.', 'n', ' '),
      ),
      { maxLength: 2 },
    ),
    fc.boolean(),
  )
  .map(([json, changes, isInsertion]) =>
    changes.reduce((text, [place, character]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + character + text.slice(isInsertion ? at : at + 1);
    }, json),
  )
  .filter((text) => text.trim() === text && text !== '');

describe('the scanner', () => {
  it('takes and refuses what JSON.parse takes and refuses', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const { outcome, end } = scan(text);

        expect(outcome === 'complete' && end === Buffer.byteLength(text)).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '0',
    '-0',
    '10',
    '-1.5',
    '1e5',
    '1E+5',
    '1.25e-10',
    '00',
    '-',
    '+1',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x1',
    '1_0',
    '-a',
    'true',
    'tru',
    'truee',
    'True',
    'null',
    'nul',
    'NaN',
    'Infinity',
    'undefined',
    '""',
    '"\\u00e9"',
    '"\\u00g9"',
    '"\\x"',
    '"\\"',
    '"a\tb"',
    '"a\u007fb"',
    "'a'",
    '"\\/\\b\\f\\n\\r\\t\\\\"',
    '[]',
    '[1]',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1,2',
    '[}',
    '{}',
    '{"a":1}',
    '{"a":1,}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    '{,}',
    '{]',
    '{"a":1 "b":2}',
    '[\u00a01]',
    '[\ufeff1]',
    '[\v1]',
    '[\r\n\t 1]',
  ])('judges %j like JSON.parse', (text) => {
    const { outcome, end } = scan(text);

    expect(outcome === 'complete' && end === Buffer.byteLength(text)).toBe(parses(text));
  });

  it('tells of every beginning of a value that it is incomplete', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (json, length) => {
        const text = Buffer.from(`[${json}]`);
        const beginning = text.subarray(0, length % text.length);

        expect(scanner.scan(beginning, 0, beginning.length)).toBe('incomplete');
      }),
    );
  });

  it('looks at nothing outside its bounds', () => {
    const bytes = Buffer.from('xx{"a":1}yy');

    expect(scanner.scan(bytes, 2, bytes.length)).toBe('complete');
    expect(scanner.end).toBe(9);
    expect(scanner.scan(bytes, 2, 8)).toBe('incomplete');
  });

  it.each([
    ['complete', 512],
    ['too-deep', 513],
    ['too-deep', 10_000],
  ])('says %s of %i containers one in the other', (outcome, depth) => {
    expect(scan('['.repeat(depth) + ']'.repeat(depth)).outcome).toBe(outcome);
    expect(scan(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`).outcome).toBe(outcome);
  });

  it('suspects every object with a key twice, however many keys and objects there are', () => {
    const manyKeys = (count: number, more: string): string =>
      `{${Array.from({ length: count }, (_, n) => `"key${n}":{"key0":${n}}`).join(',')}${more}}`;

    for (const count of [1, 2, 30, 100, 127, 128, 129, 1000]) {
      scan(manyKeys(count, ',"key0":1'));
      expect(scanner.isSuspect).toBe(true);
      if (count < 128) {
        scan(manyKeys(count, ''));
        expect(scanner.isSuspect).toBe(false);
      }
    }
  });

  it('suspects keys that stand twice at any depth', () => {
    for (const depth of [1, 10, 31, 32, 33, 500]) {
      scan(`${'{"a":'.repeat(depth)}{"x":1,"y":2,"x":3}${'}'.repeat(depth)}`);
      expect(scanner.isSuspect).toBe(true);
    }
  });
});
