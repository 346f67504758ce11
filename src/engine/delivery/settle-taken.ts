import type { OutboxItem } from '#core/notification/outbox.ts';
import type { Claim } from '#engine/delivery/claim.ts';
import { digestOf, digestSettlement } from '#engine/delivery/deliver-digest.ts';
import { answerOf, answerRecord, firstSettlement, followUpSettlement } from '#engine/delivery/deliver-item.ts';
import { DELIVERY_LIMITS, type DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { noteSuccess, parkAlone, parkDue } from '#engine/delivery/outcome.ts';
import { lookAgainAt, lookUp } from '#engine/delivery/post-once.ts';
import { stepOf } from '#engine/delivery/standing.ts';
import type { ChatFailure, PostedLookup } from '#ports/chat.ts';
import type { Settlement } from '#ports/state-store.ts';

/** What became of a claim that was taken over. */
export type Came =
  | { readonly what: 'recognised' | 'requeued' | 'parked' }
  | { readonly what: 'waiting'; readonly until: number };

/** Finds out what became of the message of a claim that was taken over, and settles it. */
export async function settleTaken(items: readonly OutboxItem[], claim: Claim, ports: DeliveryPorts): Promise<Came> {
  const [head, ...others] = items;
  if (head === undefined) return { what: 'requeued' };
  if (claim.kind === 'digest') return await digest(head, items, claim, ports);
  // More than one was claimed to be parked, not to be sent.
  return others.length > 0 ? await backToQueue(items, claim, ports) : await single(head, claim, ports);
}

async function single(item: OutboxItem, claim: Claim, ports: DeliveryPorts): Promise<Came> {
  const { problemKey, destinationKey, destination, id: idempotencyKey } = item;
  const problem = (await ports.store.problems([problemKey])).get(problemKey);
  if (problem === undefined) return await backToQueue([item], claim, ports);
  const latest = (await ports.store.threads([problemKey], destinationKey)).get(problemKey);
  const step = stepOf(item, problem, latest, ports);
  const { thread } = step;
  if (thread !== undefined && thread.ts !== null) {
    const answer = await lookUp({ destination, idempotencyKey, threadTs: thread.ts }, claim, ports);
    if (answer.kind === 'unknown') return await nobodyLooked([item], answer.failure, claim, ports);
    if (answer.kind === 'found') {
      const records = [answerRecord(step, thread, answerOf(step, thread, ports), ports)];
      return await recognised(
        [item],
        followUpSettlement(step, thread, item.problemVersion, records, ports),
        claim,
        ports,
      );
    }
  }
  // A follow-up is a message of its own where the earlier one had been deleted.
  const posted = await lookUp({ destination, idempotencyKey, threadTs: null }, claim, ports);
  if (posted.kind === 'unknown') return await nobodyLooked([item], posted.failure, claim, ports);
  if (posted.kind === 'none') return await backToQueue([item], claim, ports);
  const message = ports.renderer.message(step.input);
  // It shows the state of its item at least: a newer one is still queued as an update.
  const settlement = firstSettlement(step, item.problemVersion, { sent: posted, message }, ports);
  return await recognised([item], settlement, claim, ports);
}

async function digest(
  head: OutboxItem,
  items: readonly OutboxItem[],
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Came> {
  const { destination, destinationKey } = head;
  const keys = [...new Set(items.map((item) => item.problemKey))];
  const threads = await ports.store.threads(keys, destinationKey);
  const at = ports.clock.now();
  const outcomes = items.map(({ id }) => ({ id, outcome: { kind: 'sent', messageId: claim.base, at } as const }));
  // A large digest is not always written down at once: what it said may be on record already.
  if ([...threads.values()].some((thread) => thread.messageId === claim.base))
    return await recognised(items, { outcomes, threads: [], messages: [] }, claim, ports);
  const found: PostedLookup = await lookUp({ destination, idempotencyKey: claim.base, threadTs: null }, claim, ports);
  if (found.kind === 'unknown') return await nobodyLooked(items, found.failure, claim, ports);
  if (found.kind === 'none') return await backToQueue(items, claim, ports);
  const problems = await ports.store.problems(keys);
  const steps = items.flatMap((item) => {
    const problem = problems.get(item.problemKey);
    return problem === undefined ? [] : [stepOf(item, problem, threads.get(item.problemKey), ports)];
  });
  const message = digestOf(steps, 'burst', ports);
  const shown = digestSettlement(steps, ({ item }) => item.problemVersion, claim, found, message, ports);
  return await recognised(items, { ...shown, outcomes }, claim, ports);
}

async function recognised(
  items: readonly OutboxItem[],
  settlement: Settlement,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Came> {
  await ports.store.settle(claim.token, settlement);
  await noteSuccess(items, ports);
  return { what: 'recognised' };
}

async function backToQueue(items: readonly OutboxItem[], claim: Claim, ports: DeliveryPorts): Promise<Came> {
  const error = 'interrupted before it arrived';
  const [head] = items;
  if (head !== undefined && head.attempts + 1 >= DELIVERY_LIMITS.unreachable) {
    await parkAlone(items, error, claim, ports);
    return { what: 'parked' };
  }
  const outcomes = items.map(({ id, dueAt }) => ({
    id,
    outcome: { kind: 'retry', dueAt, error, countsAsAttempt: true } as const,
  }));
  await ports.store.settle(claim.token, { outcomes, threads: [], messages: [] });
  return { what: 'requeued' };
}

/** Nothing is sent again before somebody looked; where nobody ever can, a person decides. */
async function nobodyLooked(
  items: readonly OutboxItem[],
  failure: ChatFailure,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Came> {
  const { destinationKey = '' } = items[0] ?? {};
  const detail = failure.kind === 'busy' ? 'Slack asks to wait (429)' : failure.error;
  const limit = failure.kind === 'rejected' ? DELIVERY_LIMITS.refusals : DELIVERY_LIMITS.unreachable;
  if (failure.kind !== 'busy' && claim.lookups >= limit) {
    const error = `${detail} It is not known whether this message arrived: look there before you re-send it.`;
    await (failure.kind === 'rejected' ? parkAlone : parkDue)(items, error, claim, ports);
    return { what: 'parked' };
  }
  ports.log({ level: 'warn', message: 'cannot look whether a message arrived', destinationKey, detail });
  return { what: 'waiting', until: lookAgainAt(failure, claim, ports) };
}
