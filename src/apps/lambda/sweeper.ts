import { createContainer } from '#apps/lambda/container.ts';
import { deliveryPortsOf } from '#apps/lambda/delivery-ports.ts';
import { deliveryQueueOf } from '#apps/lambda/delivery-queue.ts';
import { hubOf } from '#apps/lambda/hub.ts';
import { parkedMetric } from '#apps/lambda/parked-metric.ts';
import { sweep } from '#apps/lambda/sweep.ts';

const container = createContainer(process.env);
const open = hubOf(container);
const portsOf = deliveryPortsOf(container);
const queue = deliveryQueueOf(container);

/** Each minute: finds what is due and was not delivered, settles what crashed, tells what an ended exception had silenced. */
export async function handler(): Promise<void> {
  const hub = await open();
  await sweep({
    ...{ hub, queue },
    delivery: portsOf(hub),
    onParked: (count) => process.stdout.write(`${parkedMetric(count, container)}\n`),
  });
}
