import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** One kind of unit: where its folder is, what a unit must export, and the registry made of it. */
interface UnitKind {
  readonly folder: string;
  /** The file inside each unit's folder; without it every file of the folder is a unit. */
  readonly entry?: string;
  readonly exportName: string;
  readonly registry: string;
  readonly registryName: string;
  /** A text beside the entry that the registry carries along, under this property. */
  readonly text?: { readonly file: string; readonly property: string };
}

const unitKinds: readonly UnitKind[] = [
  {
    folder: 'formatters/slack',
    exportName: 'formatter',
    registry: 'formatters.ts',
    registryName: 'slackFormatters',
  },
  {
    folder: 'sources',
    entry: 'source.ts',
    exportName: 'source',
    registry: 'sources.ts',
    registryName: 'logSources',
    text: { file: 'map.sql', property: 'mapSql' },
  },
  {
    folder: 'remediations',
    entry: 'remediation.ts',
    exportName: 'remediation',
    registry: 'remediations.ts',
    registryName: 'remediations',
  },
  {
    folder: 'guardrails',
    entry: 'guardrail.ts',
    exportName: 'guardrail',
    registry: 'guardrails.ts',
    registryName: 'guardrails',
  },
];

/** Writes the registry of every kind of unit whose folder exists below `src`; returns the files it changed. */
export function generateRegistries(src: string): string[] {
  return unitKinds
    .filter((kind) => existsSync(join(src, kind.folder)))
    .filter((kind) =>
      writeIfChanged(join(src, 'generated', kind.registry), registryText(src, kind, unitsOf(src, kind))),
    )
    .map((kind) => kind.registry);
}

function unitsOf(src: string, kind: UnitKind): string[] {
  const names = readdirSync(join(src, kind.folder), { withFileTypes: true })
    .filter((found) => !found.name.startsWith('_') && !found.name.startsWith('.'))
    .filter((found) => (kind.entry === undefined ? isUnitFile(found.name) && found.isFile() : found.isDirectory()))
    .map((found) => (kind.entry === undefined ? found.name : `${found.name}/${kind.entry}`))
    // A folder that has not all files of its kind yet is no unit yet.
    .filter((unit) => [unit, ...textOf(kind, unit)].every((file) => existsSync(join(src, kind.folder, file))));
  // Not localeCompare: the order must not depend on the machine's language.
  return names.sort();
}

function textOf(kind: UnitKind, unit: string): string[] {
  return kind.text === undefined ? [] : [join(dirname(unit), kind.text.file)];
}

function isUnitFile(name: string): boolean {
  return name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts');
}

function registryText(src: string, kind: UnitKind, units: readonly string[]): string {
  const named = units.map((unit) => ({ unit, local: localName(unit) }));
  const imports = named.map(
    ({ unit, local }) => `import { ${kind.exportName} as ${local} } from '../${kind.folder}/${unit}';\n`,
  );
  const entries = named.map(({ unit, local }) => `  ${entryText(src, kind, unit, local)},\n`);
  const list = entries.length === 0 ? '[]' : `[\n${entries.join('')}]`;
  return [
    `// Made by scripts/generate-registries.ts from the names in src/${kind.folder}; do not edit.\n`,
    ...imports,
    `\n/** Every unit of src/${kind.folder}, in the order of their names. */\n`,
    `export const ${kind.registryName} = ${list} as const;\n`,
  ].join('');
}

/** A bundle has no files beside it, so what a unit keeps in one goes into the registry. */
function entryText(src: string, kind: UnitKind, unit: string, local: string): string {
  if (kind.text === undefined) return local;
  const text = readFileSync(join(src, kind.folder, dirname(unit), kind.text.file), 'utf8');
  return `{ ...${local}, ${kind.text.property}: ${JSON.stringify(text)} }`;
}

function localName(unit: string): string {
  const id = unit.includes('/') ? unit.slice(0, unit.indexOf('/')) : unit.slice(0, -'.ts'.length);
  return `_${id.replaceAll(/[^A-Za-z0-9]+/g, '_')}`;
}

function writeIfChanged(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  mkdirSync(resolve(file, '..'), { recursive: true });
  // Several npm scripts may run this at once: a rename never shows a reader half a file.
  const temporary = `${file}.${randomUUID()}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
  return true;
}

// import.meta.main came with Node 24.2; this has to run on 24.0.
if (process.argv[1] === import.meta.filename) {
  for (const registry of generateRegistries(resolve(import.meta.dirname, '..', 'src'))) {
    console.error(`src/generated/${registry} written`);
  }
}
