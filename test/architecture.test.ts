import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  fixtureIds,
  kebabCaseNames,
  namedExports,
  nearTheLimits,
  oldestNode,
  sizes,
  tellingNames,
} from './architecture/house-rules.ts';
import { corePurity, cycles, direction, type Rule, unitsStandAlone } from './architecture/layers.ts';
import { functionsOf, readSource, type SourceFile } from './architecture/source-file.ts';

const root = resolve(import.meta.dirname, '..');
const ownFolders = ['src', 'console', 'deploy', 'test', 'bench', 'scripts', 'bin', 'docs', 'changes'];
const notOurs = new Set(['node_modules', 'dist', 'cdk.out', 'coverage', 'generated']);
const textFile = /\.(?:[cm]?[jt]s|tsx|json|jsonl|ya?ml|log|csv|xml|txt|sql|md)$/;

function readFolder(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((found) => {
    const path = `${folder}/${found.name}`;
    if (found.isDirectory()) return notOurs.has(found.name) ? [] : readFolder(path);
    return textFile.test(found.name) ? [readSource(path, readFileSync(join(root, path), 'utf8'))] : [];
  });
}

const present = readdirSync(root);
const repository = ownFolders.filter((folder) => present.includes(folder)).flatMap(readFolder);
const near = nearTheLimits(repository);
if (near.length > 0) console.warn(`Near the limit of 400 lines:\n  ${near.join('\n  ')}`);

const rules: Readonly<Record<string, Rule>> = {
  'imports go apps -> adapters -> ports -> core': direction,
  'units never import units': unitsStandAlone,
  'core touches no network, disk, clock or randomness': corePurity,
  'no file imports itself through others': cycles,
  'files have at most 400 lines and functions 60': sizes,
  'no file or folder is called utils, common, helpers or misc': tellingNames,
  'names are kebab-case': kebabCaseNames,
  'exports are named': namedExports,
  'nothing needs a Node later than 24.0': oldestNode,
  'fixtures name example accounts and addresses only': fixtureIds,
};

describe('the repository', () => {
  it('has files to judge', () => {
    expect(repository.filter((file) => file.path.startsWith('src/core/')).length).toBeGreaterThan(0);
    expect(repository.flatMap((file) => file.imports).length).toBeGreaterThan(0);
  });

  it.each(Object.entries(rules))('%s', (_name, rule) => {
    expect(rule(repository)).toEqual([]);
  });
});

interface Case {
  readonly rule: Rule;
  readonly path: string;
  readonly text: string;
}

const lines = (count: number): string => 'x();\n'.repeat(count);

const broken: Readonly<Record<string, Case>> = {
  'core importing a port': { rule: direction, path: 'src/core/a.ts', text: "import { x } from '#ports/x.ts';" },
  'core reaching an adapter by a relative path over lines': {
    rule: direction,
    path: 'src/core/finding/a.ts',
    text: "import {\n  x,\n  type Y,\n} from '../../adapters/sqlite/x.ts';",
  },
  'a port re-exporting an adapter': {
    rule: direction,
    path: 'src/ports/a.ts',
    text: "export * from '#adapters/sqlite/x.ts';",
  },
  'a port re-exporting a type of an adapter': {
    rule: direction,
    path: 'src/ports/a.ts',
    text: "export type { X } from '#adapters/sqlite/x.ts';",
  },
  'the engine picking an adapter': {
    rule: direction,
    path: 'src/engine/a.ts',
    text: "import { x } from '#adapters/sqlite/x.ts';",
  },
  'an adapter loading an app late': {
    rule: direction,
    path: 'src/adapters/a.ts',
    text: "const x = await import('#apps/cli/main.ts');",
  },
  'an adapter importing a unit': {
    rule: direction,
    path: 'src/adapters/a.ts',
    text: "import { f } from '#formatters/slack/a.ts';",
  },
  'a unit importing a registry': {
    rule: direction,
    path: 'src/formatters/slack/a.ts',
    text: "import { slackFormatters } from '#generated/formatters.ts';",
  },
  'a test of core importing an app': {
    rule: direction,
    path: 'src/core/a.test.ts',
    text: "import '#apps/cli/main.ts';",
  },
  'the console importing the server': {
    rule: direction,
    path: 'console/src/a.tsx',
    text: "import type { X } from '../../src/core/x.ts';",
  },
  'the console importing a value of the HTTP contract': {
    rule: direction,
    path: 'console/src/a.tsx',
    text: "import { type X } from '../../src/ports/http-api.ts';",
  },
  'source code importing a test': {
    rule: direction,
    path: 'src/apps/a.ts',
    text: "import '../../test/contract/a.ts';",
  },
  'a formatter importing another': {
    rule: unitsStandAlone,
    path: 'src/formatters/slack/a.ts',
    text: "import { b } from './b.ts';",
  },
  'a source importing another by its parent': {
    rule: unitsStandAlone,
    path: 'src/sources/a/source.ts',
    text: "import { b } from '../b/source.ts';",
  },
  'core reading a file': { rule: corePurity, path: 'src/core/a.ts', text: "import { readFile } from 'fs/promises';" },
  'core using an SDK': { rule: corePurity, path: 'src/core/a.ts', text: "import { S3 } from '@aws-sdk/client-s3';" },
  'core reading the clock': { rule: corePurity, path: 'src/core/a.ts', text: 'const now = new Date();' },
  'core throwing dice': { rule: corePurity, path: 'src/core/a.ts', text: 'const id = randomUUID();' },
  'a file that is too long': { rule: sizes, path: 'src/core/a.ts', text: lines(401) },
  'a function that is too long': { rule: sizes, path: 'src/a.ts', text: `function f(): void {\n${lines(61)}}` },
  'an arrow function that is too long': { rule: sizes, path: 'src/a.ts', text: `const f = () => {\n${lines(61)}};` },
  'a method that is too long': {
    rule: sizes,
    path: 'src/a.ts',
    text: `const a = {\n  async f(x: { y: 1 }): Promise<X | undefined> {\n${lines(61)}  },\n};`,
  },
  'a folder called utils': { rule: tellingNames, path: 'src/core/utils/a.ts', text: '' },
  'a file called helpers': { rule: tellingNames, path: 'test/helpers.ts', text: '' },
  'a camelCase file': { rule: kebabCaseNames, path: 'src/core/accountId.ts', text: '' },
  'a PascalCase component': { rule: kebabCaseNames, path: 'console/src/App.tsx', text: '' },
  'a snake_case folder': { rule: kebabCaseNames, path: 'src/sources/aws_waf/README.md', text: '' },
  'a default export': { rule: namedExports, path: 'src/a.ts', text: 'export default 1;' },
  'a default export by renaming': { rule: namedExports, path: 'src/a.ts', text: 'export { a,\n b as default };' },
  'a script asking whether it is the main module': {
    rule: oldestNode,
    path: 'scripts/a.ts',
    text: 'if (import.meta.main) run();',
  },
  'a fixture with a real account id': {
    rule: fixtureIds,
    path: 'src/a/fixtures/a.json',
    text: JSON.stringify({ arn: `arn:aws:iam::${'0123456789'.repeat(2).slice(4, 16)}:root` }),
  },
  'a fixture with a real address': {
    rule: fixtureIds,
    path: 'src/formatters/slack/a.golden.json',
    text: JSON.stringify({ ip: [8, 8, 4, 4].join('.') }),
  },
};

