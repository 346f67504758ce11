import { Hono } from 'hono';
import { z } from 'zod';
import type { Installation } from '#apps/server/installation.ts';
import { actorOf, whoIsAsking } from '#apps/server/who-is-asking.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import {
  destinationLabel,
  destinationOfKey as destinationOf,
  destinationKey as keyOf,
} from '#core/notification/destination.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import { reasonText } from '#core/text/reason-text.ts';
import type { ChannelRow, DeliveryPage, DeliverySummary, MessagePage, UnknownEvents } from '#ports/http-api.ts';

const STATES = ['queued', 'sending', 'sent', 'covered', 'parked'] as const;
const listQuery = z.object({
  state: z.string().optional(),
  destination: z.string().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** /api/deliveries and /api/unknown-events: what waits, what failed, what nobody understood. */
export function deliveryRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/deliveries', async (c) => {
    const query = listQuery.parse(c.req.query());
    const states =
      query.state === undefined || query.state === ''
        ? undefined
        : query.state.split(',').map((state) => z.enum(STATES).parse(state));
    const page = await yagura.store.outboxPage({
      ...(states === undefined ? {} : { state: states }),
      ...(query.destination ? { destinationKey: query.destination } : {}),
      offset: query.offset,
      limit: query.limit,
    });
    const problems = await yagura.store.problems([...new Set(page.items.map((item) => item.problemKey))]);
    const items = page.items.map((item) =>
      deliveryRow(item, problems.get(item.problemKey)?.observation.title ?? item.problemKey, yagura),
    );
    return c.json({ items, total: page.total } satisfies DeliveryPage);
  });
  app.get('/deliveries/summary', async (c) => c.json(await summary(yagura)));
  app.post('/deliveries/:id/retry', async (c) => {
    const id = c.req.param('id');
    if (!(await yagura.store.requeue(id, yagura.clock.now())))
      throw new YaguraError('not-found', `Delivery ${id} is neither parked nor queued.`);
    await yagura.store.appendAudit({
      at: yagura.clock.now(),
      actor: actorOf(whoIsAsking(c)).id,
      action: 'delivery.retry',
      target: id,
      detail: {},
    });
    yagura.changes.note({ deliveries: 1 });
    yagura.delivery().wake();
    return c.json({ ok: true });
  });
  app.get('/unknown-events', async (c) => {
    const [counts, newest] = await Promise.all([yagura.store.unknownCounts(), yagura.store.unknownEvents(50)]);
    return c.json({ counts: [...counts], newest: [...newest] } satisfies UnknownEvents);
  });
  return app;
}

function deliveryRow(item: OutboxItem, title: string, yagura: Installation): DeliveryPage['items'][number] {
  const {
    id,
    destination,
    destinationKey,
    action,
    mode,
    state,
    severity,
    problemKey,
    attempts,
    lastError,
    createdAt,
    dueAt,
    sentAt,
  } = item;
  return {
    id,
    destination,
    destinationKey,
    action,
    mode,
    state,
    severity,
    problemKey,
    title,
    reason: reasonText(item.reason, yagura.config.central.language),
    attempts,
    lastError,
    createdAt,
    dueAt,
    sentAt,
  };
}

async function summary(yagura: Installation): Promise<DeliverySummary> {
  const totals = { queued: 0, sending: 0, sent: 0, covered: 0, parked: 0 };
  const destinations = new Map<string, DeliverySummary['destinations'][number]>();
  for (const { destinationKey, state, count } of await yagura.store.outboxCounts()) {
    totals[state] += count;
    const destination = destinationOf(destinationKey);
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

/** /api/messages: the feed by channel, newest first, with the answers of each. */
export function messageRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/channels', async (c) => {
    const audiences = audienceByDestination(yagura);
    const rows = (await yagura.store.messageCounts()).map(({ destinationKey, count, newestAt }): ChannelRow => {
      const destination = destinationOf(destinationKey);
      return {
        destinationKey,
        destination,
        label: destinationLabel(destination),
        audience: audiences.get(destinationKey) ?? 'route',
        count,
        newestAt,
      };
    });
    return c.json(rows.sort((a, b) => a.label.localeCompare(b.label)));
  });
  app.get('/', async (c) => {
    const query = z
      .object({
        destination: z.string().optional(),
        problem: z.string().optional(),
        before: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      })
      .parse(c.req.query());
    const page = await yagura.store.messagePage({
      ...(query.destination ? { destinationKey: query.destination } : {}),
      ...(query.before ? { before: query.before } : {}),
      // A filter value, never trusted as more than text.
      ...(query.problem ? { problemKey: query.problem as OutboxItem['problemKey'] } : {}),
      limit: query.limit,
    });
    const answers = Map.groupBy(
      page.items.filter((message) => message.inThreadOf !== null),
      (message) => message.inThreadOf ?? '',
    );
    const shown = page.items.filter(
      (message) => message.inThreadOf === null || !page.items.some((parent) => parent.id === message.inThreadOf),
    );
    const items = shown.map((message) => ({
      ...message,
      replies: (answers.get(message.id) ?? []).toReversed(),
      mode: yagura.hasSlack ? ('slack' as const) : ('feed' as const),
    }));
    return c.json({ items, total: page.total, nextToken: page.nextToken } satisfies MessagePage);
  });
  return app;
}

function audienceByDestination(yagura: Installation): Map<string, string> {
  const { directory } = yagura.directory.current();
  const found = new Map<string, string>();
  const add = (destinations: object, label: string) => {
    for (const destination of Object.values(destinations)) found.set(keyOf(destination), label);
  };
  add(yagura.policy.central.destinations, 'central');
  for (const [id, team] of yagura.policy.teams) add(team.destinations, directory.teamName(id) ?? id);
  return found;
}
