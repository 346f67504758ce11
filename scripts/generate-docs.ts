/** Writes the parts of docs/ that are made: the reference of keys and commands, and what the commands in the guides print. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type CommandWords, cliReference, readCommands } from './docs/cli-reference.ts';
import { type ConfigFacts, configReference } from './docs/config-reference.ts';
import { refreshConsoleBlocks } from './docs/console-blocks.ts';
import { type RunYagura, spawnYagura } from './docs/run-yagura.ts';
import { schemaKeys } from './docs/schema-keys.ts';
import type { Language } from './docs/value-words.ts';

type Made = Readonly<Record<string, Readonly<Record<Language, string>>>>;
const REGION = /(<!-- made by "npm run docs": ([a-z ]+); do not edit -->\n)[\s\S]*?(<!-- end of \2 -->)/g;
const LANGUAGES = ['en', 'ja'] as const;

/** What every guide should say now, by its path below `root`. */
export async function freshDocs(root: string, run: RunYagura): Promise<ReadonlyMap<string, string>> {
  const cached = cachedRun(run);
  const made = await madeParts(root, cached);
  const paths = LANGUAGES.flatMap((language) =>
    readdirSync(join(root, 'docs', language))
      .filter((name) => name.endsWith('.md'))
      .map((name) => ({ path: `docs/${language}/${name}`, language })),
  );
  const texts = await Promise.all(
    paths.map(async ({ path, language }) => {
      const text = await refreshConsoleBlocks(readFileSync(join(root, path), 'utf8'), cached);
      return [path, withMadeParts(text, path, made, language)] as const;
    }),
  );
  return new Map(texts);
}

async function madeParts(root: string, run: RunYagura): Promise<Made> {
  const facts: ConfigFacts = {
    keys: schemaKeys(),
    complete: readFileSync(join(root, 'docs/examples/complete.yaml'), 'utf8'),
    ja: readWords(root, 'configuration.ja.yaml'),
  };
  const commands = await readCommands(run);
  const words = { en: readWords(root, 'commands.en.yaml'), ja: readWords(root, 'commands.ja.yaml') };
  const inBoth = (text: (language: Language) => string) => ({ en: text('en'), ja: text('ja') });
  return {
    keys: inBoth((language) => configReference(facts, language)),
    commands: inBoth((language) => cliReference(commands, language, words[language])),
  };
}

function withMadeParts(text: string, path: string, made: Made, language: Language): string {
  return text.replace(REGION, (_all, start: string, name: string, end: string) => {
    const part = made[name];
    if (part === undefined) throw new Error(`${path} asks for "${name}", which nobody makes`);
    return `${start}\n${part[language]}\n${end}`;
  });
}

/** A catalog of words in scripts/docs. */
export function readWords(root: string, name: string): CommandWords {
  return z.record(z.string(), z.string()).parse(parse(readFileSync(join(root, 'scripts/docs', name), 'utf8')));
}

// The guides of both languages show the same commands; at most a few programs run at once.
function cachedRun(run: RunYagura): RunYagura {
  const known = new Map<string, ReturnType<RunYagura>>();
  let last: Promise<unknown> = Promise.resolve();
  return (argv) => {
    const key = JSON.stringify(argv);
    const running = known.get(key) ?? last.then(() => run(argv));
    last = running;
    known.set(key, running);
    return running;
  };
}

// import.meta.main came with Node 24.2; this has to run on 24.0.
if (process.argv[1] === import.meta.filename) {
  const root = resolve(import.meta.dirname, '..');
  for (const [path, text] of await freshDocs(root, spawnYagura(root))) {
    if (readFileSync(join(root, path), 'utf8') === text) continue;
    writeFileSync(join(root, path), text);
    console.error(`${path} written`);
  }
}
