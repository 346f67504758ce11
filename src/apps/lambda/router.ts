import { createContainer } from '#apps/lambda/container.ts';
import { deliveryQueueOf, nudge, nudgesFor } from '#apps/lambda/delivery-queue.ts';
import { hubOf } from '#apps/lambda/hub.ts';
import type { BatchAnswer, LambdaContext, SqsBatch } from '#apps/lambda/lambda-event.ts';
import { takeBatch } from '#apps/lambda/take-batch.ts';

const container = createContainer(process.env);
const open = hubOf(container);
const queue = deliveryQueueOf(container);
const { clock, log } = container;

/** Time for the message that is under way; a throttled table makes it slow. */
const RESERVE_MS = 20_000;

/** Reads events, keeps the problems and writes what to tell whom. */
export async function handler(batch: SqsBatch, context: LambdaContext): Promise<BatchAnswer> {
  const { intake } = await open();
  return await takeBatch(batch, {
    intake,
    deadline: clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS,
    onQueued: (items) => nudge(nudgesFor(items, clock.now()), queue, log),
    onFailure: (thrown, message, messageId) =>
      log[messageId === undefined ? 'warn' : 'error']({ err: thrown, messageId }, message),
  });
}
