import type { YAMLError } from 'yaml';

type YamlProblem = { readonly offset: number; readonly message: string; readonly suggestion: string };

/** One mistake makes the parser stumble on; more than these help nobody. */
const MAX_PROBLEMS = 20;

const SUGGESTIONS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'remove one of the two, or merge them',
  BAD_INDENT: 'indent it like the lines around it, and close every { and [ that was opened',
  MISSING_CHAR: 'close every quote, { and [ that was opened',
  MULTIPLE_DOCS: 'keep one document: remove the line "---"',
  BLOCK_AS_IMPLICIT_KEY: 'put the nested key on a line of its own, indented',
  IMPOSSIBLE: 'nest it less deeply',
};

/** What the YAML parser complains about, once for each place. */
export function yamlProblems(errors: readonly YAMLError[]): YamlProblem[] {
  const places = new Map(errors.toReversed().map((error) => [error.pos[0], error]));
  return [...places.values()]
    .toReversed()
    .slice(0, MAX_PROBLEMS)
    .map(({ pos, message, code }) => ({
      offset: pos[0],
      message: `not valid YAML: ${messageFor(code, message)}`,
      suggestion: SUGGESTIONS[code] ?? 'compare it with the example in the documentation of the configuration',
    }));
}

function messageFor(code: YAMLError['code'], message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'the key stands twice';
    case 'MULTIPLE_DOCS':
      return 'the file holds more than one document';
    default:
      return message;
  }
}
