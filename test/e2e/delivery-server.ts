import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

/** The real program in a process of its own. */
export type Server = {
  readonly url: string;
  /** Sends a body to POST /events; undefined when the connection broke. */
  post(body: unknown): Promise<{ status: number; body: Record<string, unknown> } | undefined>;
  get(path: string): Promise<unknown>;
  /** Ends it as kill -9 does. */
  kill(): Promise<void>;
  /** Ends it as a person does. */
  stop(): Promise<void>;
  readonly isRunning: boolean;
  /** What it wrote on standard error. */
  readonly said: () => string;
};

export type ServerOptions = {
  /** Holds yagura.yaml and gets the data. */
  readonly dir: string;
  readonly env?: Readonly<Record<string, string>>;
};

const ROOT = resolve(import.meta.dirname, '../..');
const READY_MS = 30_000;

/** Starts `yagura up` on a free port and waits until it is ready. */
export async function startServer({ dir, env = {} }: ServerOptions): Promise<Server> {
  const args = ['up', '--config', join(dir, 'yagura.yaml'), '--data', join(dir, 'data'), '--port', '0'];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'bin/yagura.js'), ...args],
    {
      cwd: dir,
      env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const url = await ready(child, () => said);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    url,
    post: async (body) => {
      try {
        const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
        const response = await fetch(`${url}/events`, { method: 'POST', body: text });
        return { status: response.status, body: asRecord(await response.json()) };
      } catch {
        return undefined;
      }
    },
    get: async (path) => await (await fetch(`${url}${path}`)).json(),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    said: () => said,
  };
}

async function ready(child: ChildProcess, said: () => string): Promise<string> {
  const until = Date.now() + READY_MS;
  while (Date.now() < until && child.exitCode === null && child.signalCode === null) {
    const url = /ready: (http:\/\/\S+)/.exec(said())?.[1];
    if (url !== undefined) return url;
    await new Promise((done) => setTimeout(done, 20));
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not become ready: ${said()}`);
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`);
  return { ...value };
}

/** Waits until `isTrue`, looking often. */
export async function until(what: string, isTrue: () => Promise<boolean> | boolean, withinMs: number): Promise<void> {
  const last = Date.now() + withinMs;
  while (!(await isTrue())) {
    if (Date.now() > last) throw new Error(`it did not happen within ${withinMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
