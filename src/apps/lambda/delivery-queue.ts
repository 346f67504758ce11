import { createSqsWorkQueue } from '#adapters/sqs/sqs-work-queue.ts';
import { type Container, needed } from '#apps/lambda/container.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import type { QueuedItem } from '#engine/accept-events.ts';
import { DELIVERY_LIMITS } from '#engine/delivery/delivery-ports.ts';
import type { Job, WorkQueue } from '#ports/work-queue.ts';

/** More nudges for one destination would find nothing to do: what waits there is merged, and the sweeper looks every minute. */
const MOST_NUDGES = DELIVERY_LIMITS.burstItems;

/** The queue behind delivery. A nudge is one job: it says that its destination has something due, and nothing else. */
export function deliveryQueueOf({ env }: Container): WorkQueue {
  return createSqsWorkQueue({ queueUrl: needed(env, 'YAGURA_DELIVERY_QUEUE_URL') });
}

/** Nudges for new outbox rows. The id is the row's: a row is new once. */
export function nudgesFor(items: readonly QueuedItem[], now: number): Job[] {
  const due = items.filter((item) => item.dueAt <= now);
  return [...Map.groupBy(due, (item) => item.destinationKey)].flatMap(([destinationKey, rows]) =>
    rows.slice(0, MOST_NUDGES).map(({ id }) => ({ group: destinationKey, id, body: destinationKey })),
  );
}

/** Nudges for what is due however long. The queue takes an id once in five minutes, so the minute is part of it. */
export function sweepNudges(due: readonly { destinationKey: string; count: number }[], now: number): Job[] {
  const minute = Math.floor(now / 60_000);
  return due.flatMap(({ destinationKey, count }) =>
    Array.from({ length: Math.min(count, MOST_NUDGES) }, (_, index) => ({
      group: destinationKey,
      id: `sweep#${destinationKey}#${minute}#${index}`,
      body: destinationKey,
    })),
  );
}

/** Tells delivery. Never throws: the rows are durable, and what delivery is not told of the sweeper finds. */
export async function nudge(jobs: readonly Job[], queue: WorkQueue, log: Container['log']): Promise<void> {
  if (jobs.length === 0) return;
  try {
    const refused = await queue.enqueue(jobs);
    if (refused.length === 0) return;
    log.warn(
      { refused: refused.length, reason: refused[0]?.reason },
      'delivery was not told of everything; the sweeper will',
    );
  } catch (thrown) {
    log.warn({ err: thrown }, `delivery could not be told; the sweeper will: ${messageOf(thrown)}`);
  }
}
