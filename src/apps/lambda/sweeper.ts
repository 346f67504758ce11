import { createSqsWorkQueue } from '#adapters/sqs/sqs-work-queue.ts';
import { type Hub, needed, openHub } from '#apps/lambda/hub.ts';
import { housekeeping } from '#engine/housekeeping.ts';

/** Each minute: finds what is due and was not delivered, settles what crashed, tells what an ended exception had silenced. */
export async function handler(): Promise<void> {
  const hub = await openHub();
  const { clock } = hub.delivery;
  await housekeeping(await hub.context(), hub.intake, hub.delivery);
  const minute = Math.floor(clock.now() / 60_000);
  const due = await hub.store.dueDestinations(clock.now());
  // One nudge a second at most for a minute; bursts are merged by delivery itself.
  const jobs = due.flatMap(({ destinationKey, count }) =>
    Array.from({ length: Math.min(count, 60) }, (_, index) => ({
      group: destinationKey,
      id: `sweep#${destinationKey}#${minute}#${index}`,
      body: destinationKey,
    })),
  );
  const refused = await createSqsWorkQueue({ queueUrl: needed(hub.env, 'YAGURA_DELIVERY_QUEUE_URL') }).enqueue(jobs);
  if (refused.length > 0)
    hub.log.warn({ refused: refused.length }, 'not everything could be queued again; the next sweep will');
  await reportParked(hub);
}

/** A metric only while something is parked: it costs for the hours it is sent in. */
async function reportParked(hub: Hub): Promise<void> {
  const counts = await hub.store.outboxCounts();
  const parked = counts.filter((row) => row.state === 'parked').reduce((sum, row) => sum + row.count, 0);
  if (parked === 0) return;
  const namespace = hub.env['YAGURA_METRIC_NAMESPACE'] ?? 'Yagura';
  const metric = { Namespace: namespace, Dimensions: [[]], Metrics: [{ Name: 'ParkedDeliveries', Unit: 'Count' }] };
  // CloudWatch's embedded metric format is a line of JSON on standard output.
  process.stdout.write(
    `${JSON.stringify({ _aws: { Timestamp: hub.delivery.clock.now(), CloudWatchMetrics: [metric] }, ParkedDeliveries: parked })}\n`,
  );
}
