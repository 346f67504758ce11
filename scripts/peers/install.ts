import { spawnSync } from 'node:child_process';
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

function run(command: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0;
}

function output(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

let listsAreFresh = false;

function installDebianPackages(names: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || output('apt-get', ['--version']) === '') return false;
  // A third-party list that does not answer must not stop the packages that are Debian's own.
  if (!listsAreFresh) run('apt-get', ['update', '-qq']);
  listsAreFresh = true;
  return run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...names]);
}

/** Makes the virtual environment with moto and cfn-lint, unless it is there; returns its folder of programs. */
export function installPythonPeers(): string | undefined {
  const programs = join(environment, 'bin');
  const wanted = `${pythonPackages.join('\n')}\n`;
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return programs;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(peersFolder, { recursive: true });
  const makeEnvironment = (): boolean => run('python3', ['-m', 'venv', environment]);
  // Debian keeps the venv module in a package of its own.
  if (!makeEnvironment() && !(installDebianPackages(['python3-venv']) && makeEnvironment())) {
    shout('No moto and no cfn-lint: "python3 -m venv" fails. Install python3 and python3-venv.');
    return undefined;
  }
  if (!run(join(programs, 'pip'), ['install', '-q', '--disable-pip-version-check', ...pythonPackages])) {
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
export function installChromium(): string | undefined {
  const missing = [
    ...(findChromium() === undefined ? ['chromium'] : []),
    ...(hasJapaneseFont() ? [] : ['fonts-noto-cjk', 'fontconfig']),
  ];
  if (missing.length > 0 && !installDebianPackages(missing)) {
    shout(`Missing: ${missing.join(', ')}. Install them (Debian: apt-get install ${missing.join(' ')}).`);
  }
  return findChromium();
}
