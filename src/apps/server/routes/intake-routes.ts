import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Installation } from '#apps/server/installation.ts';
import { foreignRequest } from '#apps/server/who-is-asking.ts';
import { parseDocument } from '#core/intake/parse-document.ts';

/** Bodies of EventBridge API destinations are at most 1 MB; arrays may be larger. */
const MAX_BODY = 64 * 1024 * 1024;

export type IntakeOptions = { readonly isLoopback: boolean; readonly allowedHosts: readonly string[] };

/**
 * POST /events: one envelope, an array or JSON lines, as people or an EventBridge API destination send them.
 * Answers 202 only after everything is durable; 400 when a part was not JSON (the rest is accepted all the same).
 */
export function intakeRoutes(yagura: Installation, options: IntakeOptions): Hono {
  const app = new Hono();
  const tooLarge = (c: Context) => refusal(c, 413, `The body is larger than ${MAX_BODY} bytes. Send it in parts.`);
  app.post('/', bodyLimit({ maxSize: MAX_BODY, onError: tooLarge }), async (c) => {
    const refused = await refusedSender(c, yagura, options);
    if (refused !== undefined) return refused;
    const { events, errors } = parseDocument(await c.req.text());
    const { queuedItems: _, ...report } = await yagura.accept(events);
    return c.json({ ...report, errors }, errors.length === 0 ? 202 : 400);
  });
  return app;
}

/** A token, once set, is always asked for; without one only programs on this machine may send. */
async function refusedSender(c: Context, yagura: Installation, options: IntakeOptions): Promise<Response | undefined> {
  const token = await yagura.secrets.secret('eventsToken');
  if (token !== undefined) {
    const given = c.req.header('x-api-key') ?? c.req.header('authorization')?.replace(/^Bearer /i, '') ?? '';
    return isSame(given, token) ? undefined : refusal(c, 401, 'The bearer token is missing or wrong.');
  }
  if (!options.isLoopback)
    return refusal(c, 403, 'POST /events needs a token when not on loopback: set YAGURA_EVENTS_TOKEN.');
  const foreign = foreignRequest(c, options.allowedHosts);
  return foreign === undefined ? undefined : refusal(c, 403, foreign);
}

function refusal(c: Context, status: 401 | 403 | 413, message: string): Response {
  return c.json({ error: { code: status === 413 ? 'input.invalid' : 'not-allowed', message } }, status);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
