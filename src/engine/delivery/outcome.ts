import type { OutboxItem } from '#core/notification/outbox.ts';
import { type Claim, newClaim } from '#engine/delivery/claim.ts';
import { backoffMs, DELIVERY_LIMITS, type DeliveryPorts, type Turn } from '#engine/delivery/delivery-ports.ts';
import { isAboutContent } from '#engine/delivery/post-once.ts';
import { countRefusal, forgetRefusals } from '#engine/delivery/refusals.ts';
import { tellOfDeadDestination } from '#engine/delivery/tell-central.ts';
import type { ChatFailure } from '#ports/chat.ts';
import type { OutboxOutcome } from '#ports/state-store.ts';

const PARK_AT_ONCE = 500;

/** Writes down a failure: come back later, or park what was refused too often. */
export async function settleFailure(
  items: readonly OutboxItem[],
  failure: ChatFailure,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Turn> {
  const [head] = items;
  if (head === undefined) return { kind: 'idle' };
  if (failure.kind === 'busy') return await again(items, failure, Math.max(failure.retryAfterMs, 1_000), claim, ports);
  // The others of this destination have done nothing wrong.
  if (isAboutContent(failure)) return await parkAlone(items, failure.error, claim, ports);
  if (failure.kind === 'unavailable') {
    if (head.attempts + 1 >= DELIVERY_LIMITS.unreachable) return await parkDue(items, failure.error, claim, ports);
    return await again(items, failure, backoffMs(head.attempts, ports), claim, ports);
  }
  const refusals = await countRefusal(head.destinationKey, ports);
  if (refusals >= DELIVERY_LIMITS.refusals) return await parkDue(items, failure.error, claim, ports);
  return await again(items, failure, backoffMs(refusals - 1, ports), claim, ports);
}

/** Puts claimed items back as they were. */
export async function release(items: readonly OutboxItem[], claim: Claim, ports: DeliveryPorts): Promise<void> {
  if (items.length > 0) await settleAll(items, releasedAs, claim, ports);
}

/** What puts an item back as it was. */
export function releasedAs(item: OutboxItem): OutboxOutcome {
  return { kind: 'retry', dueAt: item.dueAt, error: item.lastError ?? '', countsAsAttempt: false };
}

/** Parks these and nothing else. */
export async function parkAlone(
  items: readonly OutboxItem[],
  error: string,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Turn> {
  const at = ports.clock.now();
  await settleAll(items, () => ({ kind: 'parked', error, at }), claim, ports);
  for (const { destinationKey, id } of items)
    ports.log({ level: 'error', message: `message ${id} parked`, destinationKey, detail: error });
  return { kind: 'parked', items: items.length };
}

/** Parks these and everything else that is due there: a dead destination must not cost each item its own tries. */
export async function parkDue(
  items: readonly OutboxItem[],
  error: string,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Turn> {
  const { destinationKey = '' } = items[0] ?? {};
  const at = ports.clock.now();
  await settleAll(items, () => ({ kind: 'parked', error, at }), claim, ports);
  let parked = items.length;
  for (;;) {
    const next = newClaim('single', ports);
    const rest = await ports.store.claim(destinationKey, ports.clock.now(), PARK_AT_ONCE, next.token);
    if (rest.length === 0) break;
    await settleAll(rest, () => ({ kind: 'parked', error, at }), next, ports);
    parked += rest.length;
  }
  const detail = { parked, error };
  await ports.store.appendAudit({ at, actor: 'yagura', action: 'delivery.park', target: destinationKey, detail });
  ports.log({
    ...{ level: 'error', destinationKey, detail: error },
    message: `${parked} messages parked: repair the destination, then re-send them from Delivery`,
  });
  await tellOfDeadDestination(destinationKey, detail, ports);
  return { kind: 'parked', items: parked };
}

/** To be called after a message went out: a destination that had failed before is no longer suspected. */
export async function noteSuccess(items: readonly OutboxItem[], ports: DeliveryPorts): Promise<void> {
  const failedBefore = items.find((item) => item.lastError !== null && item.lastError !== '');
  if (failedBefore !== undefined) await forgetRefusals(failedBefore.destinationKey, ports);
}

/** Items stay due: the pause of the destination keeps their order, a later due time would not. */
async function again(
  items: readonly OutboxItem[],
  failure: ChatFailure,
  waitMs: number,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Turn> {
  const { destinationKey = '' } = items[0] ?? {};
  const until = ports.clock.now() + waitMs;
  const error = failure.kind === 'busy' ? 'Slack asks to wait (429)' : failure.error;
  const countsAsAttempt = failure.kind !== 'busy';
  await ports.pacer.pause(destinationKey, until);
  await settleAll(items, (item) => ({ kind: 'retry', dueAt: item.dueAt, error, countsAsAttempt }), claim, ports);
  ports.log({ level: 'warn', message: 'delivery postponed', destinationKey, detail: error });
  return { kind: 'wait', until };
}

async function settleAll(
  items: readonly OutboxItem[],
  outcomeOf: (item: OutboxItem) => OutboxOutcome,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<void> {
  const outcomes = items.map((item) => ({ id: item.id, outcome: outcomeOf(item) }));
  await ports.store.settle(claim.token, { outcomes, threads: [], messages: [] });
}
