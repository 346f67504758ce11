import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_NOW } from '../../../test/stand-ins/events/fates.ts';
import { parseConfig } from './parse-config.ts';

type Case = {
  readonly name: string;
  /** The whole file; else the form of the issue with `replace` and `append`. */
  readonly text?: string;
  readonly replace?: readonly [string, string];
  readonly append?: string;
  readonly expected: readonly string[];
};

const issueForm = readFileSync(new URL('../../../test/stand-ins/events/issue.yaml', import.meta.url), 'utf8');
const cases = JSON.parse(readFileSync(new URL('parse-config.cases.json', import.meta.url), 'utf8')) as Case[];

function textOf({ text, replace, append = '' }: Case): string {
  if (text !== undefined) return text;
  if (replace !== undefined && !issueForm.includes(replace[0])) throw new Error(`nothing to replace: ${replace[0]}`);
  return (replace === undefined ? issueForm : issueForm.replace(replace[0], () => replace[1])) + append;
}

describe('yagura.yaml', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { config, problems } = parseConfig(textOf(one), TEST_NOW);

    expect(
      problems.map(
        ({ line, column, severity, path, message, suggestion }) =>
          `${line}:${column} ${severity} ${path}: ${message} => ${suggestion}`,
      ),
    ).toEqual(one.expected);
    expect(config === undefined).toBe(problems.some((problem) => problem.severity === 'error'));
  });

  it('of the issue has the defaults of the issue', () => {
    const { config } = parseConfig(issueForm);

    expect(config).toMatchObject({
      teams: { payments: { language: 'ja', minimumSeverity: { securityhub: 'HIGH' } } },
      central: { language: 'en' },
      routes: [],
      exceptions: [],
      server: { host: '127.0.0.1', port: 8484 },
    });
  });

  it('is read with a byte order mark and Windows line ends', () => {
    const windows = `\uFEFF${issueForm.replaceAll('\n', '\r\n')}`;

    expect(parseConfig(windows)).toEqual(parseConfig(issueForm));
    expect(parseConfig(`${windows}whatever: 1\r\n`).problems.map(({ line, column }) => [line, column])).toEqual([
      [14, 1],
    ]);
  });

  it('is never a reason to throw, whatever was written, and every problem has a place in it', () => {
    const line = fc.oneof(
      fc.constantFrom(...issueForm.split('\n')),
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        'a: *a',
        '- [',
        'teams: { a: { name: b } }',
        '? x',
        '&a',
        '!!binary x',
        '<<: *x',
        '---',
        '\t- a',
        'a: |',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n');

        const { config, problems } = parseConfig(text, TEST_NOW);

        expect(config === undefined).toBe(problems.some((problem) => problem.severity === 'error'));
        for (const problem of problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(Math.max(1, text.split('\n').length));
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(problem.message).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('that is nested too deeply says so, not thousands of times', () => {
    const { problems } = parseConfig('['.repeat(5_000));

    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(20);
  });

  it('with a wrong value anywhere is refused at that value', () => {
    const values: [string, string][] = [
      ['"111122223333"', 'true'],
      ['payments-prod,', '[],'],
      ['Workloads/Prod,', '{},'],
      ['prod, team', '1.5, team'],
      ['決済チーム', 'null'],
      ['language: en', 'language: []'],
      ['securityhub: CRITICAL', 'securityhub: 9'],
      ['"#sec-guardduty"', 'false'],
    ];

    const found = values.map(([from, to]) => parseConfig(issueForm.replace(from, () => to)));

    expect(found.map(({ problems }) => problems.filter((problem) => problem.severity === 'error').length)).toEqual(
      values.map(() => 1),
    );
    expect(found.flatMap(({ problems }) => problems).filter(({ suggestion }) => suggestion === null)).toEqual([]);
  });
});
