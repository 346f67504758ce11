import { Hono } from 'hono';
import { z } from 'zod';
import type { Installation } from '#apps/server/installation.ts';
import { routeViews } from '#apps/server/route-views.ts';
import { problemKeyOf } from '#apps/server/views.ts';
import { actorOf, whoIsAsking } from '#apps/server/who-is-asking.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import type { ExceptionScope } from '#core/notification/exception.ts';
import { previewEvents } from '#engine/preview.ts';
import { addException, removeException } from '#engine/problem-actions.ts';
import type { ExplainResult } from '#ports/http-api.ts';

const MAX_TEXT = 2_000_000;
/** Of text that is not one document: every line that is no JSON costs time, and nobody reads that many. */
const MAX_LINES = 1_000;
/** What a person can look at; more of it costs the browser dearly. */
const MAX_EVENTS = 500;
const MAX_ENTRIES = 1_000;
const MAX_ERRORS = 100;

const explainForm = z.object({
  events: z.string().max(MAX_TEXT, `at most ${MAX_TEXT} characters; use yagura notify preview for more`),
  language: z.enum(['en', 'ja']).optional(),
});
const scopeForm = z.strictObject({
  problemKey: z.string().transform(problemKeyOf).optional(),
  type: z.string().max(500).optional(),
  accountId: z.string().max(100).optional(),
  resource: z.string().max(2_000).optional(),
  team: z.string().max(100).optional(),
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
  app.get('/routes', (c) => c.json(routeViews(yagura.policy)));
  app.post('/routes/explain', async (c) => c.json(await explain(explainForm.parse(await c.req.json()), yagura)));
  app.get('/exceptions', async (c) => c.json({ items: await yagura.store.exceptions() }));
  app.post('/exceptions', async (c) => {
    const { scope, ...form } = exceptionForm.parse(await c.req.json());
    // Parsed keys that were absent are absent, not undefined.
    const request = { ...form, scope: scope as ExceptionScope };
    const exception = await addException(request, actorOf(whoIsAsking(c)), yagura);
    silencingChanged(yagura);
    return c.json(exception, 201);
  });
  app.delete('/exceptions/:id', async (c) => {
    const id = c.req.param('id');
    await refuseOfConfig(id, yagura);
    const removed = await removeException(id, actorOf(whoIsAsking(c)), yagura);
    silencingChanged(yagura);
    return c.json(removed);
  });
  return app;
}

async function explain(form: z.infer<typeof explainForm>, yagura: Installation): Promise<ExplainResult> {
  const { events: text, language = 'en' } = form;
  const lines = isJson(text) ? [text] : text.split('\n');
  const parsed = parseDocument(lines.slice(0, MAX_LINES).join('\n'));
  const context = {
    directory: yagura.directory.current().directory,
    policy: yagura.policy,
    exceptions: await yagura.store.exceptions(),
    now: yagura.clock.now(),
  };
  const events = parsed.events.slice(0, MAX_EVENTS).map(({ event }) => event);
  const entries = previewEvents(events, { context, renderer: yagura.renderer, links: yagura.links, language });
  const errors = parsed.errors.map((error) => `${error.position}: ${error.detail}`);
  return {
    entries: entries.slice(0, MAX_ENTRIES),
    errors: [
      ...errors.slice(0, MAX_ERRORS),
      ...cut('lines', lines.length, MAX_LINES),
      ...cut('errors', errors.length, MAX_ERRORS),
      ...cut('events', parsed.events.length, MAX_EVENTS),
      ...cut('entries', entries.length, MAX_ENTRIES),
    ],
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function cut(what: string, count: number, most: number): string[] {
  return count <= most ? [] : [`Only the first ${most} of ${count} ${what} are shown.`];
}

/** The file would bring it back at the next start. */
async function refuseOfConfig(id: string, { store }: Installation): Promise<void> {
  const found = (await store.exceptions()).find((exception) => exception.id === id);
  if (found?.createdBy === 'yagura.yaml')
    throw new YaguraError('input.invalid', 'This exception stands in yagura.yaml: remove it there and restart.');
}

function silencingChanged(yagura: Installation): void {
  yagura.changes.note({ findings: 1, deliveries: 1 });
  yagura.delivery().wake();
}
