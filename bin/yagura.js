#!/usr/bin/env node
// Plain JavaScript for Node 18 and later: it finds a Node 24 when the one that started it is too old.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findBundledNode, isNewEnough, noBundledNode, tooOld } from './bundled-node.js';

const childMark = 'YAGURA_STARTED_BY_WRAPPER';

function failTooOld(detail) {
  console.error(tooOld(detail));
  process.exitCode = 1;
}

function forwardSignals(child) {
  // On a terminal Ctrl-C reaches the whole foreground group, so the child already has its SIGINT.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!(onTerminal && signal === 'SIGINT')) child.kill(signal);
    });
  }
}

function runOn(node) {
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [childMark]: '1' },
  });
  child.once('error', (error) => failTooOld(`the bundled ${node} does not start (${error.message}).`));
  child.once('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.exitCode = 128 + (constants.signals[signal] ?? 0);
    process.kill(process.pid, signal);
  });
  forwardSignals(child);
}

// The channel closes however the wrapper ends, also by kill -9; what it started must not go on serving then.
function dieWithWrapper() {
  const die = () => process.kill(process.pid, 'SIGKILL');
  if (!process.connected) die();
  process.once('disconnect', die);
  process.channel?.unref();
}

function silenceExperimentalWarnings() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const given = typeof rest[0] === 'object' ? rest[0]?.type : rest[0];
    const kind = warning instanceof Error ? warning.name : given;
    if (kind !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest);
  };
}

const isChild = process.env[childMark] !== undefined;
delete process.env[childMark];

if (isNewEnough()) {
  if (isChild) dieWithWrapper();
  silenceExperimentalWarnings();
  await import('../src/apps/cli/main.ts');
} else if (isChild) {
  failTooOld('the bundled one is too old as well.');
} else {
  const node = findBundledNode();
  if (node === undefined) failTooOld(noBundledNode);
  else runOn(node);
}
