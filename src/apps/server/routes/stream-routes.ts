import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Installation } from '#apps/server/installation.ts';
import type { StreamChange } from '#ports/http-api.ts';

const HEARTBEAT_MS = 15_000;

/** GET /api/stream: what changed, as server-sent events. */
export function streamRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/', (c) =>
    streamSSE(c, async (stream) => {
      const waiting: StreamChange[] = [];
      let notify = Promise.withResolvers<void>();
      const stop = yagura.changes.listen((change) => {
        waiting.push(change);
        notify.resolve();
      });
      stream.onAbort(() => {
        stop();
        notify.resolve();
      });
      await stream.write(': connected\n\n');
      while (!stream.aborted) {
        const timer = setTimeout(() => notify.resolve(), HEARTBEAT_MS);
        await notify.promise;
        clearTimeout(timer);
        notify = Promise.withResolvers();
        if (waiting.length === 0 && !stream.aborted) await stream.write(': still here\n\n');
        for (const change of waiting.splice(0))
          await stream.writeSSE({ event: 'change', data: JSON.stringify(change) });
      }
    }),
  );
  return app;
}
