/** Installs and starts the real peers, runs the tests that need them, and stops what it started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { installChromium, installPythonPeers, shout } from './peers/install.ts';
import { type MotoServer, startMotoServer } from './peers/moto-server.ts';

const root = resolve(import.meta.dirname, '..');

async function startMoto(programs: string | undefined): Promise<MotoServer | undefined> {
  if (programs === undefined) return undefined;
  try {
    return await startMotoServer(programs);
  } catch (error) {
    shout(`No moto server: ${String(error)}`);
    return undefined;
  }
}

function peerVariables(found: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const present = Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const name of Object.keys(found)) {
    if (found[name] === undefined) shout(`${name} is not set: the tests of this peer are SKIPPED.`);
  }
  return Object.fromEntries(present);
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
  const vitest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'vitest.peers.config.ts',
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit', env: { ...environment, ...harmlessAws, ...variables } },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => vitest.kill(signal));
  const [code, signal]: [number | null, NodeJS.Signals | null] = await once(vitest, 'exit').then(([a, b]) => [a, b]);
  return code ?? 128 + (signal === null ? 1 : constants.signals[signal]);
}

const programs = installPythonPeers();
const chromium = installChromium();
const moto = await startMoto(programs);
try {
  const variables = peerVariables({
    YAGURA_MOTO_URL: moto?.url,
    YAGURA_CFN_LINT: programs === undefined ? undefined : join(programs, 'cfn-lint'),
    YAGURA_CHROMIUM: chromium,
  });
  process.exitCode = await runPeerTests(variables);
} finally {
  await moto?.stop();
}
