import { type Help, type HelpRow, parseHelp } from './help-text.ts';
import type { RunYagura } from './run-yagura.ts';
import type { Language } from './value-words.ts';

/** One command that does something: `findings list`. */
export type CommandHelp = { readonly name: string; readonly help: Help };

/** Meanings by `command`, `command --option` or `* --option`. */
export type CommandWords = Readonly<Record<string, string>>;

const COLUMNS: Readonly<Record<Language, string>> = {
  en: '| Argument or option | Meaning | Default |',
  ja: '| 引数・オプション | 意味 | 既定値 |',
};

/** Asks the program for the help of every command, in the order it lists them. */
export async function readCommands(run: RunYagura, name: readonly string[] = []): Promise<CommandHelp[]> {
  const { out, err } = await run([...name, '--help']);
  if (out === '') throw new Error(`yagura ${[...name, '--help'].join(' ')} printed nothing: ${err}`);
  const help = parseHelp(out);
  const inside = help.commands.filter((command) => command !== 'help');
  if (inside.length === 0) return [{ name: name.join(' '), help }];
  const all = await Promise.all(inside.map((command) => readCommands(run, [...name, command])));
  return all.flat();
}

/** The reference of every command. `words` says what --help does not: English where it says nothing, Japanese for everything. */
export function cliReference(commands: readonly CommandHelp[], language: Language, words: CommandWords): string {
  return commands.map((command) => commandText(command, language, words)).join('\n');
}

function commandText({ name, help }: CommandHelp, language: Language, words: CommandWords): string {
  const rows = help.rows.map(
    (row) => `| \`${row.term}\` | ${rowWords(name, row, language, words)} | ${defaultWords(row)} |`,
  );
  const notes = help.notes === '' ? [] : ['', stop(said(`${name} notes`, help.notes, language, words), language)];
  return [
    `## yagura ${name}`,
    '',
    stop(said(name, help.description, language, words), language),
    '',
    '```sh',
    ...help.examples.map((example) => `npx ${example}`),
    '```',
    '',
    COLUMNS[language],
    '|---|---|---|',
    ...rows,
    ...notes,
    '',
  ].join('\n');
}

function rowWords(name: string, row: HelpRow, language: Language, words: CommandWords): string {
  const option = row.term.split(' ')[0] ?? '';
  const text = said(`${name} ${option}`, row.text, language, words, `* ${option}`).replaceAll(/(?<!`)\*(?!`)/g, '`*`');
  const choices = row.choices.map((choice) => `\`${choice}\``).join(language === 'en' ? ', ' : '、');
  const separator = language === 'en' ? ': ' : '：';
  return `${first(text, language)}${choices === '' ? '' : `${separator}${choices}`}`;
}

function said(key: string, helpText: string, language: Language, words: CommandWords, fallback = key): string {
  const text = language === 'en' && helpText !== '' ? helpText : (words[key] ?? words[fallback]);
  if (text === undefined) throw new Error(`"${key}" has no words in scripts/docs/commands.${language}.yaml`);
  return text;
}

function defaultWords({ defaultValue }: HelpRow): string {
  return defaultValue === undefined ? '–' : `\`${defaultValue}\``;
}

function first(text: string, language: Language): string {
  const isName = text.startsWith('yagura.yaml');
  return language === 'en' && !isName ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

function stop(text: string, language: Language): string {
  return /[.。]$/.test(text) ? text : `${text}${language === 'en' ? '.' : '。'}`;
}
