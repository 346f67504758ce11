import type { Context, MiddlewareHandler } from 'hono';
import type { Session } from '#ports/http-api.ts';

export type Asker = Session['who'];

/** The one place that decides who is asking. Today everybody who reaches the loopback address is the central team. */
export function whoIsAsking(_context: Context): Asker {
  return { id: 'console:local', name: 'local', role: 'central', teams: [] };
}

/** The audit log's name of the asker. */
export function actorOf(asker: Asker): { id: string; name: string } {
  return { id: asker.id, name: asker.name };
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests that a foreign page made the browser send: a Host that is not ours (DNS rebinding), a foreign Origin,
 * and writing requests without the header that only scripts of our own origin can set.
 */
export function sameOriginOnly(allowedHosts: readonly string[]): MiddlewareHandler {
  const hosts = [...LOOPBACK_NAMES, ...allowedHosts];
  return async (context, next) => {
    const host = context.req.header('host') ?? '';
    if (!hosts.includes(host.replace(/:\d+$/, '')))
      return refused(
        context,
        `Host ${JSON.stringify(host.slice(0, 80))} is not served here. Open the console by its loopback address.`,
      );
    const origin = context.req.header('origin');
    if (origin !== undefined && hostOf(origin) !== host)
      return refused(context, 'The request comes from another origin.');
    const writes = !['GET', 'HEAD', 'OPTIONS'].includes(context.req.method);
    if (writes && context.req.header('x-yagura-request') !== '1')
      return refused(context, 'Writing requests need the header x-yagura-request: 1.');
    await next();
    return undefined;
  };
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

function refused(context: Context, message: string): Response {
  return context.json({ error: { code: 'not-allowed', message } }, 403);
}
