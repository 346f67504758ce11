import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { bodyText, TooLarge } from '#apps/server/event-body.ts';
import type { Installation } from '#apps/server/installation.ts';
import { remoteRequest } from '#apps/server/who-is-asking.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import type { AcceptReport, IncomingEvent } from '#engine/accept-events.ts';

/** Bodies of EventBridge API destinations are at most 1 MB; arrays may be larger. */
const MAX_BODY = 64 * 1024 * 1024;
/** Written together; between two batches others get their turn. */
const BATCH = 2_000;
/** A body may hold very many broken lines; the first ones say what is wrong. */
const SHOWN_ERRORS = 100;

type Report = Omit<AcceptReport, 'queuedItems'>;

/**
 * POST /events: one envelope, an array or JSON lines (gzip allowed), as people or an EventBridge API destination send them.
 * Answers 202 only after everything is durable; 400 when a part was not JSON (the rest is accepted all the same).
 */
export function intakeRoutes(yagura: Installation): Hono {
  const app = new Hono();
  const onError = (c: Context) => refusal(c, 413, `The body is larger than ${MAX_BODY} bytes. Send it in parts.`);
  app.post('/', knownSenderOnly(yagura), bodyLimit({ maxSize: MAX_BODY, onError }), async (c) => {
    const { events, errors } = parseDocument(await bodyText(c, MAX_BODY));
    const report = await acceptInBatches(events, yagura);
    const shown = errors.slice(0, SHOWN_ERRORS);
    return c.json({ ...report, errors: shown, errorCount: errors.length }, errors.length === 0 ? 202 : 400);
  });
  app.onError((error, c) => {
    if (error instanceof TooLarge) return refusal(c, 413, `${error.message} Send it in parts.`);
    throw error;
  });
  app.all('/', (c) => {
    c.header('allow', 'POST');
    return refusal(c, 405, 'Events are sent with POST.');
  });
  return app;
}

async function acceptInBatches(events: readonly IncomingEvent[], yagura: Installation): Promise<Report> {
  let sum: Report | undefined;
  for (let start = 0; sum === undefined || start < events.length; start += BATCH) {
    const { queuedItems: _, ...report } = await yagura.accept(events.slice(start, start + BATCH));
    sum = sum === undefined ? report : added(sum, report);
  }
  return sum;
}

function added(a: Report, b: Report): Report {
  const perKind: Record<string, number> = { ...a.perKind };
  for (const [kind, count] of Object.entries(b.perKind)) perKind[kind] = (perKind[kind] ?? 0) + count;
  return {
    events: a.events + b.events,
    observed: a.observed + b.observed,
    unknown: a.unknown + b.unknown,
    notUnderstood: a.notUnderstood + b.notUnderstood,
    problemsChanged: a.problemsChanged + b.problemsChanged,
    queued: a.queued + b.queued,
    perKind,
    accountsChanged: a.accountsChanged || b.accountsChanged,
  };
}

/** A token, once set, is always asked for; without one only programs on this machine may send. Asked before the body is read. */
function knownSenderOnly(yagura: Installation): MiddlewareHandler {
  return async (c, next) => {
    const token = await yagura.secrets.secret('eventsToken');
    if (token === undefined) {
      const remote = remoteRequest(c);
      if (remote !== undefined) return refusal(c, 403, remote);
    } else if (!isSame(givenToken(c), token)) {
      c.header('www-authenticate', 'Bearer');
      return refusal(c, 401, 'The token is missing or wrong. Send it as a bearer token or in x-api-key.');
    }
    await next();
    return undefined;
  };
}

function givenToken(c: Context): string {
  return c.req.header('x-api-key') ?? c.req.header('authorization')?.replace(/^Bearer +/i, '') ?? '';
}

function refusal(c: Context, status: 401 | 403 | 405 | 413, message: string): Response {
  const code = status === 401 || status === 403 ? 'not-allowed' : 'input.invalid';
  return c.json({ error: { code, message } }, status);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
