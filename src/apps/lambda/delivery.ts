import { type Hub, openHub } from '#apps/lambda/hub.ts';
import { type BatchAnswer, except, type SqsBatch } from '#apps/lambda/sqs-batch.ts';
import { takeTurn } from '#engine/delivery/take-turn.ts';

/** Longer waits are left to the sweeper. */
const LONGEST_WAIT_MS = 10_000;
const TURNS = 40;

/** One nudge = one destination with something due. The queue's message group keeps each destination to one worker. */
export async function handler(batch: SqsBatch): Promise<BatchAnswer> {
  const hub = await openHub();
  const failed: string[] = [];
  for (const record of batch.Records) {
    try {
      await serve(record.body, hub);
    } catch (thrown) {
      hub.log.error({ destination: record.body, err: thrown }, 'delivery failed; it will come again');
      failed.push(record.messageId);
    }
  }
  return except(failed);
}

/** Delivers the one message this nudge stands for; what is still queued has nudges of its own. */
async function serve(destinationKey: string, hub: Hub): Promise<void> {
  const { clock, sleeper } = hub.delivery;
  for (let turns = 0; turns < TURNS; turns++) {
    const due = (await hub.store.dueDestinations(clock.now())).find((entry) => entry.destinationKey === destinationKey);
    if (due === undefined) return;
    const turn = await takeTurn(destinationKey, due.count, hub.delivery);
    if (turn.kind !== 'wait') return;
    const wait = turn.until - clock.now();
    if (wait > LONGEST_WAIT_MS) return;
    await sleeper.sleep(Math.max(wait, 1));
  }
}
