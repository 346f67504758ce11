import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { folderWith } from '../../../test/stand-ins/terminal.ts';

const bin = resolve(import.meta.dirname, '../../../bin/yagura.js');
const config = readFileSync(new URL('../../../test/stand-ins/events/issue.yaml', import.meta.url), 'utf8');

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

function yagura(argv: readonly string[], cwd: string, stopReading = false): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [bin, ...argv], { cwd, env: { PATH: process.env['PATH'] ?? '' } });
    const said = { out: '', err: '' };
    child.stdout.on('data', (part: Buffer) => {
      said.out += part.toString();
      if (stopReading) child.stdout.destroy();
    });
    child.stderr.on('data', (part: Buffer) => {
      said.err += part.toString();
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...said }));
  });
}

describe('yagura as a process', () => {
  it('previews: data on standard output, nothing else anywhere', async () => {
    const cwd = folderWith({ 'yagura.yaml': config, 'a.json': JSON.stringify(awsEvent('guardduty')) });

    const { code, out, err } = await yagura(
      ['notify', 'preview', '--config', 'yagura.yaml', '--format', 'json', 'a.json'],
      cwd,
    );

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect((JSON.parse(out) as unknown[]).length).toBe(2);
  });

  it('gives its exit codes to the shell', async () => {
    const cwd = folderWith({ 'yagura.yaml': config.replace('HIGH', 'HIHG') });

    const codes = await Promise.all([
      yagura(['config', 'check'], cwd),
      yagura(['config', 'check', '--nonsense'], cwd),
      yagura(['--help'], cwd),
    ]);

    expect(codes.map(({ code }) => code)).toEqual([1, 2, 0]);
    expect(codes[0]?.out).toContain('yagura.yaml:9:37');
  });

  it('prints all of a large answer, and ends quietly when nobody reads on', async () => {
    const events = Array.from({ length: 1_500 }, (_, index) =>
      awsEvent({ of: 'guardduty', set: { 'detail.id': `f${index}` } }),
    );
    const cwd = folderWith({ 'yagura.yaml': config, 'a.json': JSON.stringify(events) });
    const argv = ['notify', 'preview', '--format', 'json', join(cwd, 'a.json')];

    const [all, cut] = await Promise.all([yagura(argv, cwd), yagura(argv, cwd, true)]);

    expect(all.code).toBe(0);
    expect((JSON.parse(all.out) as unknown[]).length).toBe(3_000);
    expect(cut).toMatchObject({ code: 0, err: '' });
  });
});
