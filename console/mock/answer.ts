import type { AcceptRisk } from '../../src/ports/http-api.ts';
import { deliveryPage, deliverySummary } from './deliveries.ts';
import { facets, findingPage } from './findings-query.ts';
import { accountRows, NOW, teamRows } from './organization.ts';
import {
  acceptRisk,
  changeFinding,
  channelsOf,
  detailOf,
  explain,
  messagePage,
  overviewOf,
  routesOf,
  type World,
} from './world.ts';

export type Answer = { readonly status: number; readonly body: unknown };

const ok = (body: unknown): Answer => ({ status: 200, body });
const unknown = (message: string): Answer => ({ status: 404, body: { error: { code: 'not-found', message } } });

/** What the server would answer to a request below `/api`. */
export function answer(world: World, method: string, url: URL, body: unknown): Answer {
  const path = url.pathname.slice('/api'.length);
  if (method === 'GET') return read(world, path, url.searchParams) ?? oneFinding(world, path);
  return write(world, method, path, body);
}

function read(world: World, path: string, query: URLSearchParams): Answer | undefined {
  const empty = world.findings.length === 0;
  switch (path) {
    case '/session':
      return ok(world.session);
    case '/overview':
      return ok(overviewOf(world));
    case '/findings':
      return ok(findingPage(world.findings, query));
    case '/findings/facets':
      return ok(facets(world.findings, query.get('property') ?? ''));
    case '/routes':
      return ok(routesOf(world));
    case '/accounts':
      return ok(empty ? [] : accountRows(world.findings));
    case '/teams':
      return ok(empty ? [] : teamRows(world.findings));
    case '/directory':
      return ok({
        source: 'organizations',
        readAt: NOW - 240_000,
        stale: false,
        error: null,
        accounts: empty ? 0 : 12,
      });
    case '/messages':
      return ok(messagePage(world, query));
    case '/messages/channels':
      return ok(channelsOf(world));
    case '/deliveries':
      return ok(deliveryPage(world.deliveries, query));
    case '/deliveries/summary':
      return ok(deliverySummary(world.deliveries));
    case '/unknown-events':
      return ok(world.unknown);
    case '/lake/events':
      return ok({ from: NOW - 3_600_000, to: NOW, problem: null, empty: true, hits: [], isCut: false });
    case '/lake/histogram':
      return ok({ from: NOW - 3_600_000, to: NOW, problem: null, empty: true, stepMs: 60_000, buckets: [] });
    case '/lake/facets':
      return ok({ from: NOW - 3_600_000, to: NOW, problem: null, empty: true, facets: [] });
    case '/lake/fields':
      return ok({ fields: ['user', 'ip', 'actor.user.name'] });
    case '/lake/sources':
      return ok({ sources: [] });
    case '/lake/quarantine':
      return ok({ items: [], next: null });
    default:
      return undefined;
  }
}

function oneFinding(world: World, path: string): Answer {
  const key = decodeURIComponent(path.slice('/findings/'.length));
  const found = world.findings.find((finding) => finding.key === key);
  return found === undefined ? unknown(`There is no finding ${key}.`) : ok(detailOf(world, found));
}

function write(world: World, method: string, path: string, body: unknown): Answer {
  const given = body as Readonly<Record<string, unknown>>;
  if (path === '/routes/explain') {
    return ok(explain(world, String(given['events']), given['language'] === 'en' ? 'en' : 'ja'));
  }
  const retry = /^\/deliveries\/([^/]+)\/retry$/.exec(path);
  if (retry !== null) return sendAgain(world, decodeURIComponent(retry[1] ?? ''));
  if (method === 'DELETE' && path.startsWith('/exceptions/'))
    return endException(world, path.slice('/exceptions/'.length));
  const action = /^\/findings\/([^/]+)\/(acknowledge|assign|accept-risk)$/.exec(path);
  if (action !== null) return act(world, decodeURIComponent(action[1] ?? ''), action[2] ?? '', given);
  return unknown(`There is no ${method} ${path}.`);
}

function act(world: World, key: string, action: string, given: Readonly<Record<string, unknown>>): Answer {
  const who = world.session.who.name;
  const to = given['to'] === null ? null : String(given['to']);
  const changed =
    action === 'acknowledge'
      ? changeFinding(world, key, { acknowledgedBy: who }, { what: 'acknowledged', detail: '' })
      : action === 'assign'
        ? changeFinding(world, key, { assignedTo: to }, { what: 'assigned', detail: to ?? '' })
        : // The console wrote it.
          acceptRisk(world, key, given as unknown as AcceptRisk);
  return changed === undefined ? unknown(`There is no finding ${key}.`) : ok(detailOf(world, changed));
}

function sendAgain(world: World, id: string): Answer {
  const index = world.deliveries.findIndex((row) => row.id === id);
  const found = world.deliveries[index];
  if (found === undefined) return unknown(`Delivery ${id} is neither parked nor queued.`);
  world.deliveries[index] = { ...found, state: 'queued', dueAt: NOW, attempts: 0, lastError: null };
  return ok({ ok: true });
}

function endException(world: World, id: string): Answer {
  const found = world.exceptions.get(id);
  if (found === undefined) return unknown(`There is no exception ${id}.`);
  const covered = world.findings.filter((finding) => finding.exceptionId === id);
  for (const { key } of covered) {
    changeFinding(world, key, { exceptionId: null }, { what: 'exception-removed', detail: id });
  }
  return ok({ ...found, removedAt: NOW });
}
