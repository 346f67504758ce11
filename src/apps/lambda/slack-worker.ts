import { actOnBatch } from '#apps/lambda/act-on-batch.ts';
import { createContainer } from '#apps/lambda/container.ts';
import { deliveryQueueOf, nudge, nudgesFor } from '#apps/lambda/delivery-queue.ts';
import { hubOf } from '#apps/lambda/hub.ts';
import type { BatchAnswer, SqsBatch } from '#apps/lambda/lambda-event.ts';
import { secretsOf } from '#apps/lambda/secrets.ts';
import { responderOf } from '#apps/lambda/slack-responder.ts';

const container = createContainer(process.env);
const open = hubOf(container);
const queue = deliveryQueueOf(container);
const responder = responderOf(container.env, secretsOf(container));
const { clock, log } = container;

/** Does what a button asked for. */
export async function handler(batch: SqsBatch): Promise<BatchAnswer> {
  const { intake } = await open();
  return await actOnBatch(batch, {
    ports: { ...intake, responder },
    onQueued: (items) => nudge(nudgesFor(items, clock.now()), queue, log),
    onFailure: (thrown) => log.error({ err: thrown }, 'a Slack interaction failed; it will come again'),
  });
}
