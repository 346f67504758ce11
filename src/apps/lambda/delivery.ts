import { createContainer } from '#apps/lambda/container.ts';
import { deliverNudges } from '#apps/lambda/deliver-nudges.ts';
import { deliveryPortsOf } from '#apps/lambda/delivery-ports.ts';
import { hubOf } from '#apps/lambda/hub.ts';
import type { BatchAnswer, LambdaContext, SqsBatch } from '#apps/lambda/lambda-event.ts';

const container = createContainer(process.env);
const open = hubOf(container);
const portsOf = deliveryPortsOf(container);
const freeAt = new Map<string, number>();

/** Time for the message that is under way, and for Slack to be slow. */
const RESERVE_MS = 60_000;

/** One nudge = one destination with something due. The queue's message group keeps each destination to one worker. */
export async function handler(batch: SqsBatch, context: LambdaContext): Promise<BatchAnswer> {
  const ports = portsOf(await open());
  const deadline = ports.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  return await deliverNudges(batch, { ...ports, freeAt, deadline });
}
