import { isTest, type Rule } from './layers.ts';
import { functionsOf, lineAt, type SourceFile } from './source-file.ts';

const maxFileLines = 400;
const maxFunctionLines = 60;

const isCode = (file: SourceFile): boolean => /\.(?:ts|tsx|js)$/.test(file.path);
const lineCount = (file: SourceFile): number => file.text.trimEnd().split('\n').length;

// A describe block or a contract suite is a list of cases, however long.
const isSuite = (path: string): boolean => isTest(path) || path.startsWith('test/');

/** Files of at most 400 lines and functions of at most 60. */
export const sizes: Rule = (files) =>
  files.filter(isCode).flatMap((file) => [
    ...(lineCount(file) > maxFileLines
      ? [`${file.path} has ${lineCount(file)} lines, more than ${maxFileLines}.`]
      : []),
    ...functionsOf(file)
      .filter((span) => !isSuite(file.path) && span.lines > maxFunctionLines)
      .map((span) => `${file.path}:${span.line} has a function of ${span.lines} lines, more than ${maxFunctionLines}.`),
  ]);

/** What comes near the limits, longest first: nobody should come near them. */
export function nearTheLimits(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => isCode(file) && lineCount(file) > maxFileLines * 0.8)
    .sort((a, b) => lineCount(b) - lineCount(a))
    .map((file) => `${file.path} has ${lineCount(file)} lines`);
}

const nameless = /^(?:utils?|commons?|helpers?|misc)(?:\.|$)/;

/** A name says what is inside. */
export const tellingNames: Rule = (files) =>
  files
    .filter((file) => file.path.split('/').some((part) => nameless.test(part)))
    .map(
      (file) => `${file.path}: no file or folder is named utils, common, helpers or misc; put it next to its caller.`,
    );

const kebabCase = /^[._]?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** Folders and code files are kebab-case; documents and licences keep their customary names. */
export const kebabCaseNames: Rule = (files) =>
  files
    .filter((file) => {
      const parts = file.path.split('/');
      const judged = isCode(file) ? parts : parts.slice(0, -1);
      return judged.some((part) => !kebabCase.test(part));
    })
    .map((file) => `${file.path}: names are kebab-case.`);

/** Named exports only; the tools want a default export from their configuration files. */
export const namedExports: Rule = (files) =>
  files
    .filter((file) => isCode(file) && !/\.config\.[jt]s$/.test(file.path))
    .flatMap((file) =>
      [...file.code.matchAll(/\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g)].map(
        (match) => `${file.path}:${lineAt(file.text, match.index)} has a default export; export a name.`,
      ),
    );

/** The oldest Node that has to work is 24.0, the only 24 with a package for macOS. */
export const oldestNode: Rule = (files) =>
  files
    .filter(isCode)
    .flatMap((file) =>
      [...file.code.matchAll(/\bimport\.meta\.main\b/g)].map(
        (match) => `${file.path}:${lineAt(file.text, match.index)} uses import.meta.main, which came with Node 24.2.`,
      ),
    );

// AWS's own examples are like 111122223333; the last four digits are free for tests that need many accounts.
const exampleAccount = /^(?:(\d\d)\1(\d\d)\2\d{4}|123456789012)$/;
const exampleAddress =
  /^(?:192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|10\.|127\.|0\.0\.0\.0|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|255\.)/;

const isFixture = (file: SourceFile): boolean =>
  /(?:^|\/)fixtures\/|\.golden\.json$|\.expected\.json$/.test(file.path) || isTest(file.path);

/** Fixtures show example accounts and documentation addresses, never somebody's. */
export const fixtureIds: Rule = (files) =>
  files.filter(isFixture).flatMap((file) => [
    // A UUID's last group can be twelve digits as well.
    ...[...file.text.matchAll(/(?<![\w.])(?<![0-9a-f]{4}-)\d{12}(?![\w.])/g)]
      .filter(([id]) => !exampleAccount.test(id))
      .map(
        (match) => `${file.path}:${lineAt(file.text, match.index)} has the account id ${match[0]}; use 111122223333.`,
      ),
    // Four numbers behind a slash are the version of a browser.
    ...[...file.text.matchAll(/(?<![\w./-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])/g)]
      .filter(([address]) => !exampleAddress.test(address))
      .map((match) => `${file.path}:${lineAt(file.text, match.index)} has the address ${match[0]}; use 192.0.2.0/24.`),
  ]);
