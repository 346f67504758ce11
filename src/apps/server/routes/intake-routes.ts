import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Installation } from '#apps/server/installation.ts';
import { parseDocument } from '#core/intake/parse-document.ts';

/** Bodies of EventBridge API destinations are at most 1 MB; arrays may be larger. */
const MAX_BODY = 64 * 1024 * 1024;

/**
 * POST /events: one envelope, an array or JSON lines, as people or an EventBridge API destination send them.
 * Answers 202 only after everything is durable; 400 when a part was not JSON (the rest is accepted all the same).
 */
export function intakeRoutes(yagura: Installation, needsToken: boolean): Hono {
  const app = new Hono();
  app.post(
    '/',
    bodyLimit({
      maxSize: MAX_BODY,
      onError: (c) =>
        c.json(
          { error: { code: 'input.invalid', message: `The body is larger than ${MAX_BODY} bytes. Send it in parts.` } },
          413,
        ),
    }),
    async (c) => {
      const token = await yagura.secrets.secret('eventsToken');
      const given = c.req.header('x-api-key') ?? c.req.header('authorization')?.replace(/^Bearer /i, '');
      if (token === undefined && needsToken)
        return c.json(
          {
            error: {
              code: 'not-allowed',
              message:
                'POST /events needs a token when the server does not listen on loopback: set YAGURA_EVENTS_TOKEN.',
            },
          },
          403,
        );
      if (token !== undefined && !isSame(given ?? '', token))
        return c.json({ error: { code: 'not-allowed', message: 'The bearer token is missing or wrong.' } }, 401);
      const { events, errors } = parseDocument(await c.req.text());
      const { queuedItems: _, ...report } = await yagura.accept(events);
      const problems = errors.map((error) => ({ position: error.position, detail: error.detail }));
      return c.json({ ...report, errors: problems }, errors.length === 0 ? 202 : 400);
    },
  );
  return app;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
