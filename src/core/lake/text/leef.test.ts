import { describe, expect, it } from 'vitest';
import { parseLeef } from './leef.ts';

describe('LEEF', () => {
  it('reads version 1, whose attributes are separated by tabs', () => {
    const event = parseLeef('LEEF:1.0|Example|Wall|1.0|deny|src=192.0.2.1\tmsg=a b = c\tusrName=');

    expect(event).toMatchObject({
      version: '1.0',
      vendor: 'Example',
      product: 'Wall',
      productVersion: '1.0',
      eventId: 'deny',
      rest: [],
    });
    expect({ ...event?.attributes }).toEqual({ src: '192.0.2.1', msg: 'a b = c', usrName: '' });
  });

  it.each([
    ['a character', '^', '^'],
    ['a code', '0x5e', '^'],
    ['a short code', 'x7C', '|'],
    ['a tab in words', '\\t', '\t'],
    ['nothing', '', '\t'],
  ])('reads version 2 with %s for a delimiter', (_, field, delimiter) => {
    const event = parseLeef(`LEEF:2.0|Example|Wall|1.0|deny|${field}|a=1${delimiter}b=2`);

    expect({ ...event?.attributes }).toEqual({ a: '1', b: '2' });
  });

  it('reads version 2 without the field of the delimiter', () => {
    expect({ ...parseLeef('LEEF:2.0|E|W|1|deny|alpha=1\tb=2|3')?.attributes }).toEqual({ alpha: '1', b: '2|3' });
  });

  it('keeps the first of two values of a key under its name, and parts that are no pair', () => {
    const event = parseLeef('LEEF:1.0|E|W|1|deny|a=1\ta=2\tloose\t=x');

    expect({ ...event?.attributes }).toEqual({ a: '1', 'a (2)': '2' });
    expect(event?.rest).toEqual(['loose', '=x']);
  });

  it.each(['', 'LEEF:1.0|E|W', 'LEEF:9|E|W|1|x|', 'CEF:0|A|B|1|x|n|3|'])('takes %j for no LEEF', (text) => {
    expect(parseLeef(text)).toBeUndefined();
  });

  it('takes long hostile lines in their stride', () => {
    for (const body of ['a=\t'.repeat(300_000), '\t'.repeat(500_000), '='.repeat(500_000)]) {
      const event = parseLeef(`LEEF:1.0|E|W|1|x|${body}`);
      expect(Object.keys(event?.attributes ?? {}).length).toBeLessThanOrEqual(1000);
    }
  });
});
