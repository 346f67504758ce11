import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';
import type { Installation } from '#apps/server/installation.ts';
import { deliveryRoutes, messageRoutes } from '#apps/server/routes/delivery-routes.ts';
import { findingRoutes } from '#apps/server/routes/finding-routes.ts';
import { intakeRoutes } from '#apps/server/routes/intake-routes.ts';
import { organizationRoutes } from '#apps/server/routes/organization-routes.ts';
import { policyRoutes } from '#apps/server/routes/policy-routes.ts';
import { streamRoutes } from '#apps/server/routes/stream-routes.ts';
import { sameOriginOnly, whoIsAsking } from '#apps/server/who-is-asking.ts';
import { type ErrorCode, messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Session } from '#ports/http-api.ts';

export type HttpOptions = {
  readonly consoleDir: string;
  readonly allowedHosts: readonly string[];
  readonly isLoopback: boolean;
  readonly slack?: Hono;
};

const STATUS: Partial<Record<ErrorCode, 400 | 403 | 404 | 409>> = {
  'input.invalid': 400,
  'not-allowed': 403,
  'not-found': 404,
  'store.conflict': 409,
};

/** The whole HTTP surface: intake, Slack's endpoint, the console's API, the console itself. */
export function httpApp(yagura: Installation, options: HttpOptions): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      // The console is served over http on loopback; a proxy in front decides about https.
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
      },
    }),
  );
  app.onError((error, c) => failure(error, (body, status) => c.json(body, status), yagura));
  // Machines send events from anywhere, with a token; the console's API is for pages of our own origin.
  app.route('/events', intakeRoutes(yagura, options));
  if (options.slack !== undefined) app.route('/slack', options.slack);
  app.get('/healthz', (c) => c.json({ ok: true, version: yagura.version }));
  app.use('/api/*', sameOriginOnly(options.allowedHosts));
  app.get('/api/session', (c) => c.json(session(yagura, whoIsAsking(c))));
  app.route('/api/findings', findingRoutes(yagura));
  app.route('/api/messages', messageRoutes(yagura));
  app.route('/api/stream', streamRoutes(yagura));
  app.route('/api', organizationRoutes(yagura));
  app.route('/api', deliveryRoutes(yagura));
  app.route('/api', policyRoutes(yagura));
  app.all('/api/*', (c) =>
    c.json({ error: { code: 'not-found', message: `There is no ${c.req.method} ${c.req.path}.` } }, 404),
  );
  app.use('/*', serveStatic({ root: options.consoleDir }));
  // Paths of the console's own router.
  app.get('/*', serveStatic({ root: options.consoleDir, rewriteRequestPath: () => '/index.html' }));
  return app;
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

type Answer = (
  body: { error: { code: string; message: string } },
  status: 400 | 403 | 404 | 409 | 500 | 503,
) => Response;

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
