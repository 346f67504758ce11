import { Hono } from 'hono';
import { z } from 'zod';
import { askedLanguage } from '#apps/server/asked-language.ts';
import type { Installation } from '#apps/server/installation.ts';
import { actorOf, whoIsAsking } from '#apps/server/who-is-asking.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { destinationLabel, destinationOfKey, type Language } from '#core/notification/destination.ts';
import type { OutboxItem, OutboxState } from '#core/notification/outbox.ts';
import { reasonText } from '#core/text/reason-text.ts';
import type { DeliveryPage, DeliveryRow, DeliverySummary, UnknownEvents } from '#ports/http-api.ts';
import type { UnknownEvent } from '#ports/state-store.ts';

const STATES = ['queued', 'sending', 'sent', 'covered', 'parked'] as const satisfies readonly OutboxState[];
const listQuery = z.object({
  state: z.string().optional(),
  destination: z.string().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const SHOWN_UNKNOWN = 50;
/** Of an event that nobody understood; the store keeps all of it. */
const SHOWN_RAW = 100_000;

/** /api/deliveries and /api/unknown-events: what waits, what failed, what nobody understood. */
export function deliveryRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/deliveries', async (c) =>
    c.json(await deliveryPage(listQuery.parse(c.req.query()), askedLanguage(c, yagura), yagura)),
  );
  app.get('/deliveries/summary', async (c) => c.json(await summary(yagura)));
  app.post('/deliveries/:id/retry', async (c) => {
    await sendAgain(c.req.param('id'), actorOf(whoIsAsking(c)).id, yagura);
    return c.json({ ok: true });
  });
  app.get('/unknown-events', async (c) => {
    const [counts, newest] = await Promise.all([
      yagura.store.unknownCounts(),
      yagura.store.unknownEvents(SHOWN_UNKNOWN),
    ]);
    const byCount = [...counts].sort((a, b) => b.count - a.count || a.detailType.localeCompare(b.detailType));
    return c.json({ counts: byCount, newest: newest.map(shownPart) } satisfies UnknownEvents);
  });
  return app;
}

async function deliveryPage(
  { state, destination, offset, limit }: z.infer<typeof listQuery>,
  language: Language,
  yagura: Installation,
): Promise<DeliveryPage> {
  const states = state ? state.split(',').map((each) => z.enum(STATES).parse(each)) : undefined;
  const page = await yagura.store.outboxPage({
    ...(states === undefined ? {} : { state: states }),
    ...(destination ? { destinationKey: destination } : {}),
    offset,
    limit,
  });
  const problems = await yagura.store.problems([...new Set(page.items.map((item) => item.problemKey))]);
  const titleOf = (item: OutboxItem) => problems.get(item.problemKey)?.observation.title ?? item.problemKey;
  return { items: page.items.map((item) => deliveryRow(item, titleOf(item), language)), total: page.total };
}

function deliveryRow(item: OutboxItem, title: string, language: Language): DeliveryRow {
  const { id, destination, destinationKey, action, mode, state, severity, problemKey } = item;
  const { attempts, lastError, createdAt, dueAt, sentAt } = item;
  const what = { id, destination, destinationKey, action, mode, state, severity, problemKey, title };
  return { ...what, reason: reasonText(item.reason, language), attempts, lastError, createdAt, dueAt, sentAt };
}

async function sendAgain(id: string, actor: string, yagura: Installation): Promise<void> {
  const { store, clock } = yagura;
  if (!(await store.requeue(id, clock.now()))) throw await notAgain(id, yagura);
  await store.appendAudit({ at: clock.now(), actor, action: 'delivery.retry', target: id, detail: {} });
  yagura.changes.note({ deliveries: 1 });
  yagura.delivery().wake();
}

async function notAgain(id: string, { store }: Installation): Promise<YaguraError> {
  const item = await store.outboxItem(id);
  if (item === undefined) return new YaguraError('not-found', `There is no delivery ${id}.`);
  return new YaguraError(
    'store.conflict',
    `Delivery ${id} is ${item.state}: only what is parked or queued can be sent again.`,
  );
}

function shownPart({ raw, ...event }: UnknownEvent): UnknownEvents['newest'][number] {
  const more = raw.length - SHOWN_RAW;
  return { ...event, raw: more > 0 ? `${raw.slice(0, SHOWN_RAW).toWellFormed()}… (+${more} characters)` : raw };
}

async function summary(yagura: Installation): Promise<DeliverySummary> {
  const totals = { queued: 0, sending: 0, sent: 0, covered: 0, parked: 0 };
  const destinations = new Map<string, DeliverySummary['destinations'][number]>();
  for (const { destinationKey, state, count } of await yagura.store.outboxCounts()) {
    totals[state] += count;
    const destination = destinationOfKey(destinationKey);
    const row = destinations.get(destinationKey) ?? {
      destinationKey,
      destination,
      label: destinationLabel(destination),
      counts: {},
    };
    row.counts[state] = count;
    destinations.set(destinationKey, row);
  }
  return {
    destinations: [...destinations.values()].sort(
      (a, b) => (b.counts.parked ?? 0) - (a.counts.parked ?? 0) || a.label.localeCompare(b.label),
    ),
    totals,
  };
}
