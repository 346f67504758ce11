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
  return async (context, next) => {
    const foreign = foreignRequest(context, allowedHosts);
    if (foreign !== undefined) return refused(context, foreign);
    const writes = !['GET', 'HEAD', 'OPTIONS'].includes(context.req.method);
    if (writes && context.req.header('x-yagura-request') !== '1')
      return refused(context, 'Writing requests need the header x-yagura-request: 1.');
    await next();
    return undefined;
  };
}

/** Why a request looks like the work of a foreign page; undefined when it does not. */
export function foreignRequest(context: Context, allowedHosts: readonly string[]): string | undefined {
  const host = context.req.header('host') ?? '';
  if (![...LOOPBACK_NAMES, ...allowedHosts].includes(host.replace(/:\d+$/, '')))
    return `Host ${JSON.stringify(host.slice(0, 80))} is not served here. Open the console by its loopback address.`;
  const origin = context.req.header('origin');
  return origin !== undefined && hostOf(origin) !== host ? 'The request comes from another origin.' : undefined;
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
