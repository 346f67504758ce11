import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderWith, runYagura } from '../../../test/stand-ins/terminal.ts';

const config = readFileSync(new URL('../../../test/stand-ins/events/issue.yaml', import.meta.url), 'utf8');

function check(yaml: string, ...more: readonly string[]) {
  return runYagura(['config', 'check', ...more], folderWith({ 'yagura.yaml': yaml }));
}

describe('yagura config check', () => {
  it('finds nothing wrong with the form of the issue', async () => {
    expect(await check(config)).toEqual({ code: 0, out: '', err: 'yagura.yaml is valid.\n' });
  });

  it('prints every problem with line, column and a suggestion, and fails', async () => {
    const { code, out, err } = await check(
      config
        .replace('"111122223333"', '111122223333')
        .replace('team: payments', 'team: payment')
        .replace('HIGH', 'HIHG'),
    );

    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^yagura\.yaml:3:13 error: organization\.accounts\.0\.id: .* – write "111122223333" in quotes$/,
      ),
      expect.stringMatching(
        /^yagura\.yaml:3:93 error: organization\.accounts\.0\.team: .* – did you mean "payments"\?$/,
      ),
      expect.stringMatching(
        /^yagura\.yaml:9:37 error: teams\.payments\.minimumSeverity\.securityhub: .* – did you mean "HIGH"\?$/,
      ),
    ]);
    expect(err).toBe('yagura.yaml has 3 errors.\n');
  });

  it('prints problems as data', async () => {
    const { code, out } = await check(`${config}routs: 1\n`, '--format', 'json');

    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      {
        severity: 'error',
        path: 'routs',
        line: 14,
        column: 1,
        message: 'unknown key "routs"',
        suggestion: 'did you mean "routes"?',
      },
    ]);
  });

  it('accepts what only deserves a warning', async () => {
    const { code, out, err } = await check(
      `${config}exceptions:\n  - { type: S3.8, reason: r, owner: o, expires: 2020-01-01 }\n`,
    );

    expect(code).toBe(0);
    expect(out).toContain('yagura.yaml:15:49 warning: exceptions.0.expires: this exception ended on 2020-01-01');
    expect(err).toBe('yagura.yaml is valid (1 warning).\n');
  });

  it('says which file it could not read', async () => {
    const { code, err } = await runYagura(['config', 'check', '--config', 'other.yaml'], folderWith({}));

    expect(code).toBe(1);
    expect(err).toMatch(/^yagura: Cannot read .*other\.yaml: ENOENT.*Name the file with --config\.\n$/);
  });

  it('does not obey what a hostile file prints', async () => {
    const { out } = await check(`"\\e[31m\\u009b1m": 1\n`);

    expect(out).toContain('unknown key');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(out).not.toMatch(/[\u001b\u009b]/);
  });
});
