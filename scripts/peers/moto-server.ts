import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { peersFolder } from './install.ts';

/** A running moto server and the way to end it. */
export interface MotoServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

// moto ends with its standard input: however this process ends, nothing keeps serving.
const serveUntilInputEnds = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(sys.argv[1:])
`;

/** Starts moto server on a free port of the loopback interface and waits until it answers. */
export async function startMotoServer(programs: string): Promise<MotoServer> {
  const port = await freePort();
  const log = openSync(join(peersFolder, 'moto.log'), 'w');
  const server = spawn(
    join(programs, 'python'),
    ['-c', serveUntilInputEnds, '--host', '127.0.0.1', '--port', String(port)],
    { stdio: ['pipe', log, log] },
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = (): Promise<void> => end(server);
  for (let attempt = 0; attempt < 300 && isRunning(server); attempt += 1) {
    if (await answers(url)) return { url, stop };
    await setTimeout(200);
  }
  await stop();
  throw new Error(`moto server does not answer on ${url}; see .peers/moto.log`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on the loopback interface');
  return address.port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    // Connection refused is what "not up yet" looks like.
    return false;
  }
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await Promise.race([ended, setTimeout(5000, undefined, { ref: false })]);
  if (isRunning(child)) child.kill('SIGKILL');
  await ended;
}
