/** Installs and starts the real peers, runs the tests that need them, and stops what it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installChromium, installPythonPeers, shout } from './peers/install.ts';
import { startMotoServer } from './peers/moto-server.ts';
import { startOpenSearch } from './peers/opensearch-server.ts';
import { isPeerWanted } from './peers/selected-tests.ts';
import type { Server } from './peers/server-process.ts';
import { startTrino } from './peers/trino-server.ts';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const interrupted = new AbortController();
const running: Server[] = [];
let vitest: ChildProcess | undefined;

async function attempt<Started extends Server>(
  name: string,
  start: () => Promise<Started>,
): Promise<Started | undefined> {
  try {
    const server = await start();
    running.push(server);
    return server;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!interrupted.signal.aborted) shout(`No ${name}: the tests that need it are SKIPPED because ${reason}`);
    return undefined;
  }
}

// A peer that no selected test needs is neither started nor missed.
async function startWanted<Started extends Server>(
  name: string,
  start: () => Promise<Started>,
  variables: (server: Started | undefined) => Record<string, string | undefined>,
): Promise<Record<string, string | undefined>> {
  return isPeerWanted(name, args, root) ? variables(await attempt(name, start)) : {};
}

async function startInstalledPeers(): Promise<Record<string, string | undefined>> {
  const programs = await installPythonPeers();
  const chromium = await installChromium();
  const moto =
    programs === undefined
      ? undefined
      : await attempt('moto server', () => startMotoServer(programs, interrupted.signal));
  return {
    YAGURA_MOTO_URL: moto?.url,
    YAGURA_CFN_LINT: programs === undefined ? undefined : join(programs, 'cfn-lint'),
    YAGURA_CHROMIUM: chromium,
  };
}

async function startPeers(folder: string): Promise<Record<string, string>> {
  const { signal } = interrupted;
  const found = await Promise.all([
    startInstalledPeers(),
    startWanted(
      'Trino',
      () => startTrino(join(folder, 'trino'), signal),
      (trino) => ({ YAGURA_TRINO_URL: trino?.url, YAGURA_TRINO_FOLDER: trino?.lakeFolder }),
    ),
    startWanted(
      'OpenSearch',
      () => startOpenSearch(join(folder, 'opensearch'), signal),
      (openSearch) => ({ YAGURA_OPENSEARCH_URL: openSearch?.url }),
    ),
  ]);
  const all = Object.entries(Object.assign({}, ...found));
  for (const [name, value] of all) {
    if (value === undefined && !signal.aborted) shout(`${name} is not set: the tests of this peer are SKIPPED.`);
  }
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

// A mistake in a test must never reach a real account with somebody's real credentials.
const harmlessAws = {
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_SESSION_TOKEN: 'testing',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

async function runPeerTests(variables: Readonly<Record<string, string>>): Promise<number> {
  const { AWS_PROFILE: _profile, ...environment } = process.env;
  vitest = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.peers.config.ts', ...args],
    { cwd: root, stdio: 'inherit', env: { ...environment, ...harmlessAws, ...variables } },
  );
  const [code, signal]: [number | null, NodeJS.Signals | null] = await once(vitest, 'exit').then(([a, b]) => [a, b]);
  return code ?? exitCodeOf(signal ?? 'SIGHUP');
}

const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-peers-'));
  // A peer that runs as another user has its own folder in this one.
  chmodSync(folder, 0o711);
  return folder;
}

// After a failure the logs stay: they tell what a peer thought of it.
function removeFolder(folder: string): void {
  const isGreen = process.exitCode === 0;
  for (const part of isGreen ? [folder] : [join(folder, 'trino'), join(folder, 'opensearch')]) {
    rmSync(part, { recursive: true, force: true });
  }
  if (!isGreen) console.error(`The logs of the peers are in ${folder}`);
}

// What is unpacked into the cache has to be readable by the users that the peers run as.
process.umask(0o022);
const folder = makeFolder();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    process.exitCode = exitCodeOf(signal);
    interrupted.abort();
    vitest?.kill(signal);
  });
}
try {
  const variables = await startPeers(folder);
  if (!interrupted.signal.aborted) process.exitCode = await runPeerTests(variables);
} finally {
  await Promise.all(running.map((server) => server.stop()));
  removeFolder(folder);
}
