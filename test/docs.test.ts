import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '#core/config/parse-config.ts';
import { observe } from '#core/intake/observe.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import { exampleOf, meaning, wordsPath } from '../scripts/docs/config-reference.ts';
import { argvOf } from '../scripts/docs/console-blocks.ts';
import { schemaKeys } from '../scripts/docs/schema-keys.ts';
import { shapeWords } from '../scripts/docs/value-words.ts';
import { freshDocs, readWords } from '../scripts/generate-docs.ts';
import { anchorsOf, commandsOf, type Guide, guidesIn, readGuide, root, withoutComments } from './docs/guides.ts';
import { misused, runHere } from './docs/terminal-run.ts';

const english = guidesIn('en');
const japanese = guidesIn('ja');
const guides = [...english, ...japanese, readGuide('docs/README.md')];
const example = (name: string): string => readFileSync(join(root, 'docs/examples', name), 'utf8');
const blocksOf = (language: string) =>
  guides.flatMap(({ path, blocks }) =>
    blocks.filter((block) => block.language === language).map((block) => ({ path, block })),
  );

describe('the guides', () => {
  it('say what the program says today (npm run docs writes it)', async () => {
    const fresh = await freshDocs(root, runHere);

    for (const [path, text] of fresh) expect(readFileSync(join(root, path), 'utf8'), path).toBe(text);
  }, 60_000);

  it('exist in both languages', () => {
    expect(japanese.map(({ path }) => path.replace('/ja/', '/en/'))).toEqual(english.map(({ path }) => path));
  });

  it.each(english.map((guide, index) => [guide.path, guide, japanese[index]] as const))(
    'have the same sections and the same snippets in both languages: %s',
    (_path, guide, other) => {
      const inKind = ({ blocks }: Guide) => blocks.map(({ info }) => info);
      const exact = ({ blocks }: Guide) =>
        blocks
          .filter(({ language }) => ['sh', 'yaml', 'console', 'ts', 'diff'].includes(language))
          .map(withoutComments);

      expect(other?.headings.map(({ level }) => level)).toEqual(guide.headings.map(({ level }) => level));
      expect(other === undefined ? [] : inKind(other)).toEqual(inKind(guide));
      expect(other === undefined ? [] : exact(other)).toEqual(exact(guide));
    },
  );

  it.each([...guides, readGuide('README.md'), readGuide('README.ja.md'), readGuide('CONTRIBUTING.md')])(
    'link to what is there: $path',
    (guide) => {
      const broken = guide.links.filter((link) => !/^https?:/.test(link) && !leads(guide, link));

      expect(broken).toEqual([]);
    },
  );
});

function leads(guide: Guide, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? guide.path : normalize(join(dirname(guide.path), file));
  if (!existsSync(join(root, path))) return false;
  return anchor === undefined || anchorsOf(readGuide(path)).has(decodeURIComponent(anchor));
}

describe('every snippet', () => {
  it.each(blocksOf('yaml').map(({ path, block }) => [path, block.text] as const))(
    'of yagura.yaml is valid: %s',
    (_path, text) => {
      const file = /^# (docs\/examples\/\S+)\n/.exec(text);
      if (file?.[1] === undefined) expect(errorsOf(inPlace(text))).toEqual([]);
      else expect(readFileSync(join(root, file[1]), 'utf8')).toContain(text.slice(file[0].length));
    },
  );

  it.each(blocksOf('json').map(({ path, block }) => [path, block.text] as const))(
    'of JSON is JSON: %s',
    (_path, text) => {
      expect(() => JSON.parse(text)).not.toThrow();
    },
  );

  it.each(blocksOf('sh').map(({ path, block }) => [path, block] as const))(
    'of a shell names commands that exist: %s',
    async (_path, block) => {
      const problems = await Promise.all(commandsOf(block).map(problemOf));

      expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
    },
  );
});

/** A part of a configuration, put into a whole one that has what it refers to. */
function inPlace(text: string): string {
  const base = parse(example('complete.yaml'));
  return JSON.stringify({ ...base, ...parse(text) });
}

function errorsOf(text: string): string[] {
  return parseConfig(text).problems.flatMap(({ severity, path, message }) =>
    severity === 'error' ? [`${path}: ${message}`] : [],
  );
}

const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);
const OTHERS =
  /^(?:npm ci|git pull|aws [a-z-]+ [a-z-]+|export YAGURA_\w+=\S+|cp |mv |rm |sqlite3 |# |npx (?:vitest|cdk) )/;

async function problemOf(command: string): Promise<string | undefined> {
  const argv = argvOf(command);
  if (argv !== undefined) return misused(argv);
  const script = /^npm (?:run (?:--silent )?)?(start|test|[a-z:]+)/.exec(command)?.[1];
  if (command.startsWith('npm') && script !== undefined && scripts.includes(script)) return undefined;
  const missing = [...command.matchAll(/\bdocs\/\S+/g)]
    .map(([path]) => path)
    .filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0) return `${command}: there is no ${missing.join(', ')}`;
  return OTHERS.test(command.replace(/^[A-Z_]+=\S+ /, '')) ? undefined : `nobody checks: ${command}`;
}

describe('the examples', () => {
  it.each(['yagura.yaml', 'routing.yaml', 'complete.yaml'])('are valid: %s', (name) => {
    expect(parseConfig(example(name)).problems).toEqual([]);
  });

  it('have one with mistakes, each with a suggestion', () => {
    const { problems } = parseConfig(example('with-mistakes.yaml'));

    expect(problems).toHaveLength(4);
    for (const problem of problems) expect(problem.suggestion).not.toBeNull();
  });

  it.each(['guardduty.json', 'night.jsonl'])('are events that are understood: %s', (name) => {
    const { events, errors } = parseDocument(example(name));

    expect(errors).toEqual([]);
    for (const { event } of events) expect(observe(event)).toMatchObject({ unused: [], observations: [{}] });
  });

  it('send the kinds of event that the deployment forwards', async () => {
    const { findingRules, healthRule } = await import('../deploy/cdk/event-patterns.ts');
    const expected = [...findingRules, healthRule].flatMap(({ pattern }) => pattern.detailType ?? []);

    for (const name of readdirSync(join(root, 'docs/examples/aws'))) {
      const template = example(`aws/${name}`);
      const kinds = /detail-type:\n((?:\s+- .+\n)+)/.exec(template)?.[1] ?? '';
      expect(
        [...kinds.matchAll(/- (.+)/g)].map(([, kind]) => kind),
        name,
      ).toEqual(expected);
    }
  });
});

describe('the reference of yagura.yaml', () => {
  const keys = schemaKeys();
  const ja = readWords(root, 'configuration.ja.yaml');

  it.each(keys)('describes $path in both languages, with its type', (key) => {
    expect(meaning(key, 'en', ja)).not.toBe('');
    expect(meaning(key, 'ja', ja)).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    for (const language of ['en', 'ja'] as const) expect(shapeWords(key.shape, language)).not.toBe('');
  });

  it.each(keys)('has an example of $path', ({ path }) => {
    expect(exampleOf(parse(example('complete.yaml')), path)).toBeDefined();
  });

  it('has no words for keys that are gone', () => {
    const known = new Set(keys.flatMap(({ path }) => [path, wordsPath(path)]));

    expect(Object.keys(ja).filter((path) => path !== 'destination' && !known.has(path))).toEqual([]);
  });
});
