import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { YaguraError } from '#core/errors/yagura-error.ts';

/** Listens; a taken port is a clear error. */
export function listen(app: Hono, hostname: string, port: number): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port });
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const hint =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} is taken, perhaps by another yagura. Choose one with --port.`
          : cause.message;
      reject(new YaguraError('input.invalid', `Cannot listen on ${hostname}:${port}. ${hint}`, { cause }));
    });
    server.once('listening', () => {
      // A TCP server's address is never a pipe name.
      const address = server.address() as AddressInfo;
      const url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
      resolve({
        url,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            // Event streams never end by themselves.
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
  });
}
