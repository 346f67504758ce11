import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preferredLanguage } from './catalog.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { placeholdersOf } from './message-format.ts';
import type { TextKey } from './text-types.ts';

const keys = Object.keys(en) as TextKey[];
/** Names that are written the same in both languages. */
const SAME = [
  'shell.title',
  'language.ja',
  'language.en',
  'kind.guardduty',
  'kind.securityhub',
  'kind.health',
  'severity.count',
  'destination.webhook',
  'destination.amazon-q',
  'field.ou',
  'column.ou',
  'fact.ou',
  'finding.tab.counted',
  'directory.config',
  'directory.organizations',
];
/** Japanese texts that are only names and signs. */
const WITHOUT_JAPANESE = [...SAME, 'delivery.totals.label', 'unknown.detail-type', 'change.separator'];

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts') && !name.startsWith('i18n/'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

describe('the text catalog', () => {
  it('has the same keys in both languages', () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
  });

  it.each([
    ['English', en],
    ['Japanese', ja],
  ])('has no empty, padded or half-written text in %s', (_name, texts) => {
    const bad = Object.entries(texts).filter(
      ([, text]) => (text.trim() !== text && text !== en['change.separator']) || text === '' || /TODO|FIXME/.test(text),
    );

    expect(bad).toEqual([]);
  });

  it('uses the same placeholders in both languages', () => {
    const different = keys.filter((key) => placeholdersOf(en[key]).join() !== placeholdersOf(ja[key]).join());

    expect(different).toEqual([]);
  });

  it('gives both plural forms of an English text all placeholders', () => {
    const uneven = keys.filter((key) => {
      const [one, other, ...more] = en[key].split('|');
      if (other === undefined) return false;
      return more.length > 0 || placeholdersOf(one ?? '').join() !== placeholdersOf(other).join();
    });

    expect(uneven).toEqual([]);
  });

  it('picks the plural by a placeholder named count', () => {
    const uncounted = keys.filter((key) => en[key].includes('|') && !placeholdersOf(en[key]).includes('count'));

    expect(uncounted).toEqual([]);
  });

  it('has one form only in Japanese', () => {
    expect(keys.filter((key) => ja[key].includes('|'))).toEqual([]);
  });

  it('is translated, not copied', () => {
    const copied = keys.filter((key) => en[key] === ja[key] && !SAME.includes(key));
    const latin = keys.filter((key) => !/[ぁ-んァ-ヶ一-龠]/.test(ja[key]) && !WITHOUT_JAPANESE.includes(key));

    expect({ copied, latin }).toEqual({ copied: [], latin: [] });
  });

  it('has no text that nothing shows', () => {
    const code = sources(join(import.meta.dirname, '..'));
    const stems = Array.from(code.matchAll(/`([a-z-]+\.(?:[a-z-]+\.)*)\$\{/g), (match) => match[1] ?? '');
    const unused = keys.filter((key) => !code.includes(`'${key}'`) && !stems.some((stem) => key.startsWith(stem)));

    expect(unused).toEqual([]);
  });
});

describe('the first language', () => {
  it.each([
    { name: 'the choice of an earlier visit', chosen: 'en', browser: ['ja-JP'], expected: 'en' },
    {
      name: 'the first the browser and the console both speak',
      chosen: null,
      browser: ['fr', 'ja-JP', 'en'],
      expected: 'ja',
    },
    {
      name: 'the one of the installation when there is none in common',
      chosen: null,
      browser: ['fr-FR'],
      expected: 'ja',
    },
    {
      name: 'the one of the browser when the choice is no language of ours',
      chosen: 'xx',
      browser: ['en-GB'],
      expected: 'en',
    },
  ])('is $name', ({ chosen, browser, expected }) => {
    expect(preferredLanguage(chosen, browser, 'ja')).toBe(expected);
  });
});
