import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { merged } from '#apps/server/changes.ts';
import type { Installation } from '#apps/server/installation.ts';
import type { StreamChange } from '#ports/http-api.ts';

const HEARTBEAT_MS = 15_000;

/** GET /api/stream: what changed, as server-sent events; a comment keeps a quiet stream open. */
export function streamRoutes(yagura: Pick<Installation, 'changes'>, heartbeatMs = HEARTBEAT_MS): Hono {
  const app = new Hono();
  app.get('/', (c) => {
    // A proxy that gathers answers would hold events back.
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, (stream) => tellChanges(stream, yagura, heartbeatMs));
  });
  return app;
}

async function tellChanges(
  stream: SSEStreamingApi,
  { changes }: Pick<Installation, 'changes'>,
  heartbeatMs: number,
): Promise<void> {
  // A reader slower than the changes gets them merged, so that nothing piles up.
  let waiting: StreamChange | undefined;
  let wake = Promise.withResolvers<void>();
  const stopListening = changes.listen((change) => {
    waiting = waiting === undefined ? change : merged(waiting, change);
    wake.resolve();
  });
  const leave = () => {
    stopListening();
    wake.resolve();
  };
  stream.onAbort(leave);
  changes.ended.addEventListener('abort', leave);
  try {
    await stream.write(': connected\n\n');
    while (!stream.aborted && !changes.ended.aborted) {
      const timer = setTimeout(() => wake.resolve(), heartbeatMs);
      await wake.promise;
      clearTimeout(timer);
      wake = Promise.withResolvers();
      const change = waiting;
      waiting = undefined;
      if (stream.aborted || changes.ended.aborted) break;
      if (change === undefined) await stream.write(': still here\n\n');
      else await stream.writeSSE({ event: 'change', data: JSON.stringify(change) });
    }
  } finally {
    leave();
    changes.ended.removeEventListener('abort', leave);
  }
}
