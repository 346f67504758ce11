/** One command as its --help describes it. */
export type Help = {
  readonly usage: string;
  readonly description: string;
  readonly rows: readonly HelpRow[];
  /** Names of subcommands; empty for a command that does something. */
  readonly commands: readonly string[];
  readonly examples: readonly string[];
  /** What stands below the examples. */
  readonly notes: string;
};
/** An argument or option: its term, and what is said of it. */
export type HelpRow = {
  readonly term: string;
  readonly text: string;
  readonly choices: readonly string[];
  readonly defaultValue: string | undefined;
};

/** Reads what `--help` prints. */
export function parseHelp(text: string): Help {
  const sections = splitSections(text);
  const tail = sections.get('Example') ?? [];
  const examples = tail.filter((line) => line.startsWith('  ')).map((line) => line.trim());
  return {
    usage: joined(sections.get('Usage') ?? []),
    description: joined(sections.get('') ?? []),
    rows: [...entries(sections.get('Arguments') ?? []), ...entries(sections.get('Options') ?? [])]
      .filter(({ term }) => !/^(?:-h|-V), /.test(term))
      .map(toRow),
    commands: entries(sections.get('Commands') ?? []).map(({ term }) => term.split(' ')[0] ?? ''),
    examples,
    notes: joined(tail.filter((line) => line !== '' && !line.startsWith('  '))),
  };
}

/** Lines by heading; what stands between usage and the first heading is the description. */
function splitSections(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let name = '';
  for (const line of text.split('\n')) {
    const heading = /^(Usage|Arguments|Options|Commands|Example):(?: (.*))?$/.exec(line);
    if (heading !== null) name = heading[1] ?? '';
    else if (line === '' && name === 'Usage') name = '';
    const content = heading === null ? line : (heading[2] ?? '');
    sections.set(name, [...(sections.get(name) ?? []), content]);
  }
  return sections;
}

function entries(lines: readonly string[]): { term: string; text: string }[] {
  const found: { term: string; text: string }[] = [];
  for (const line of lines) {
    const start = /^ {2}(\S.*?)(?: {2,}(\S.*))?$/.exec(line);
    const last = found.at(-1);
    if (start?.[1] !== undefined) found.push({ term: start[1], text: start[2] ?? '' });
    else if (line.trim() !== '' && last !== undefined) last.text = `${last.text} ${line.trim()}`.trim();
  }
  return found;
}

/** Takes `(choices: "a", "b", default: "a")` off the text. */
function toRow({ term, text }: { term: string; text: string }): HelpRow {
  const note = /\s*\((?:choices: (.*?))?(?:, )?(?:default: (\S.*?))?\)$/.exec(text);
  const isNote = note !== null && (note[1] !== undefined || note[2] !== undefined);
  return {
    term,
    text: isNote ? text.slice(0, note.index) : text,
    choices: isNote ? [...(note[1] ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '') : [],
    defaultValue: isNote ? note[2]?.replaceAll('"', '') : undefined,
  };
}

function joined(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
