import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';
import { consoleFiles } from '#apps/server/console-files.ts';
import type { Installation } from '#apps/server/installation.ts';
import { deliveryRoutes } from '#apps/server/routes/delivery-routes.ts';
import { findingRoutes } from '#apps/server/routes/finding-routes.ts';
import { intakeRoutes } from '#apps/server/routes/intake-routes.ts';
import { lakeRoutes } from '#apps/server/routes/lake-routes.ts';
import { messageRoutes } from '#apps/server/routes/message-routes.ts';
import { organizationRoutes } from '#apps/server/routes/organization-routes.ts';
import { policyRoutes } from '#apps/server/routes/policy-routes.ts';
import { streamRoutes } from '#apps/server/routes/stream-routes.ts';
import { sameOriginOnly, whoIsAsking } from '#apps/server/who-is-asking.ts';
import { type ErrorCode, messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Session } from '#ports/http-api.ts';

export type HttpOptions = {
  readonly consoleDir: string;
  /** The address people open, where a proxy stands in front. */
  readonly publicUrl?: string | undefined;
  readonly slack?: Hono;
  readonly heartbeatMs?: number;
};

const STATUS: Partial<Record<ErrorCode, 400 | 403 | 404 | 409>> = {
  'input.invalid': 400,
  'not-allowed': 403,
  'not-found': 404,
  'store.conflict': 409,
};
/** Events to explain are at most 2,000,000 characters, each of which JSON may write as six. */
const MAX_REQUEST = 13 * 1024 * 1024;

/** The whole HTTP surface: intake, Slack's endpoint, the console's API, the console itself. */
export function httpApp(yagura: Installation, options: HttpOptions): Hono {
  const app = new Hono();
  app.use(safeHeaders());
  app.onError((error, c) => failure(error, (body, status) => c.json(body, status), yagura));
  app.notFound((c) => c.json(unknownPath(c), 404));
  // Machines send events from anywhere, with a token; the console's API is for pages of our own origin.
  app.route('/events', intakeRoutes(yagura));
  if (options.slack !== undefined) app.route('/slack', options.slack);
  app.get('/healthz', (c) => c.json({ ok: true, version: yagura.version }));
  app.route('/api', api(yagura, options));
  app.all('/slack/*', (c) => c.json(unknownPath(c), 404));
  app.route('/', consoleFiles(options.consoleDir));
  return app;
}

function api(yagura: Installation, { publicUrl, heartbeatMs }: HttpOptions): Hono {
  const app = new Hono();
  app.use(sameOriginOnly(publicUrl));
  app.use(async (c, next) => {
    // Findings are nobody else's business, a browser's cache included.
    c.header('cache-control', 'no-store');
    await next();
  });
  app.use(bodyLimit({ maxSize: MAX_REQUEST, onError: (c) => c.json(tooLarge(), 413) }));
  app.get('/session', (c) => c.json(session(yagura, whoIsAsking(c))));
  app.route('/findings', findingRoutes(yagura));
  app.route('/messages', messageRoutes(yagura));
  app.route('/stream', streamRoutes(yagura, heartbeatMs));
  app.route('/lake', lakeRoutes(yagura));
  app.route('/', organizationRoutes(yagura));
  app.route('/', deliveryRoutes(yagura));
  app.route('/', policyRoutes(yagura));
  app.all('*', (c) => c.json(unknownPath(c), 404));
  return app;
}

function safeHeaders(): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    // The console is served over http on loopback; a proxy in front decides about https.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
  });
}

function session(yagura: Installation, who: Session['who']): Session {
  const { config } = yagura;
  return {
    who,
    version: yagura.version,
    sample: yagura.isSample,
    organization: config.organization.name ?? '',
    defaultLanguage: config.central.language,
    slack: yagura.hasSlack ? 'bot' : 'none',
  };
}

type ErrorBody = { error: { code: string; message: string } };

function unknownPath(c: Context): ErrorBody {
  return { error: { code: 'not-found', message: `There is no ${c.req.method} ${c.req.path.slice(0, 200)}.` } };
}

function tooLarge(): ErrorBody {
  return { error: { code: 'input.invalid', message: `A request may have ${MAX_REQUEST} bytes at most.` } };
}

type Answer = (body: ErrorBody, status: 400 | 403 | 404 | 409 | 500 | 503) => Response;

function failure(error: Error, answer: Answer, yagura: Installation): Response {
  if (error instanceof z.ZodError)
    return answer({ error: { code: 'input.invalid', message: z.prettifyError(error) } }, 400);
  if (error instanceof SyntaxError)
    return answer({ error: { code: 'input.invalid', message: `The body is not JSON: ${error.message}` } }, 400);
  if (error instanceof YaguraError)
    return answer({ error: { code: error.code, message: error.message } }, STATUS[error.code] ?? 503);
  yagura.log.error({ err: error }, 'request failed');
  return answer({ error: { code: 'internal', message: `Something is broken here: ${messageOf(error)}` } }, 500);
}
