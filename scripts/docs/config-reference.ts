import { parse, stringify } from 'yaml';
import { DEFAULT_FLOORS } from '../../src/core/notification/policy.ts';
import type { ConfigKey } from './schema-keys.ts';
import { type Language, shapeWords } from './value-words.ts';

/** Japanese meanings by path of the key. */
export type ConfigWords = Readonly<Record<string, string>>;

/** What the reference is made of. `complete` is the text of a yagura.yaml in which every key occurs; examples come from it. */
export type ConfigFacts = { readonly keys: readonly ConfigKey[]; readonly complete: string; readonly ja: ConfigWords };

const COLUMNS: Readonly<Record<Language, string>> = {
  en: '| Key | Type | Default | Meaning | Example |',
  ja: '| キー | 型 | 既定値 | 意味 | 例 |',
};
const REQUIRED: Readonly<Record<Language, string>> = { en: 'required', ja: '必須' };
const DESTINATION = 'A destination is a channel in quotes (`"#name"` or its id), or a value with one of these keys';
const STYLE = { lineWidth: 0, collectionStyle: 'flow', flowCollectionPadding: false } as const;

/** The reference of every key, a section per top-level key. */
export function configReference(facts: ConfigFacts, language: Language): string {
  const sections = Map.groupBy(facts.keys, (key) => /^\w+/.exec(key.path)?.[0] ?? '');
  return [...sections].map(([name, own]) => sectionText(name, own, facts, language)).join('\n');
}

function sectionText(name: string, own: readonly ConfigKey[], facts: ConfigFacts, language: Language): string {
  const intro = introOf(name, own, facts, language);
  const example = exampleText(facts.complete, name);
  const value: unknown = parse(facts.complete);
  const rows = own
    .filter((key) => key.path !== name)
    .map((key) => {
      const cells = [
        `\`${key.path.replace(/^destination\./, '')}\``,
        shapeWords(key.shape, language),
        defaultWords(key, language),
        meaning(key, language, facts.ja),
        isGroup(key) ? '' : inline(exampleOf(value, key.path)),
      ];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    });
  const block = example === undefined ? [] : ['```yaml', example, '```', ''];
  return [`## ${name}`, '', intro, '', ...block, COLUMNS[language], '|---|---|---|---|---|', ...rows, ''].join('\n');
}

function introOf(name: string, own: readonly ConfigKey[], facts: ConfigFacts, language: Language): string {
  const top = own.find((key) => key.path === name);
  const text =
    top === undefined ? (language === 'en' ? DESTINATION : facts.ja[name]) : meaning(top, language, facts.ja);
  return `${text}${language === 'en' ? '.' : '。'}`;
}

/** The lines of one top-level key, as they are written. */
function exampleText(complete: string, name: string): string | undefined {
  const found = new RegExp(`^${name}:\\n(?:[ ].*\\n?)+`, 'm').exec(complete);
  return found?.[0].trimEnd();
}

/** The text of a key; the central team's keys mean what a team's mean. Throws when there is none. */
export function meaning(key: ConfigKey, language: Language, ja: ConfigWords): string {
  const text = language === 'en' ? key.description : (ja[key.path] ?? ja[wordsPath(key.path)]);
  if (text === undefined) throw new Error(`${key.path} has no description in ${language}`);
  const escaped = text.replaceAll('<', '&lt;');
  return language === 'en' ? `${escaped.charAt(0).toUpperCase()}${escaped.slice(1)}` : escaped;
}

/** Where the words of a key stand when it has none of its own. */
export function wordsPath(path: string): string {
  return path.replace(/^central\./, 'teams.<id>.');
}

function defaultWords(key: ConfigKey, language: Language): string {
  if (key.required) return REQUIRED[language];
  const floor = Object.entries(DEFAULT_FLOORS).find(([kind]) => key.path.endsWith(`.minimumSeverity.${kind}`));
  const value = floor?.[1] ?? key.defaultValue;
  if (value === undefined || value === '' || isEmpty(value)) return '–';
  return inline(value);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isGroup({ shape }: ConfigKey): boolean {
  return shape.kind === 'group' || shape.kind === 'map' || (shape.kind === 'list' && shape.of.kind === 'group');
}

function inline(value: unknown): string {
  return `\`${stringify(value, STYLE).trim()}\``;
}

/** The first value that the complete configuration has at a path; throws when it has none. */
export function exampleOf(complete: unknown, path: string): unknown {
  const found = path.startsWith('destination.')
    ? valuesBelow(complete, path.slice('destination.'.length))
    : valuesAt(complete, path.split('.'));
  const [first] = found;
  if (first === undefined) throw new Error(`docs/examples/complete.yaml has no ${path}`);
  return first;
}

function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path;
  if (step === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  const inside: unknown[] = /^<.*>$/.test(step) ? Object.values(value) : [Reflect.get(value, step.replace('[]', ''))];
  const items = step.endsWith('[]') ? inside.flat() : inside;
  return items.flatMap((item) => valuesAt(item, rest));
}

function valuesBelow(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const own: unknown = Reflect.get(value, name);
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap((inside) => valuesBelow(inside, name))];
}