const sound: Readonly<Record<string, Case>> = {
  'an import in a comment or a string': {
    rule: direction,
    path: 'src/core/a.ts',
    text: "// import '#apps/a.ts';\nconst a = \"import '#apps/a.ts'\"; const b = `\nimport '#apps/a.ts';\n`;",
  },
  'the console importing types of the HTTP contract': {
    rule: direction,
    path: 'console/src/a.tsx',
    text: "import type { X } from '../../src/ports/http-api.ts';",
  },
  'a formatter importing a shared part': {
    rule: unitsStandAlone,
    path: 'src/formatters/slack/a.ts',
    text: "import { b } from './_blocks.ts';",
  },
  'core hashing and building a date from a number': {
    rule: corePurity,
    path: 'src/core/a.ts',
    text: "import { createHash } from 'node:crypto';\nconst a = new Date(at); const b = a.process.name;",
  },
  'a long block that is no function': { rule: sizes, path: 'src/a.ts', text: `if (f(1)) {\n${lines(61)}}` },
  'a config file with a default export': { rule: namedExports, path: 'vitest.config.ts', text: 'export default {};' },
  'a fixture with example ids': {
    rule: fixtureIds,
    path: 'src/a/fixtures/a.json',
    text: '{"account":"111122223333","id":"6ba7b810-9dad-11d1-80b4-004567890123","at":1767225600000,"ip":"192.0.2.7"}',
  },
};

describe('the rules themselves', () => {
  it.each(Object.entries(broken))('refuse %s', (_name, { rule, path, text }) => {
    const problems = rule([readSource(path, text)]);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(path);
  });

  it.each(Object.entries(sound))('accept %s', (_name, { rule, path, text }) => {
    expect(rule([readSource(path, text)])).toEqual([]);
  });

  it('refuse a cycle over three files and name its way', () => {
    const ring = ['a', 'b', 'c'].map((name, index, all) =>
      readSource(`src/core/x/${name}.ts`, `import './${all[(index + 1) % 3]}.ts';`),
    );

    expect(cycles(ring)).toEqual([
      'import cycle: src/core/x/a.ts -> src/core/x/b.ts -> src/core/x/c.ts -> src/core/x/a.ts',
    ]);
  });

  it('see imports behind templates, regular expressions and apostrophes in JSX text', () => {
    const file = readSource(
      'console/src/a.tsx',
      [
        "const a = `${b.map((c) => `'${c}`)} \\` ${'}'}`;",
        'const d = /[/"\'`]/.test(e) ? 1 / 2 : 3;',
        'const f = <p title="it\'s">Don\'t</p>;',
        "import g, { h as i } from './g.ts';",
        "import './style.css';",
        "const j = lazy(() => import('./j.ts'));",
      ].join('\n'),
    );

    expect(file.imports.map(({ specifier, line }) => ({ specifier, line }))).toEqual([
      { specifier: './g.ts', line: 4 },
      { specifier: './style.css', line: 5 },
      { specifier: './j.ts', line: 6 },
    ]);
    expect(functionsOf(file)).toEqual([]);
  });
});
