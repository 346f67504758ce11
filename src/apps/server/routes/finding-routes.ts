import { Hono } from 'hono';
import { z } from 'zod';
import { findingFilter } from '#apps/server/finding-filter.ts';
import type { Installation } from '#apps/server/installation.ts';
import { findingSummary, problemKeyOf } from '#apps/server/views.ts';
import { actorOf, whoIsAsking } from '#apps/server/who-is-asking.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Problem } from '#core/finding/problem.ts';
import { destinationKey } from '#core/notification/destination.ts';
import { coveringException } from '#core/notification/exception-match.ts';
import { messageInput } from '#core/notification/message-input.ts';
import { route } from '#core/notification/route.ts';
import { reasonText } from '#core/text/reason-text.ts';
import { acknowledge, addException, assign, riskScope } from '#engine/problem-actions.ts';
import type { Facets, FindingDetail, FindingPage, RouteExplanation } from '#ports/http-api.ts';
import type { ProblemQuery } from '#ports/state-store.ts';

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
const riskForm = z.object({
  reason: z.string().min(3).max(1000),
  scope: z.enum(['problem', 'resource', 'account-type']),
  days: z.int().min(1).max(90),
});

/** /api/findings: the list, one finding, and what a person does about it. */
export function findingRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const query = pageQuery.parse(c.req.query());
    const filter: ProblemQuery = {
      ...findingFilter(query.filter),
      sort: { by: query.sort, descending: query.order === 'desc' },
      offset: query.offset,
      limit: query.limit,
    };
    const page = await yagura.store.problemPage(filter);
    const { directory } = yagura.directory.current();
    return c.json({
      items: page.items.map((problem) => findingSummary(problem, directory)),
      total: page.total,
    } satisfies FindingPage);
  });
  app.get('/facets', async (c) => {
    const property = z
      .enum(['status', 'kind', 'severity', 'account', 'environment', 'team', 'region', 'type'])
      .parse(c.req.query('property'));
    const { directory } = yagura.directory.current();
    const label = (value: string | null): string => {
      if (value === null) return '-';
      return property === 'account'
        ? (directory.view(value).name ?? value)
        : property === 'team'
          ? (directory.teamName(value) ?? value)
          : value;
    };
    const values = (await yagura.store.problemFacet(FACETS[property])).map(({ value, count }) => ({
      value: value ?? '-',
      label: label(value),
      count,
    }));
    return c.json({ values } satisfies Facets);
  });
  app.get('/:key', async (c) => c.json(await detailOf(problemKeyOf(c.req.param('key')), yagura)));
  app.post('/:key/acknowledge', async (c) => {
    const problem = await acknowledge(problemKeyOf(c.req.param('key')), actorOf(whoIsAsking(c)), yagura);
    return changed(problem, yagura, (detail) => c.json(detail));
  });
  app.post('/:key/assign', async (c) => {
    const { to } = z.object({ to: z.string().min(1).max(200).nullable() }).parse(await c.req.json());
    const problem = await assign(problemKeyOf(c.req.param('key')), to, actorOf(whoIsAsking(c)), yagura);
    return changed(problem, yagura, (detail) => c.json(detail));
  });
  app.post('/:key/accept-risk', async (c) => {
    const form = riskForm.parse(await c.req.json());
    const asker = whoIsAsking(c);
    const problem = await load(problemKeyOf(c.req.param('key')), yagura);
    await addException(
      { scope: riskScope(problem, form.scope), reason: form.reason, owner: asker.name, days: form.days },
      actorOf(asker),
      yagura,
    );
    return changed(problem, yagura, (detail) => c.json(detail));
  });
  return app;
}

async function changed(
  problem: Problem,
  yagura: Installation,
  answer: (detail: FindingDetail) => Response,
): Promise<Response> {
  yagura.changes.note({ findings: 1, deliveries: 1 });
  yagura.delivery().wake();
  return answer(await detailOf(problem.key, yagura));
}

async function load(key: Problem['key'], yagura: Installation): Promise<Problem> {
  const problem = (await yagura.store.problems([key])).get(key);
  if (problem === undefined) throw new YaguraError('not-found', `There is no finding ${key}.`);
  return problem;
}

async function detailOf(key: Problem['key'], yagura: Installation): Promise<FindingDetail> {
  const problem = await load(key, yagura);
  const [history, threads, raw, exceptions] = await Promise.all([
    yagura.store.history(key),
    yagura.store.threadsOf(key),
    yagura.store.rawEvent(key),
    yagura.store.exceptions(),
  ]);
  const { directory } = yagura.directory.current();
  const told = Object.values(problem.told);
  return {
    summary: findingSummary(problem, directory),
    observation: problem.observation,
    state: problem.observation.state,
    history: [...history],
    threads: threads.flatMap((thread) => {
      const known = told.find((entry) => destinationKey(entry.destination) === thread.destinationKey);
      return known === undefined
        ? []
        : [{ destination: known.destination, messageId: thread.messageId, ts: thread.ts, sentAt: null }];
    }),
    routes: explain(problem, yagura),
    exception: coveringException(exceptions, problem.observation, problem.team, yagura.clock.now()) ?? null,
    raw: raw ?? null,
  };
}

/** Who gets this finding and why, as the routes stand now. */
function explain(problem: Problem, yagura: Installation): RouteExplanation[] {
  const { directory } = yagura.directory.current();
  const { observation } = problem;
  const account = observation.accountId === null ? undefined : directory.find(observation.accountId);
  const view =
    observation.accountId === null ? null : directory.view(observation.accountId, observation.accountNameHint);
  const base = {
    event: 0,
    kind: observation.kind,
    problemKey: problem.key,
    account: view,
    team: account?.team ?? null,
    severity: observation.severity,
  };
  return route(observation, account, yagura.policy, yagura.clock.now()).routed.map((routed) => {
    const told = problem.told[destinationKey(routed.destination)];
    const action = routed.decision === 'drop' ? ('none' as const) : ('post' as const);
    const message = yagura.renderer.message(
      messageInput(problem, { ...routed, action: 'post' }, directory, yagura.links),
    );
    return {
      ...base,
      decision: routed.decision,
      reason: reasonText(told?.reason ?? routed.reason, yagura.config.central.language),
      action,
      destination: routed.destination,
      message,
    };
  });
}
