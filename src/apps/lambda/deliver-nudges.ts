import { type BatchAnswer, except, type SqsBatch, type SqsRecord } from '#apps/lambda/lambda-event.ts';
import { DELIVERY_LIMITS, type DeliveryPorts, type Turn } from '#engine/delivery/delivery-ports.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
import { takeTurn } from '#engine/delivery/take-turn.ts';

/** Longer waits are left to the sweeper. */
const LONGEST_WAIT_MS = 10_000;
/** A new row may be missing from the index that queues are read through for some milliseconds. */
const INDEX_LAG_MS = 1_000;

export type Delivering = DeliveryPorts & {
  /** When a destination takes its next message, as far as this container knows: it saves a claim that would be given back. */
  readonly freeAt: Map<string, number>;
  /** When to be done. */
  readonly deadline: number;
};

/** Serves the nudges of a batch: destinations side by side, the nudges of one destination in their order. */
export async function deliverNudges(batch: SqsBatch, ports: Delivering): Promise<BatchAnswer> {
  const lanes = Map.groupBy(batch.Records, (record) => record.body);
  const failed = await Promise.all([...lanes].map(([key, records]) => serveLane(key, records, ports)));
  return except(failed.flat().map((record) => record.messageId));
}

/** Returns those that have to come again: the first that failed and what stood behind it. */
async function serveLane(
  destinationKey: string,
  records: readonly SqsRecord[],
  ports: Delivering,
): Promise<readonly SqsRecord[]> {
  for (const [index, record] of records.entries()) {
    try {
      await serve(destinationKey, record, ports);
    } catch (thrown) {
      const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      ports.log({ level: 'error', message: 'delivery failed; it will come again', destinationKey, detail });
      return records.slice(index);
    }
  }
  return [];
}

/** One nudge is one message at most; what else is queued there has nudges of its own. */
async function serve(destinationKey: string, record: SqsRecord, ports: Delivering): Promise<void> {
  const { clock, freeAt } = ports;
  let lookAgainAt: number | undefined = Number(record.attributes?.SentTimestamp ?? 0) + INDEX_LAG_MS;
  for (;;) {
    if (!(await hasCome(freeAt.get(destinationKey), ports))) return;
    const turn = await turnOf(destinationKey, ports);
    switch (turn.kind) {
      case 'delivered':
        if (turn.nextAt !== undefined) freeAt.set(destinationKey, turn.nextAt);
        return;
      case 'parked':
        return;
      case 'wait':
        freeAt.set(destinationKey, turn.until);
        break;
      case 'unsettled':
        if (!(await isSettled(destinationKey, turn.until, ports))) return;
        break;
      case 'idle':
        if (lookAgainAt === undefined || lookAgainAt <= clock.now() || !(await hasCome(lookAgainAt, ports))) return;
        lookAgainAt = undefined;
        break;
    }
  }
}

async function turnOf(destinationKey: string, ports: Delivering): Promise<Turn> {
  const queued = await queuedAt(destinationKey, ports);
  return queued === 0 ? { kind: 'idle' } : await takeTurn(destinationKey, queued, ports);
}

/** How much is queued there; reads the queue of one destination, and of all only when that one may be a burst. */
async function queuedAt(destinationKey: string, { store, clock }: Delivering): Promise<number> {
  const { total } = await store.outboxPage({ state: ['queued'], destinationKey, limit: 1 });
  if (total <= DELIVERY_LIMITS.burstItems) return total;
  // Digests that wait for their hour are among them, and make no burst.
  const due = await store.dueDestinations(clock.now());
  return due.find((entry) => entry.destinationKey === destinationKey)?.count ?? 0;
}

/** Waits for a moment that is near; false when it is far, or too late for this run. */
async function hasCome(at: number | undefined, { clock, sleeper, deadline }: Delivering): Promise<boolean> {
  const wait = (at ?? 0) - clock.now();
  if (wait <= 0) return clock.now() < deadline;
  if (wait > LONGEST_WAIT_MS || clock.now() + wait >= deadline) return false;
  await sleeper.sleep(wait);
  return true;
}

/** Looks for a message whose answer was lost. While nobody can look, its claim stays, and the sweeper looks again. */
async function isSettled(destinationKey: string, until: number, ports: Delivering): Promise<boolean> {
  if (!(await hasCome(until, ports))) return false;
  // The queue's message group keeps this destination to one worker, so every claim there is one that was left.
  const { requeued } = await recoverClaims(ports.clock.now() + 1, ports, (key) => key === destinationKey);
  return requeued > 0;
}
