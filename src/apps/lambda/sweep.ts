import type { Logger } from 'pino';
import { nudge, sweepNudges } from '#apps/lambda/delivery-queue.ts';
import type { Hub } from '#apps/lambda/hub.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { configExceptions, exceptionChanges } from '#core/notification/config-exceptions.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { housekeeping } from '#engine/housekeeping.ts';
import type { WorkQueue } from '#ports/work-queue.ts';

export type Sweeping = {
  readonly hub: Pick<Hub, 'config' | 'context' | 'store' | 'clock' | 'intake'> & { readonly log: Logger };
  readonly delivery: DeliveryPorts;
  readonly queue: WorkQueue;
  /** Told how much is parked, while something is. */
  readonly onParked: (count: number) => void;
};

/** Each step is worth doing when another fails; one that failed makes the run fail at its end, so that somebody looks. */
export async function sweep({ hub, delivery, queue, onParked }: Sweeping): Promise<void> {
  const { store, clock, log } = hub;
  const failed: string[] = [];
  const step = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (thrown) {
      log.error({ err: thrown }, `${name} failed; the next sweep tries again`);
      failed.push(name);
    }
  };
  await step('storing the exceptions of yagura.yaml', () => storeConfigExceptions(hub));
  await step('housekeeping', async () => housekeeping(await hub.context(), hub.intake, delivery));
  await step('queueing again what is due', async () => {
    const due = await store.dueDestinations(clock.now());
    await nudge(sweepNudges(due, clock.now()), queue, log);
  });
  await step('counting what is parked', async () => {
    const { total } = await store.outboxPage({ state: ['parked'], limit: 1 });
    if (total > 0) onParked(total);
  });
  if (failed.length > 0)
    throw new YaguraError('store.unavailable', `The sweep could not do everything: ${failed.join(', ')}. See above.`);
}

async function storeConfigExceptions({ config, store, clock }: Sweeping['hub']): Promise<void> {
  const now = clock.now();
  const changes = exceptionChanges(await store.exceptions(), configExceptions(config, now), now);
  for (const exception of changes) await store.saveException(exception);
}
