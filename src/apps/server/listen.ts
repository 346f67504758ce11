import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { YaguraError } from '#core/errors/yagura-error.ts';

export type Listening = {
  readonly url: string;
  /** Takes no more requests and lets those under way end, but not for longer than a person waits. */
  close(): Promise<void>;
};

const GRACE_MS = 5_000;

/** Listens; a taken port is a clear error. Port 0 takes a free one, which `url` tells. */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  hostname: string,
  port: number,
  graceMs = GRACE_MS,
): Promise<Listening> {
  const server = serve({ fetch: app.fetch, hostname, port });
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw notListening(hostname, port, cause);
  }
  // A TCP server's address is never a pipe name.
  const address = server.address() as AddressInfo;
  const url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  return { url, close: () => closed(server, graceMs) };
}

function notListening(hostname: string, port: number, cause: unknown): YaguraError {
  const { code, message } = cause as NodeJS.ErrnoException; // what a server's error event carries
  const hint =
    code === 'EADDRINUSE'
      ? `Port ${port} is taken, perhaps by another yagura. Choose another one with --port.`
      : code === 'EACCES'
        ? `This user may not listen on port ${port}. Choose one above 1023 with --port.`
        : message;
  return new YaguraError('input.invalid', `Cannot listen on ${hostname}:${port}. ${hint}`, { cause });
}

function closed(server: ServerType, graceMs: number): Promise<void> {
  return new Promise((done) => {
    const impatience = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearTimeout(impatience);
      done();
    });
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}
