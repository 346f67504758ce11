import { describe, expect, it } from 'vitest';
import { formatMessage, messageParts, placeholdersOf } from './message-format.ts';
import { withKeptUnits } from './number-units.ts';

const rules = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en');
const format = (text: string, values: Record<string, string | number>) => formatMessage(text, values, rules, numbers);

describe('formatMessage', () => {
  it('fills in placeholders and writes numbers as the language does', () => {
    expect(format('{shown} of {total}', { shown: 50, total: 12_345 })).toBe('50 of 12,345');
  });

  it.each([
    [0, '0 findings'],
    [1, '1 finding'],
    [2, '2 findings'],
  ])('chooses the form for %i', (count, expected) => {
    expect(format('{count} finding|{count} findings', { count })).toBe(expected);
  });

  it('does not read a value that looks like a text of ours', () => {
    expect(format('Assigned to {to}', { to: 'a|b {count}' })).toBe('Assigned to a|b {count}');
  });

  it('shows which value is missing', () => {
    expect(format('Until {time}', {})).toBe('Until {time}');
  });
});

describe('messageParts', () => {
  it('cuts a text at its placeholders and loses nothing', () => {
    expect(messageParts('{a}, then {b}.')).toEqual([{ name: 'a' }, { text: ', then ' }, { name: 'b' }, { text: '.' }]);
  });
});

describe('placeholdersOf', () => {
  it('names each placeholder once, in order of the alphabet', () => {
    expect(placeholdersOf('{b} {a} {b}')).toEqual(['a', 'b']);
  });
});

describe('withKeptUnits', () => {
  it('binds a number to the unit after it and nothing else', () => {
    expect(withKeptUnits({ text: '{total} 件中 {shown} 件、{name} を選択' })).toEqual({
      text: '{total}\u00a0件中 {shown}\u00a0件、{name} を選択',
    });
  });
});
