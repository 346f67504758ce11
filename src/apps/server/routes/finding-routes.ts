import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { askedLanguage } from '#apps/server/asked-language.ts';
import { findingDetail, loadProblem } from '#apps/server/finding-detail.ts';
import { findingFilter, NONE } from '#apps/server/finding-filter.ts';
import type { Installation } from '#apps/server/installation.ts';
import { findingSummary, problemKeyOf } from '#apps/server/views.ts';
import { actorOf, whoIsAsking } from '#apps/server/who-is-asking.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { Directory } from '#core/organization/directory.ts';
import { acknowledge, addException, assign, riskScope } from '#engine/problem-actions.ts';
import type { Facets, FindingDetail, FindingPage } from '#ports/http-api.ts';

const pageQuery = z.object({
  filter: z.string().optional(),
  sort: z.enum(['lastSeenAt', 'firstSeenAt', 'severity', 'timesSeen', 'title']).default('lastSeenAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const FACETS = {
  status: 'status',
  kind: 'kind',
  severity: 'severity',
  account: 'accountId',
  environment: 'environment',
  team: 'team',
  region: 'region',
  type: 'type',
} as const;
const facetQuery = z.object({
  property: z.enum(['status', 'kind', 'severity', 'account', 'environment', 'team', 'region', 'type']),
});
const assignForm = z.object({ to: z.string().trim().min(1).max(200).nullable() });
const riskForm = z.object({
  reason: z.string().trim().min(3).max(1000),
  scope: z.enum(['problem', 'resource', 'account-type']),
  days: z.int().min(1).max(90),
});

/** /api/findings: the list, one finding, and what a person does about it. */
export function findingRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/', async (c) => c.json(await findingPage(pageQuery.parse(c.req.query()), yagura)));
  app.get('/facets', async (c) => c.json(await facets(facetQuery.parse(c.req.query()).property, yagura)));
  app.get('/:key', async (c) =>
    c.json(await findingDetail(problemKeyOf(c.req.param('key')), askedLanguage(c, yagura), yagura)),
  );
  app.post('/:key/acknowledge', async (c) => {
    const key = problemKeyOf(c.req.param('key'));
    await acknowledge(key, actorOf(whoIsAsking(c)), yagura);
    return c.json(await changed(key, c, yagura));
  });
  app.post('/:key/assign', async (c) => {
    const key = problemKeyOf(c.req.param('key'));
    const { to } = assignForm.parse(await c.req.json());
    await assign(key, to, actorOf(whoIsAsking(c)), yagura);
    return c.json(await changed(key, c, yagura));
  });
  app.post('/:key/accept-risk', async (c) => {
    const key = problemKeyOf(c.req.param('key'));
    const { reason, scope, days } = riskForm.parse(await c.req.json());
    const asker = whoIsAsking(c);
    const request = { scope: riskScope(await loadProblem(key, yagura), scope), reason, owner: asker.name, days };
    await addException(request, actorOf(asker), yagura);
    return c.json(await changed(key, c, yagura));
  });
  return app;
}

async function findingPage(query: z.infer<typeof pageQuery>, yagura: Installation): Promise<FindingPage> {
  const { directory } = yagura.directory.current();
  const { items, total } = await yagura.store.problemPage({
    ...findingFilter(query.filter, directory),
    sort: { by: query.sort, descending: query.order === 'desc' },
    offset: query.offset,
    limit: query.limit,
  });
  return { items: items.map((problem) => findingSummary(problem, directory)), total };
}

async function facets(property: keyof typeof FACETS, yagura: Installation): Promise<Facets> {
  const { directory } = yagura.directory.current();
  const values = new Map<string, number>();
  for (const { value, count } of await yagura.store.problemFacet(FACETS[property])) {
    // An account without an environment and an account nobody knows are both without one.
    const shown = value ?? NONE;
    const name = shown === '' ? NONE : shown;
    values.set(name, (values.get(name) ?? 0) + count);
  }
  return {
    values: [...values].map(([value, count]) => ({ value, label: labelOf(property, value, directory), count })),
  };
}

function labelOf(property: keyof typeof FACETS, value: string, directory: Directory): string {
  if (value === NONE) return NONE;
  if (property === 'account') return directory.view(value).name ?? value;
  return property === 'team' ? (directory.teamName(value) ?? value) : value;
}

async function changed(key: ProblemKey, c: Context, yagura: Installation): Promise<FindingDetail> {
  yagura.changes.note({ findings: 1, deliveries: 1 });
  yagura.delivery().wake();
  return await findingDetail(key, askedLanguage(c, yagura), yagura);
}
