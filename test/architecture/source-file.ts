/** One file of the repository, read for the architecture rules. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text with comments, strings and regular expressions blanked, character for character. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** One `import`, `export … from`, `import()` or `require()`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** The path in the repository, or undefined for a package or a Node module. */
  readonly target: string | undefined;
}

/** A function with its body's first line and the number of lines in it that hold code. */
export interface FunctionSpan {
  readonly line: number;
  readonly lines: number;
}

/** Reads one file's imports without a compiler. */
export function readSource(path: string, text: string): SourceFile {
  const code = /\.(?:[cm]?[jt]s|tsx)$/.test(path) ? blankOut(text) : '';
  return { path, text, code, imports: importsOf(path, text, code) };
}

/** The 1-based line of a position. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

// Sticky: each is tried at one position. A string never leaves its line, so an apostrophe in JSX text costs one line.
const comment = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const quoted = /(["'])(?:\\.|(?!\1)[^\\\n])*(\1|$|(?=\n))/y;
const templatePart = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y;
const regularExpression = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[dgimsuvy]*/y;
const beforeRegularExpression = /(?:^|[(,=:[!&|?{;+\-*%~^]|=>|\b(?:return|typeof|case|in|of|void|await|yield))\s*$/;

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

function blankOut(text: string): string {
  const openTemplates: number[] = [];
  let depth = 0;
  let code = '';
  const template = (open: string): void => {
    const part = matchAt(templatePart, text, code.length + open.length) ?? '';
    code += open + blank(part);
    if (text.startsWith('${', code.length)) {
      code += '${';
      openTemplates.push(depth);
    } else if (code.length < text.length) {
      code += '`';
    }
  };
  while (code.length < text.length) {
    const at = code.length;
    const char = text.charAt(at);
    const ignored = char === '/' ? (matchAt(comment, text, at) ?? regularExpressionAt(text, code)) : undefined;
    if (ignored !== undefined) code += blank(ignored);
    else if (char === '"' || char === "'") code += blankString(matchAt(quoted, text, at) ?? char);
    else if (char === '`') template('`');
    else if (char === '}' && openTemplates.at(-1) === depth) {
      openTemplates.pop();
      template('}');
    } else {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      code += char;
    }
  }
  return code;
}

function regularExpressionAt(text: string, before: string): string | undefined {
  if (!beforeRegularExpression.test(before.slice(-60))) return undefined;
  return matchAt(regularExpression, text, before.length);
}

function blankString(literal: string): string {
  const quote = literal.charAt(0);
  if (literal.length < 2 || !literal.endsWith(quote)) return blank(literal);
  return `${quote}${blank(literal.slice(1, -1))}${quote}`;
}

const importForms = [
  /\b(?:import|export)\b(?<type>\s+type\b(?!\s*(?:,|\bfrom\b)))?[\s\w*$,{}]*?\bfrom\s*(?<quote>["'])/g,
  /\bimport\s*(?<quote>["'])/g,
  /\b(?:import|require)\s*\(\s*(?<quote>["'])/g,
];

function importsOf(path: string, text: string, code: string): Import[] {
  const found = importForms.flatMap((form) =>
    [...code.matchAll(form)].map((match) => {
      const start = match.index + match[0].length;
      const specifier = text.slice(start, code.indexOf(match.groups?.['quote'] ?? '', start));
      const typeOnly = match.groups?.['type'] !== undefined;
      return { specifier, line: lineAt(text, match.index), typeOnly, target: resolveImport(path, specifier) };
    }),
  );
  return found.sort((a, b) => a.line - b.line);
}

function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`;
  if (!specifier.startsWith('.')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The functions of a file, found by their braces: near enough to see one that is far too long. */
export function functionsOf(file: SourceFile): FunctionSpan[] {
  const lines = file.code.split('\n').map((line) => line.trim() !== '');
  const open: (number | undefined)[] = [];
  const spans: FunctionSpan[] = [];
  for (const { 0: brace, index } of file.code.matchAll(/[{}]/g)) {
    if (brace === '{') {
      open.push(opensFunction(file.code, index) ? lineAt(file.code, index) : undefined);
      continue;
    }
    const line = open.pop();
    if (line !== undefined)
      spans.push({ line, lines: lines.slice(line, lineAt(file.code, index) - 1).filter(Boolean).length });
  }
  return spans;
}

function opensFunction(code: string, brace: number): boolean {
  const before = code.slice(Math.max(0, brace - 2000), brace).trimEnd();
  if (before.endsWith('=>')) return true;
  const parameters = before.replace(/\)\s*:\s*[\w\s<>[\],.|&?"']*$/, ')');
  if (!parameters.endsWith(')')) return false;
  let depth = 0;
  for (let at = parameters.length - 1; at >= 0; at -= 1) {
    if (parameters[at] === ')') depth += 1;
    if (parameters[at] === '(') depth -= 1;
    if (depth === 0) return !/\b(?:if|for|while|switch|catch|with|await)\s*$/.test(parameters.slice(0, at));
  }
  return false;
}
