import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDataFolder } from './lock-data-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'yagura-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('makes the folder for this user alone', () => {
  const lock = lockDataFolder(join(dir, 'a', 'b'));

  expect(statSync(join(dir, 'a', 'b')).mode & 0o777).toBe(0o700);
  lock.release();
});

it('lets nobody else have the folder until it is released', () => {
  const first = lockDataFolder(dir);

  expect(() => lockDataFolder(dir, 0)).toThrow(
    expect.objectContaining({
      code: 'store.unavailable',
      message: expect.stringContaining('Another yagura') as string,
    }),
  );
  first.release();
  lockDataFolder(dir, 0).release();
});

it('is free again when the process that had it was killed', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'lock-data-folder.ts'));
  const script = `import { lockDataFolder } from ${module}; globalThis.lock = lockDataFolder(${JSON.stringify(dir)}); console.log('held'); setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(other.stdout, 'data');

  expect(() => lockDataFolder(dir, 0)).toThrow('Another yagura');
  other.kill('SIGKILL');
  const lock = lockDataFolder(dir);

  lock.release();
});

it.runIf(process.getuid?.() !== 0)('says what is wrong with a folder that cannot be written', () => {
  chmodSync(dir, 0o500);

  expect(() => lockDataFolder(dir, 0)).toThrow('Check that this user may write there');
});

it('says what is wrong when the folder is a file', () => {
  writeFileSync(join(dir, 'file'), '');

  expect(() => lockDataFolder(join(dir, 'file'), 0)).toThrow(expect.objectContaining({ code: 'store.unavailable' }));
});
