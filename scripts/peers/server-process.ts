import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A running server and the way to end it. */
export interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What to run, how to know that it is ready, and where it writes what went wrong. */
export interface ServerPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly url: string;
  readonly log: string;
  readonly patienceSeconds: number;
  readonly signal: AbortSignal;
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
  readonly folder?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

const handedOut = new Set<number>();

/** A port of the loopback interface that nobody listens on, never the same one twice. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on the loopback interface');
  if (handedOut.has(address.port)) return freePort();
  handedOut.add(address.port);
  return address.port;
}

/** Starts a server and waits until it is ready; throws with the end of its log when it never is. */
export async function startServer(plan: ServerPlan): Promise<Server> {
  const started = performance.now();
  const log = openSync(plan.log, 'w');
  const server = spawn(plan.command, plan.args, {
    stdio: ['ignore', log, log],
    ...(plan.folder === undefined ? {} : { cwd: plan.folder }),
    ...plan.user,
  });
  closeSync(log);
  const failure = new Promise<string>((resolve) => server.once('error', (error) => resolve(error.message)));
  endTogether(server);
  const stop = (): Promise<void> => end(server);
  while (isRunning(server) && !plan.signal.aborted && performance.now() - started < plan.patienceSeconds * 1000) {
    if (await answers(plan)) {
      console.error(`${plan.name} answers on ${plan.url} after ${Math.round(performance.now() - started)} ms`);
      return { url: plan.url, stop };
    }
    await setTimeout(100);
  }
  const reason = await whatHappened(server, plan, failure);
  await stop();
  throw new Error(reason);
}

async function whatHappened(server: ChildProcess, plan: ServerPlan, failure: Promise<string>): Promise<string> {
  if (server.pid === undefined) return `${plan.command} cannot be started: ${await failure}`;
  if (plan.signal.aborted) return 'it was interrupted';
  const tail = (await readFile(plan.log, 'utf8')).trimEnd().split('\n').slice(-40).join('\n');
  const state = isRunning(server)
    ? `does not answer on ${plan.url} after ${plan.patienceSeconds} s`
    : `ended with exit code ${server.exitCode ?? server.signalCode}`;
  return `it ${state}; the end of its log ${plan.log}:\n${tail}`;
}

async function answers({ isReady, signal }: ServerPlan): Promise<boolean> {
  try {
    return await isReady(AbortSignal.any([signal, AbortSignal.timeout(5000)]));
  } catch {
    // Connection refused is what "not up yet" looks like.
    return false;
  }
}

// However this process ends, nothing keeps serving: the guard's input ends with this process, and the server with it.
function endTogether(server: ChildProcess): void {
  if (server.pid === undefined) return;
  const guard = spawn('sh', ['-c', 'read -r _; kill -9 "$1"', 'sh', String(server.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // A process id is used again later: the guard must not outlive its server.
  server.once('exit', () => guard.kill('SIGKILL'));
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, setTimeout(10_000, undefined, { ref: false })]);
  if (isRunning(child)) child.kill('SIGKILL');
  await ended;
}
