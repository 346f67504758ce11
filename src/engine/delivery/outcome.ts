import type { OutboxItem } from '#core/notification/outbox.ts';
import { DELIVERY_LIMITS, type DeliveryPorts, type Turn } from '#engine/delivery/delivery-ports.ts';
import type { ChatResult } from '#ports/chat.ts';

type Failure = Exclude<ChatResult, { kind: 'sent' }>;

/** Writes down a failure: come back later, or park what was refused too often. */
export async function settleFailure(
  items: readonly OutboxItem[],
  failure: Failure,
  token: string,
  ports: DeliveryPorts,
): Promise<Turn> {
  const now = ports.clock.now();
  const [head] = items;
  if (head === undefined) return { kind: 'idle' };
  const until = now + delayOf(failure, head, ports);
  await ports.pacer.pause(head.destinationKey, until);
  if (shouldPark(failure, head, now)) return park(items, failure, token, ports);
  const error = failure.kind === 'busy' ? 'Slack asks to wait (429)' : failure.error;
  const countsAsAttempt = failure.kind !== 'busy';
  // Items stay due: the pause of the destination keeps their order, a later due time would not.
  const outcomes = items.map((item) => ({
    id: item.id,
    outcome: { kind: 'retry' as const, dueAt: item.dueAt, error, countsAsAttempt },
  }));
  await ports.store.settle(token, { outcomes, threads: [], messages: [] });
  ports.log({ level: 'warn', message: 'delivery postponed', destinationKey: head.destinationKey, detail: error });
  return { kind: 'wait', until };
}

function delayOf(failure: Failure, head: OutboxItem, ports: DeliveryPorts): number {
  if (failure.kind === 'busy') return Math.max(failure.retryAfterMs, 1_000);
  const exponential = DELIVERY_LIMITS.backoffBaseMs * 2 ** Math.min(head.attempts, 12);
  return Math.round(Math.min(exponential, DELIVERY_LIMITS.backoffMaxMs) * (0.75 + ports.random.next() / 2));
}

function shouldPark(failure: Failure, head: OutboxItem, now: number): boolean {
  if (failure.kind === 'rejected') return head.attempts + 1 >= DELIVERY_LIMITS.rejections;
  return failure.kind === 'unavailable' && now - head.createdAt > DELIVERY_LIMITS.giveUpAfterMs;
}

/** Parks these and everything else that is due there: a dead destination must not cost each item its own five tries. */
async function park(
  items: readonly OutboxItem[],
  failure: Failure,
  token: string,
  ports: DeliveryPorts,
): Promise<Turn> {
  const error = failure.kind === 'busy' ? 'busy' : failure.error;
  const [head] = items;
  const key = head?.destinationKey ?? '';
  let parked = await settleParked(items, error, token, ports);
  for (;;) {
    const next = ports.random.id();
    const rest = await ports.store.claim(key, ports.clock.now(), 500, next);
    if (rest.length === 0) break;
    parked += await settleParked(rest, error, next, ports);
  }
  ports.log({
    level: 'error',
    message: `${parked} messages parked: repair the destination, then re-send them from Delivery`,
    destinationKey: key,
    detail: error,
  });
  return { kind: 'parked', items: parked };
}

async function settleParked(
  items: readonly OutboxItem[],
  error: string,
  token: string,
  ports: DeliveryPorts,
): Promise<number> {
  const at = ports.clock.now();
  await ports.store.settle(token, {
    outcomes: items.map((item) => ({ id: item.id, outcome: { kind: 'parked', error, at } })),
    threads: [],
    messages: [],
  });
  return items.length;
}
