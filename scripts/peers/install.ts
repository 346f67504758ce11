import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the peers live; ignored by git, kept between runs. */
export const peersFolder = resolve(import.meta.dirname, '../../.peers');

const pythonPackages = ['moto[server]==5.2.5', 'cfn-lint==1.58.0'];
const environment = join(peersFolder, 'python');
const marker = join(environment, 'installed.txt');

/** Says loudly that a peer is missing: its tests will be skipped, not passed. */
export function shout(message: string): void {
  console.error(`\n!!!!!!!! ${message}\n`);
}

async function run(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  try {
    const [code]: unknown[] = await once(child, 'exit');
    return code === 0;
  } catch (error) {
    console.error(`${command}: ${String(error)}`);
    return false;
  }
}

function output(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

let listsAreFresh = false;

async function installDebianPackages(names: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0 || output('apt-get', ['--version']) === '') return false;
  // A third-party list that does not answer must not stop the packages that are Debian's own.
  if (!listsAreFresh) await run('apt-get', ['update', '-qq']);
  listsAreFresh = true;
  return run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...names]);
}

/** Makes the virtual environment with moto and cfn-lint, unless it is there; returns its folder of programs. */
export async function installPythonPeers(): Promise<string | undefined> {
  const programs = join(environment, 'bin');
  const wanted = `${pythonPackages.join('\n')}\n`;
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return programs;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(peersFolder, { recursive: true });
  const makeEnvironment = (): Promise<boolean> => run('python3', ['-m', 'venv', environment]);
  // Debian keeps the venv module in a package of its own.
  if (!(await makeEnvironment()) && !((await installDebianPackages(['python3-venv'])) && (await makeEnvironment()))) {
    shout('No moto and no cfn-lint: "python3 -m venv" fails. Install python3 and python3-venv.');
    return undefined;
  }
  if (!(await run(join(programs, 'pip'), ['install', '-q', '--disable-pip-version-check', ...pythonPackages]))) {
    shout(`No moto and no cfn-lint: pip could not install ${pythonPackages.join(' and ')} (see above).`);
    return undefined;
  }
  writeFileSync(marker, wanted);
  return programs;
}

function findChromium(): string | undefined {
  const given = process.env['YAGURA_CHROMIUM'];
  if (given !== undefined) return given;
  const folders = (process.env['PATH'] ?? '').split(':');
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

const hasJapaneseFont = (): boolean => output('fc-list', [':lang=ja', 'family']).trim() !== '';

/** Finds Chromium, or installs Debian's together with a font that has Japanese. */
export async function installChromium(): Promise<string | undefined> {
  const missing = [
    ...(findChromium() === undefined ? ['chromium'] : []),
    ...(hasJapaneseFont() ? [] : ['fonts-noto-cjk', 'fontconfig']),
  ];
  if (missing.length > 0 && !(await installDebianPackages(missing))) {
    shout(`Missing: ${missing.join(', ')}. Install them (Debian: apt-get install ${missing.join(' ')}).`);
  }
  return findChromium();
}
