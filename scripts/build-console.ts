/** Builds the console when its output is missing or older than anything it is made from. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'console');
const page = join(folder, 'dist/index.html');

function newestChange(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isFresh(): boolean {
  if (!existsSync(page)) return false;
  const sources = ['src', 'public', 'index.html', 'package.json', 'vite.config.ts'].map((name) => join(folder, name));
  const shared = [join(root, 'package-lock.json'), join(root, 'src/ports/http-api.ts')];
  const newest = Math.max(...[...sources, ...shared].filter((path) => existsSync(path)).map(newestChange));
  return newest < statSync(page).mtimeMs;
}

if (!isFresh()) {
  console.error('Building the console …');
  const { status } = spawnSync('npm', ['run', 'build', '--silent', '--workspace', 'console'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  process.exitCode = status ?? 1;
}
