import { SEVERITIES } from '../../src/core/finding/severity.ts';
import type { ValueShape } from './schema-keys.ts';

export type Language = 'en' | 'ja';
type Words = Readonly<Record<Language, string>>;

const WORDS: Readonly<Record<Exclude<ValueShape['kind'], 'number' | 'one-of' | 'pattern' | 'list'>, Words>> = {
  group: { en: 'group of keys', ja: 'キーの集まり' },
  map: { en: 'groups of keys by name', ja: '名前ごとのキーの集まり' },
  'yes-no': { en: '`true` or `false`', ja: '`true` または `false`' },
  url: { en: 'URL', ja: 'URL' },
  email: { en: 'e-mail address', ja: 'メールアドレス' },
  date: { en: 'date, `YYYY-MM-DD`', ja: '日付（`YYYY-MM-DD`）' },
  text: { en: 'text', ja: '文字列' },
  destination: { en: '[destination](#destination)', ja: '[送信先](#destination)' },
  'route-target': {
    en: '`team`, `central` or a [destination](#destination)',
    ja: '`team`、`central`、または[送信先](#destination)',
  },
};

const SEVERITY: Words = { en: '[severity](#values)', ja: '[重要度](#値の書き方)' };

const PATTERNS: Readonly<Record<string, Words>> = {
  '^\\d{12}$': { en: 'account id, 12 digits in quotes', ja: 'アカウント ID（12 桁、引用符で囲む）' },
  '^arn:[\\w-]+:iam::\\d{12}:role\\/.+$': { en: 'role ARN', ja: 'ロールの ARN' },
  '^arn:[\\w-]+:sns:': { en: 'SNS topic ARN', ja: 'SNS トピックの ARN' },
  '^[a-z]{2}(-[a-z]+)+-\\d$': { en: 'Region', ja: 'リージョン' },
  '^([01]\\d|2[0-3]):[0-5]\\d$': { en: 'time, `HH:MM`', ja: '時刻（`HH:MM`）' },
  '^o-[a-z0-9]{10,32}$': { en: 'organization id, `o-…`', ja: '組織 ID（`o-…`）' },
};

/** A type as a reader says it. Throws for a pattern nobody has put into words yet. */
export function shapeWords(shape: ValueShape, language: Language): string {
  switch (shape.kind) {
    case 'number':
      return numberWords(shape, language);
    case 'one-of':
      if (shape.values.join() === SEVERITIES.join()) return SEVERITY[language];
      return shape.values.map((value) => `\`${value}\``).join(language === 'en' ? ', ' : '、');
    case 'pattern': {
      const words = PATTERNS[shape.pattern];
      if (words === undefined) throw new Error(`scripts/docs/value-words.ts has no words for ${shape.pattern}`);
      return words[language];
    }
    case 'list':
      return language === 'en' ? `list: ${shapeWords(shape.of, 'en')}` : `${shapeWords(shape.of, 'ja')}のリスト`;
    default:
      return WORDS[shape.kind][language];
  }
}

function numberWords({ min, max }: Extract<ValueShape, { kind: 'number' }>, language: Language): string {
  if (min === undefined || max === undefined) return language === 'en' ? 'whole number' : '整数';
  return language === 'en' ? `whole number, ${min} to ${max}` : `整数（${min}～${max}）`;
}
