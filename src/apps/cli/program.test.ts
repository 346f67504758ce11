import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '#apps/cli/program.ts';
import { folderWith, runYagura } from '../../../test/stand-ins/terminal.ts';

const issueForm = readFileSync(new URL('../../../test/stand-ins/events/issue.yaml', import.meta.url), 'utf8');
const silent = { out: () => {}, err: () => {}, env: {}, cwd: '/' };
const verbs = buildProgram(silent).commands.flatMap((noun) =>
  noun.commands.length === 0 ? [[noun.name()]] : noun.commands.map((verb) => [noun.name(), verb.name()]),
);

describe('the command line', () => {
  it('has the commands of the issue', () => {
    const stable = [
      'audit verify',
      'config check',
      'deliveries list',
      'deliveries retry',
      'doctor',
      'events push',
      'exceptions add',
      'exceptions list',
      'exceptions remove',
      'findings list',
      'findings show',
      'lake ingest',
      'lake normalize',
      'lake query',
      'notify preview',
      'search',
      'sources list',
      'up',
    ];
    expect(verbs.map((words) => words.join(' '))).toEqual(expect.arrayContaining(stable));
  });

  it.each(verbs.map((words) => [words]))('%j explains itself with an example', async (words) => {
    const { code, out, err } = await runYagura([...words, '--help'], folderWith({}));

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`yagura ${words.join(' ')}`);
    expect(out).toMatch(/\nExample:\n {2}yagura /);
  });

  it.each([
    [[]],
    [['nonsense']],
    [['findings']],
    [['findings', 'lst']],
    [['findings', 'list', '--nonsense']],
    [['findings', 'list', '--format', 'xml']],
    [['findings', 'list', '--limit', '1e3']],
    [['findings', 'list', '--limit', '501']],
    [['findings', 'show']],
    [['notify', 'preview']],
    [['events', 'push']],
    [['up', '--port', 'http']],
    [['up', '--port', '65536']],
    [['exceptions', 'remove']],
  ])('%j is wrong usage: exit code 2, nothing on standard output, and a hint', async (argv) => {
    const { code, out, err } = await runYagura(argv, folderWith({}));

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/--help|Usage:/);
  });

  it('says its version', async () => {
    expect(await runYagura(['--version'], folderWith({}))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it('guesses what a mistyped command was', async () => {
    expect((await runYagura(['finding', 'list'], folderWith({}))).err).toContain('Did you mean findings?');
  });
});

describe('yagura doctor', () => {
  it('says of a fresh folder what works and what is not used', async () => {
    const { code, out } = await runYagura(['doctor', '--format', 'json'], folderWith({}));

    const states = Object.fromEntries(
      (JSON.parse(out) as { check: string; state: string }[]).map(({ check, state }) => [check, state]),
    );
    expect(code).toBe(0);
    expect(states).toMatchObject({
      Node: 'ok',
      configuration: 'warning',
      'data folder': 'ok',
      'state store': 'ok',
      Slack: 'not used',
      'Slack buttons': 'not used',
      'AWS Organizations': 'not used',
    });
  });

  it('fails for a yagura.yaml that is wrong, and names the place', async () => {
    const folder = folderWith({ 'yagura.yaml': issueForm.replace('HIGH', 'HIHG') });

    const { code, out, err } = await runYagura(['doctor'], folder);

    expect(code).toBe(1);
    expect(out).toMatch(/configuration +failed/);
    expect(err).toContain('yagura.yaml:9:37');
  });

  it('fails when Slack does not answer, without showing the token', async () => {
    const folder = folderWith({ 'yagura.yaml': issueForm });

    const ran = await runYagura(['doctor', '--format', 'json'], folder, {
      YAGURA_SLACK_BOT_TOKEN: 'xoxb-secret-secret',
      YAGURA_SLACK_API_URL: 'http://127.0.0.1:1/',
    });

    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toContainEqual(expect.objectContaining({ check: 'Slack', state: 'failed' }));
    expect(ran.out + ran.err).not.toContain('xoxb-secret');
  });

  it('fails for a folder it may not use, and says which', async () => {
    const folder = folderWith({ 'a-file': '' });

    const { code, out } = await runYagura(['doctor', '--data', 'a-file', '--format', 'json'], folder);

    expect(code).toBe(1);
    expect(JSON.parse(out)).toContainEqual({
      check: 'data folder',
      state: 'failed',
      detail: expect.stringContaining('a-file'),
    });
  });
});
