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
/** Written by proxies: the request did not begin on this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Refuses requests that a foreign page made the browser send: a Host that is not ours (DNS rebinding), a foreign Origin,
 * and writing requests without the header that only scripts of our own origin can set.
 */
export function sameOriginOnly(publicUrl: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    const foreign = foreignRequest(context, publicUrl);
    if (foreign !== undefined) return refused(context, foreign);
    const writes = !['GET', 'HEAD', 'OPTIONS'].includes(context.req.method);
    if (writes && context.req.header('x-yagura-request') !== '1')
      return refused(context, 'Writing requests need the header x-yagura-request: 1.');
    await next();
    return undefined;
  };
}

/** Why a request looks like the work of a foreign page; undefined when it does not. */
export function foreignRequest(context: Context, publicUrl: string | undefined): string | undefined {
  const { host, origin, 'sec-fetch-site': site } = context.req.header();
  const shown = publicUrl === undefined ? undefined : new URL(publicUrl);
  const names = shown === undefined ? LOOPBACK_NAMES : [...LOOPBACK_NAMES, shown.hostname];
  if (!names.includes(nameIn(host)))
    return `Host ${JSON.stringify((host ?? '').slice(0, 80))} is not served here. Open the console by its loopback address.`;
  // A page of another port is another origin but the same site, so only these two are ours.
  const isForeignFetch = site !== undefined && site !== 'same-origin' && site !== 'none';
  const isForeignOrigin = origin !== undefined && hostOf(origin) !== host && origin !== shown?.origin;
  return isForeignFetch || isForeignOrigin ? 'The request comes from another origin.' : undefined;
}

/** Why a request did not come from a program on this machine; undefined when it did. */
export function remoteRequest(context: Context): string | undefined {
  const foreign = foreignRequest(context, undefined);
  if (foreign !== undefined) return foreign;
  const forwarded = FORWARDED.find((name) => context.req.header(name) !== undefined);
  return forwarded === undefined
    ? undefined
    : `The request came through a proxy (${forwarded}): that needs a token, set with YAGURA_EVENTS_TOKEN.`;
}

function nameIn(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function refused(context: Context, message: string): Response {
  return context.json({ error: { code: 'not-allowed', message } }, 403);
}
