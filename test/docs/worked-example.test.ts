import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Block, readGuide, root } from './guides.ts';

const guide = readGuide('docs/en/adding-a-message-kind.md', 'en');
const written = guide.blocks.filter((block) => pathOf(block) !== '');
const copied = ['src', 'bin', 'scripts', 'docs/examples', 'test/contract', 'test/stand-ins', 'deploy/cdk'];
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'yagura-guide-'));
  for (const folder of copied)
    cpSync(join(root, folder), join(copy, folder), {
      recursive: true,
      filter: (path) => !/node_modules|cdk\.out/.test(path),
    });
  for (const file of ['package.json', 'vitest.config.ts', 'tsconfig.json']) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const block of written) apply(block);
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

/** The path in ```ts src/core/x.ts */
function pathOf({ info }: Block): string {
  return info.split(' ')[1] ?? '';
}

/** Does what a reader of the guide does: makes the file, or changes the lines. */
function apply(block: Block): void {
  const path = join(copy, pathOf(block));
  if (block.language !== 'diff') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, block.text);
    return;
  }
  const text = readFileSync(path, 'utf8');
  const lines = block.text.split('\n').filter((line) => line !== '');
  const side = (sign: string) =>
    lines
      .filter((line) => line.startsWith(' ') || line.startsWith(sign))
      .map((line) => `\n${line.slice(1)}`)
      .join('');
  const parts = text.split(`${side('-')}\n`);
  if (parts.length !== 2) throw new Error(`${pathOf(block)} has these lines ${parts.length - 1} times:\n${block.text}`);
  writeFileSync(path, parts.join(`${side('+')}\n`));
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string }> {
  const { VITEST: _vitest, ...outer } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: copy, env: { ...outer, ...env } }, (error, out, err) =>
      done({ code: error === null ? 0 : 1, out: `${out}${err}` }),
    );
  });
}

it('changes and makes the files that the guide lists', () => {
  expect(written.filter(({ language }) => language === 'diff').length).toBeGreaterThan(5);
  expect(written.map(pathOf)).toContain('src/formatters/slack/malware-scan.golden.json');
});

it('compiles, passes its own tests and sends the message', async () => {
  await run(['scripts/generate-registries.ts']);
  const types = await run([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', '.']);
  const tests = await run(['node_modules/vitest/vitest.mjs', 'run', 'malware-scan'], { UPDATE_GOLDEN: '1' });
  const event = 'docs/examples/malware-scan.json';
  const preview = await run(
    ['bin/yagura.js', 'notify', 'preview', '--config', 'docs/examples/yagura.yaml', '--format', 'json', event],
    {},
  );

  const ours = types.out.split('\n').filter((line) => written.some((block) => line.startsWith(pathOf(block))));
  expect(ours).toEqual([]);
  expect(tests.code, tests.out).toBe(0);
  expect(JSON.parse(preview.out)).toMatchObject([
    {
      kind: 'guardduty',
      team: 'payments',
      decision: 'send',
      message: { text: expect.stringContaining('S3 オブジェクトからマルウェアを検出 – payments-prod (111122223333)') },
    },
    {
      destination: { channel: '#sec-guardduty' },
      message: { text: expect.stringContaining('Malware in an S3 object') },
    },
  ]);
}, 120_000);
