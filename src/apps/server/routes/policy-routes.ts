import { Hono } from 'hono';
import { z } from 'zod';
import type { Installation } from '#apps/server/installation.ts';
import { problemKeyOf } from '#apps/server/views.ts';
import { actorOf, whoIsAsking } from '#apps/server/who-is-asking.ts';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import { destinationLabel } from '#core/notification/destination.ts';
import { previewEvents } from '#engine/preview.ts';
import { addException, removeException } from '#engine/problem-actions.ts';
import type { ExplainResult, RouteView } from '#ports/http-api.ts';

const scopeForm = z.strictObject({
  problemKey: z.string().transform(problemKeyOf).optional(),
  type: z.string().optional(),
  accountId: z.string().optional(),
  resource: z.string().optional(),
  team: z.string().optional(),
});
const exceptionForm = z.strictObject({
  scope: scopeForm,
  reason: z.string().max(1000),
  owner: z.string().max(200),
  days: z.int(),
});

/** /api/routes and /api/exceptions: who gets what, and what is silenced. */
export function policyRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/routes', (c) => c.json(routeViews(yagura)));
  app.post('/routes/explain', async (c) => {
    const { events } = z.object({ events: z.string().max(2_000_000) }).parse(await c.req.json());
    const parsed = parseDocument(events);
    const context = {
      directory: yagura.directory.current().directory,
      policy: yagura.policy,
      exceptions: await yagura.store.exceptions(),
      now: yagura.clock.now(),
    };
    const entries = previewEvents(
      parsed.events.map(({ event }) => event),
      { context, renderer: yagura.renderer, links: yagura.links },
    );
    return c.json({
      entries,
      errors: parsed.errors.map((error) => `${error.position}: ${error.detail}`),
    } satisfies ExplainResult);
  });
  app.get('/exceptions', async (c) => c.json({ items: await yagura.store.exceptions() }));
  app.post('/exceptions', async (c) => {
    const form = exceptionForm.parse(await c.req.json());
    // The schema leaves absent keys out.
    const exception = await addException(
      { ...form, scope: form.scope as Parameters<typeof addException>[0]['scope'] },
      actorOf(whoIsAsking(c)),
      yagura,
    );
    yagura.changes.note({ findings: 1 });
    return c.json(exception, 201);
  });
  app.delete('/exceptions/:id', async (c) => {
    const removed = await removeException(c.req.param('id'), actorOf(whoIsAsking(c)), yagura);
    yagura.changes.note({ findings: 1 });
    return c.json(removed);
  });
  return app;
}

function routeViews(yagura: Installation): RouteView[] {
  const explicit = yagura.policy.routes.map(
    (route): RouteView => ({
      name: route.name,
      match: Object.entries(route.match)
        .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
        .join('; '),
      to: route.to === null ? '*' : typeof route.to === 'string' ? route.to : destinationLabel(route.to),
      decision: route.decision,
      floor: route.minimumSeverity ?? null,
      implicit: false,
    }),
  );
  const implicit = FINDING_KINDS.flatMap((kind): RouteView[] => [
    ...[...yagura.policy.teams].flatMap(([id, team]): RouteView[] => {
      const destination = team.destinations[kind];
      return destination === undefined
        ? []
        : [
            {
              name: `${id}/${kind}`,
              match: `kind: ${kind}; team: ${id}`,
              to: destinationLabel(destination),
              decision: 'send',
              floor: team.floors[kind],
              implicit: true,
            },
          ];
    }),
    ...(yagura.policy.central.destinations[kind] === undefined
      ? []
      : [
          {
            name: `central/${kind}`,
            match: `kind: ${kind}`,
            to: destinationLabel(yagura.policy.central.destinations[kind]),
            decision: 'send' as const,
            floor: yagura.policy.central.floors[kind],
            implicit: true,
          },
        ]),
  ]);
  return [...explicit, ...implicit];
}
