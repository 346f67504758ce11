import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';

const NOT_BUILT = 'The console is not built. Build it with: npm run build\n';

/** The console: its files, and its first page for every path that its own router knows. */
export function consoleFiles(dir: string): Hono {
  const app = new Hono();
  if (!existsSync(join(dir, 'index.html'))) return app.get('/*', (c) => c.text(NOT_BUILT, 404));
  // The names carry a hash of the content.
  app.get('/assets/*', serveStatic({ root: dir, onFound: keep('public, max-age=31536000, immutable') }));
  // A page in their place would be read as a broken script.
  app.get('/assets/*', (c) => c.text('There is no such file; reload the console.\n', 404));
  app.get('/*', serveStatic({ root: dir, onFound: keep('no-cache') }));
  // By path, because a finding's address holds percent signs, which no file name may.
  app.get('/*', serveStatic({ root: dir, path: 'index.html', onFound: keep('no-cache') }));
  return app;
}

function keep(howLong: string): (path: string, c: Context) => void {
  return (_path, c) => c.header('cache-control', howLong);
}
