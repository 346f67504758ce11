import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateRegistries } from './generate-registries.ts';

let src: string;

beforeEach(() => {
  src = mkdtempSync(join(tmpdir(), 'yagura-registries-'));
});

afterEach(() => {
  rmSync(src, { recursive: true });
});

function write(path: string, text: string): void {
  const file = join(src, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

const generated = (name: string): string => readFileSync(join(src, 'generated', name), 'utf8');

describe('the registry generator', () => {
  it('lists every unit file by name and leaves out tests, golden files and shared parts', () => {
    write('formatters/slack/health-event.ts', '');
    write('formatters/slack/guardduty-finding.ts', '');
    write('formatters/slack/guardduty-finding.test.ts', '');
    write('formatters/slack/guardduty-finding.golden.json', '{}');
    write('formatters/slack/_blocks.ts', '');

    const changed = generateRegistries(src);

    expect(changed).toEqual(['formatters.ts']);
    expect(generated('formatters.ts')).toContain(
      [
        "import { formatter as _guardduty_finding } from '../formatters/slack/guardduty-finding.ts';",
        "import { formatter as _health_event } from '../formatters/slack/health-event.ts';",
      ].join('\n'),
    );
    expect(generated('formatters.ts')).toContain(
      'export const slackFormatters = [\n  _guardduty_finding,\n  _health_event,\n] as const;',
    );
    expect(generated('formatters.ts')).not.toMatch(/test|golden|_blocks/);
  });

  it('lists unit folders by their entry file, also those whose name starts with a digit', () => {
    write('sources/2-tier/source.ts', '');
    write('sources/2-tier/map.sql', 'SELECT 2');
    write('sources/aws-waf/source.ts', '');
    write('sources/aws-waf/map.sql', 'SELECT "w"');
    write('sources/half-made/source.ts', '');

    generateRegistries(src);

    expect(generated('sources.ts')).toContain("import { source as _2_tier } from '../sources/2-tier/source.ts';");
    expect(generated('sources.ts')).toContain(
      'export const logSources = [\n  { ..._2_tier, mapSql: "SELECT 2" },\n  { ..._aws_waf, mapSql: "SELECT \\"w\\"" },\n] as const;',
    );
  });

  it('writes an empty registry for an empty folder and none for a missing one', () => {
    mkdirSync(join(src, 'formatters/slack'), { recursive: true });

    generateRegistries(src);

    expect(generated('formatters.ts')).toContain('export const slackFormatters = [] as const;');
    expect(readdirSync(join(src, 'generated'))).toEqual(['formatters.ts']);
  });

  it('makes modules that load and hold the units themselves', async () => {
    write('formatters/slack/b.ts', "export const formatter = { kind: 'b' };");
    write('formatters/slack/a.ts', "export const formatter = { kind: 'a' };");

    generateRegistries(src);
    const url = pathToFileURL(join(src, 'generated/formatters.ts')).href;
    const loaded = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      `const { slackFormatters } = await import(${JSON.stringify(url)}); console.log(JSON.stringify(slackFormatters));`,
    ]);

    expect(JSON.parse(loaded.stdout)).toEqual([{ kind: 'a' }, { kind: 'b' }]);
  });

  it('leaves a registry alone that would not change', () => {
    write('formatters/slack/a.ts', '');
    generateRegistries(src);
    const before = statSync(join(src, 'generated/formatters.ts'));

    const changed = generateRegistries(src);

    expect(changed).toEqual([]);
    expect(statSync(join(src, 'generated/formatters.ts')).ino).toBe(before.ino);
    expect(readdirSync(join(src, 'generated'))).toEqual(['formatters.ts']);
  });

  it('forgets a unit that was removed', () => {
    write('formatters/slack/a.ts', '');
    write('formatters/slack/b.ts', '');
    generateRegistries(src);

    rmSync(join(src, 'formatters/slack/b.ts'));
    generateRegistries(src);

    expect(generated('formatters.ts')).not.toContain('b.ts');
  });
});
