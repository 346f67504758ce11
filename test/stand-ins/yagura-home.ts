import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { createLogger } from '#adapters/logger/logger.ts';
import { type Running, type StartOptions, startYagura } from '#apps/server/start-yagura.ts';
import type { SecretName } from '#ports/secret-source.ts';

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The JSON of the body, undefined when it is none. */
  readonly json: unknown;
};
export type HttpCall = {
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as it is when it is text or bytes, else as JSON. */
  readonly body?: unknown;
};

/** A running embedded home with a folder of its own. */
export type Home = {
  readonly running: Running;
  readonly url: string;
  readonly dataDir: string;
  readonly log: readonly string[];
  call(method: string, path: string, call?: HttpCall): Promise<HttpAnswer>;
  /** The JSON of a good answer. */
  get<T>(path: string, headers?: OutgoingHttpHeaders): Promise<T>;
  /** A writing request as the console makes it. */
  write(method: string, path: string, body?: unknown): Promise<HttpAnswer>;
  /** Sends events; their messages are delivered when it resolves. */
  send(events: readonly unknown[]): Promise<HttpAnswer>;
};

export type HomeOptions = Partial<Pick<StartOptions, 'dataDir' | 'configText' | 'port' | 'host' | 'consoleDir'>> & {
  readonly secrets?: Partial<Record<SecretName, string>>;
  readonly env?: Readonly<Record<string, string>>;
};

/** yagura.yaml of the company in test/stand-ins/events. */
export const COMPANY = readFileSync(new URL('events/company.yaml', import.meta.url), 'utf8');

type After = typeof afterEach | typeof afterAll;

/** New folders that are removed after each test. */
export function folderPerTest(after: After = afterEach): () => string {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'yagura-test-'));
    folders.push(folder);
    return folder;
  };
}

/** Starts homes on free ports; all are stopped after each test. `configText: undefined` is the sample organization. */
export function homePerTest(): (options?: HomeOptions) => Promise<Home> {
  return homesUntil(afterEach);
}

/** Starts homes that all tests of the file may read from. */
export function homePerFile(): (options?: HomeOptions) => Promise<Home> {
  return homesUntil(afterAll);
}

function homesUntil(after: After): (options?: HomeOptions) => Promise<Home> {
  const newFolder = folderPerTest(after);
  const homes: Home[] = [];
  after(async () => {
    for (const home of homes.splice(0)) await home.running.stop();
  });
  return async (options = {}) => {
    const home = await startHome({ dataDir: newFolder(), configText: COMPANY, ...options });
    homes.push(home);
    return home;
  };
}

async function startHome(options: HomeOptions & Pick<StartOptions, 'dataDir' | 'configText'>): Promise<Home> {
  const log: string[] = [];
  const running = await startYagura({
    port: 0,
    host: undefined,
    consoleDir: join(options.dataDir, 'no-console'),
    version: '0.0.0-test',
    ...options,
    env: options.env ?? {},
    secrets: { secret: async (name) => options.secrets?.[name] },
    log: createLogger({ level: 'info', destination: { write: (line) => void log.push(line) } }),
  });
  return homeOf(running, options.dataDir, log);
}

function homeOf(running: Running, dataDir: string, log: readonly string[]): Home {
  const { url } = running;
  const call: Home['call'] = (method, path, given = {}) => httpCall(url, method, path, given);
  return {
    ...{ running, url, dataDir, log, call },
    get: async <T>(path: string, headers: OutgoingHttpHeaders = {}) => {
      const answer = await call('GET', path, { headers });
      if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${answer.text}`);
      // The caller names what the contract promises.
      return answer.json as T;
    },
    write: (method, path, body) =>
      call(method, path, {
        headers: { 'x-yagura-request': '1', origin: url },
        ...(body === undefined ? {} : { body }),
      }),
    send: async (events) => {
      const answer = await call('POST', '/events', { body: events });
      await running.yagura.delivery().drained();
      return answer;
    },
  };
}

/** One request exactly as asked for: path, Host and all headers unchanged. */
export function httpCall(url: string, method: string, path: string, { headers, body }: HttpCall): Promise<HttpAnswer> {
  const { hostname, port } = new URL(url);
  const bytes = bytesOf(body);
  return new Promise((resolve, reject) => {
    const type = bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length };
    const sent = request(
      {
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        method,
        path,
        agent: false,
        headers: { ...type, ...headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOf(text) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

function bytesOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
