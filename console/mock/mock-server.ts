import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { StreamChange } from '../../src/ports/http-api.ts';
import { answer } from './answer.ts';
import { makeWorld, type Variant, type World } from './world.ts';

/** The strictest policy the console works under. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

export type MockServer = {
  readonly url: string;
  readonly world: World;
  /** Requests to the API so far, as `GET /findings?…`. */
  readonly requests: string[];
  /** Tells every open console of a change. */
  push(change: Partial<StreamChange>): void;
  /** Answers every API request with this status; null: works again. `stop` closes connections without an answer. */
  fail(how: number | 'stop' | null): void;
  close(): Promise<void>;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

type Settings = { readonly variant: Variant; readonly port: number; readonly consoleDir: string };

/** Starts a server that answers like the real one, from a seeded world. */
export async function startMock(settings: Settings): Promise<MockServer> {
  const world = makeWorld(settings.variant);
  const requests: string[] = [];
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let failing: number | 'stop' | null = null;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mock.example.com');
    if (!url.pathname.startsWith('/api/')) {
      void serveFile(settings.consoleDir, url.pathname, response);
      return;
    }
    const path = url.pathname.slice('/api'.length);
    requests.push(`${request.method} ${path}${url.search}`);
    if (failing === 'stop') request.socket.destroy();
    else if (failing !== null)
      sendJson(response, failing, {
        error: { code: 'store.unavailable', message: 'Cannot read the store: the disk is full. Free some space.' },
      });
    else if (path === '/stream') openStream(response, streams);
    else void answerApi(world, request, url, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(settings.port, '127.0.0.1', resolve));
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo;

  const endStreams = () => {
    for (const stream of streams) stream.destroy();
    streams.clear();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    world,
    requests,
    push: (change) => {
      const whole: StreamChange = { findings: 0, messages: 0, deliveries: 0, directory: false, at: 0, ...change };
      for (const stream of streams) stream.write(`event: change\ndata: ${JSON.stringify(whole)}\n\n`);
    },
    fail: (how) => {
      failing = how;
      if (how !== null) endStreams();
    },
    close: async () => {
      endStreams();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function openStream(response: ServerResponse, streams: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': connected\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

async function answerApi(world: World, request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  // A request body arrives as buffers when no encoding is set.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (request.method !== 'GET' && request.headers['x-yagura-request'] !== '1') {
    sendJson(response, 403, {
      error: { code: 'not-allowed', message: 'Writing requests need the header x-yagura-request: 1.' },
    });
    return;
  }
  const body: unknown = text === '' ? {} : JSON.parse(text);
  const result = answer(world, request.method ?? 'GET', url, body);
  sendJson(response, result.status, result.body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function serveFile(dir: string, pathname: string, response: ServerResponse): Promise<void> {
  const name = normalize(decodeURIComponent(pathname)).replace(/^(\.\.[/\\])+/, '');
  const wanted = extname(name) in TYPES ? join(dir, name) : join(dir, 'index.html');
  try {
    const content = await readFile(wanted);
    response.writeHead(200, {
      'content-type': TYPES[extname(wanted)] ?? 'application/octet-stream',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
    });
    response.end(content);
  } catch {
    // Not built, or no such file.
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('not found');
  }
}
