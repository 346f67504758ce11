import { builtinModules } from 'node:module';
import { type Import, lineAt, type SourceFile } from './source-file.ts';

/** A rule looks at all files and says what is wrong, one sentence each. */
export type Rule = (files: readonly SourceFile[]) => string[];

type Layer =
  | 'core'
  | 'ports'
  | 'engine'
  | 'adapters'
  | 'units'
  | 'generated'
  | 'apps'
  | 'bin'
  | 'console'
  | 'deploy'
  | 'scripts'
  | 'tests'
  | 'outside';

const layerOfFolder: readonly (readonly [prefix: string, layer: Layer])[] = [
  ['src/core/', 'core'],
  ['src/ports/', 'ports'],
  ['src/engine/', 'engine'],
  ['src/adapters/', 'adapters'],
  ['src/formatters/', 'units'],
  ['src/sources/', 'units'],
  ['src/remediations/', 'units'],
  ['src/guardrails/', 'units'],
  ['src/rules/', 'units'],
  ['src/generated/', 'generated'],
  ['src/apps/', 'apps'],
  ['bin/', 'bin'],
  ['console/', 'console'],
  ['deploy/', 'deploy'],
  ['scripts/', 'scripts'],
  ['test/', 'tests'],
  ['bench/', 'tests'],
];

// Units may import their own unit besides; that is a rule of its own.
const mayImport: Readonly<Record<Layer, readonly Layer[]>> = {
  core: ['core'],
  ports: ['ports', 'core'],
  engine: ['engine', 'ports', 'core'],
  adapters: ['adapters', 'ports', 'core', 'generated'],
  units: ['ports', 'core', 'units'],
  generated: ['units'],
  apps: ['apps', 'engine', 'adapters', 'ports', 'core', 'generated'],
  bin: ['bin', 'apps'],
  console: ['console'],
  deploy: ['deploy', 'adapters', 'ports', 'core'],
  scripts: ['scripts', 'bin', 'engine', 'adapters', 'ports', 'core', 'generated'],
  tests: ['tests', 'apps', 'engine', 'adapters', 'ports', 'core', 'generated', 'units', 'scripts', 'deploy'],
  outside: ['outside'],
};

/** Tests stand outside of the layers they test. */
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

function layerOf(path: string): Layer {
  return layerOfFolder.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'outside';
}

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, found: Import) => string | undefined,
): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((found) => {
      const problem = judge(file, found);
      return problem === undefined ? [] : [`${file.path}:${found.line} imports ${found.specifier}: ${problem}`];
    }),
  );
}

/** The direction of DESIGN section 4: apps -> adapters -> ports -> core. */
export const direction: Rule = (files) =>
  eachImport(files, (file, found) => {
    if (found.target === undefined) return undefined;
    const from = layerOf(file.path);
    const to = layerOf(found.target);
    if (from === 'console' && found.target === 'src/ports/http-api.ts') {
      return found.typeOnly ? undefined : 'the console shares types with the server, so this must be "import type".';
    }
    if (isTest(file.path)) {
      return to === 'apps' && from !== 'apps' && from !== 'tests' ? 'nothing imports apps.' : undefined;
    }
    return mayImport[from].includes(to) ? undefined : `${from} may import only ${mayImport[from].join(', ')}.`;
  });

function unitOf(path: string): string | undefined {
  if (layerOf(path) !== 'units') return undefined;
  const [, kind = '', first = '', second = ''] = path.split('/');
  return kind === 'formatters' ? `${kind}/${first}/${second}` : `${kind}/${first}`;
}

/** Units never import units; formatters may share files whose names start with an underscore. */
export const unitsStandAlone: Rule = (files) =>
  eachImport(files, (file, found) => {
    const unit = unitOf(file.path);
    if (unit === undefined || isTest(file.path)) return undefined;
    if (found.specifier.startsWith('../')) return 'inside a unit no import starts with "../".';
    const other = found.target === undefined ? undefined : unitOf(found.target);
    if (other === undefined || other === unit || /\/_[^/]+$/.test(other)) return undefined;
    return 'a unit never imports another unit.';
  });

const pureBuiltins = new Set(['assert', 'buffer', 'crypto', 'string_decoder', 'url', 'util', 'zlib']);
const purePackages = new Set(['zod', 'yaml']);

/** Core touches no network, disk, clock or randomness, and knows no technology. */
export const corePurity: Rule = (files) => [
  ...eachImport(files, (file, found) => {
    if (layerOf(file.path) !== 'core' || isTest(file.path) || found.target !== undefined) return undefined;
    const name = found.specifier.replace(/^node:/, '');
    if (builtinModules.includes(name)) {
      return pureBuiltins.has(name) ? undefined : 'core does no input or output; put it behind a port.';
    }
    return purePackages.has(name) ? undefined : 'core knows no technology; use it in an adapter or an app.';
  }),
  ...files
    .filter((file) => layerOf(file.path) === 'core' && !isTest(file.path))
    .flatMap((file) => [...file.code.matchAll(impureCalls)].map((match) => sayImpure(file, match))),
];

const impureCalls =
  /(?<![\w.])(?:Date\.now|new Date\(\s*\)|Math\.random|performance\.|setTimeout|setInterval|fetch\(|process\.|console\.|randomUUID|randomBytes|randomInt)/g;

function sayImpure(file: SourceFile, match: RegExpExecArray): string {
  return `${file.path}:${lineAt(file.text, match.index)} uses ${match[0]}: time, randomness, output and environment come into core as arguments.`;
}

/** A chain of imports that comes back to its first file. */
export const cycles: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const problems: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) problems.push(`import cycle: ${[...trail.slice(start), path].join(' -> ')}`);
    if (start !== -1 || done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target !== undefined && byPath.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return problems;
};
