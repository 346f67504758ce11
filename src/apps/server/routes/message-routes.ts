import { Hono } from 'hono';
import { z } from 'zod';
import type { Installation } from '#apps/server/installation.ts';
import { problemKeyOf } from '#apps/server/views.ts';
import {
  destinationLabel,
  destinationOfKey as destinationOf,
  destinationKey as keyOf,
} from '#core/notification/destination.ts';
import type { DeliveredMessage } from '#core/notification/outbox.ts';
import type { ChannelRow, MessagePage } from '#ports/http-api.ts';

const pageQuery = z.object({
  destination: z.string().optional(),
  problem: z.string().optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** /api/messages: the feed by channel, newest first, with the answers of each. */
export function messageRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/channels', async (c) => c.json(await channels(yagura)));
  app.get('/', async (c) => c.json(await page(pageQuery.parse(c.req.query()), yagura)));
  return app;
}

async function page(query: z.infer<typeof pageQuery>, yagura: Installation): Promise<MessagePage> {
  const { destination, problem, before, limit } = query;
  const found = await yagura.store.messagePage({
    ...(destination ? { destinationKey: destination } : {}),
    ...(before ? { before } : {}),
    ...(problem ? { problemKey: problemKeyOf(problem) } : {}),
    topLevelOnly: true,
    limit,
  });
  const replies = await yagura.store.replies(found.items.map(({ id }) => id));
  const byParent = Map.groupBy<string | null, DeliveredMessage>(replies, ({ inThreadOf }) => inThreadOf);
  const mode = yagura.hasSlack ? 'slack' : 'feed';
  return {
    items: found.items.map((message) => ({ ...message, replies: byParent.get(message.id) ?? [], mode })),
    total: found.total,
    nextToken: found.nextToken,
  };
}

/** Every destination that got a message. */
async function channels(yagura: Installation): Promise<ChannelRow[]> {
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
  return rows.sort((a, b) => a.label.localeCompare(b.label));
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
