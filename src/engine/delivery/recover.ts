import { messageInput } from '#core/notification/message-input.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import { settleDigest } from '#engine/delivery/deliver-digest.ts';
import { delivered, threadOf } from '#engine/delivery/deliver-item.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';

/**
 * Settles claims that a crash left open: what the destination already shows (found by its idempotency key) is recorded as sent,
 * the rest goes back to the queue. `before`: claims older than this are nobody's any more.
 */
export async function recoverClaims(
  before: number,
  ports: DeliveryPorts,
): Promise<{ recognised: number; requeued: number }> {
  const totals = { recognised: 0, requeued: 0 };
  const byClaim = Map.groupBy(await ports.store.staleClaims(before), (item) => item.claim?.token ?? '');
  for (const [token, items] of byClaim) {
    const mine = ports.random.id();
    const taken = await ports.store.takeOver(items, mine, ports.clock.now());
    if (taken.length === 0) continue;
    const recognised = await recognise(taken, token, mine, items[0]?.claim?.at ?? before, ports);
    if (recognised) totals.recognised += taken.length;
    else {
      const outcomes = taken.map((item) => ({
        id: item.id,
        outcome: { kind: 'retry' as const, dueAt: item.dueAt, error: 'interrupted', countsAsAttempt: false },
      }));
      await ports.store.settle(mine, { outcomes, threads: [], messages: [] });
      totals.requeued += taken.length;
    }
  }
  return totals;
}

async function recognise(
  items: readonly OutboxItem[],
  oldToken: string,
  token: string,
  claimedAt: number,
  ports: DeliveryPorts,
): Promise<boolean> {
  const [head] = items;
  if (head === undefined) return false;
  const since = claimedAt - 60_000;
  const problems = await ports.store.problems([...new Set(items.map((item) => item.problemKey))]);
  const digest = await ports.chat.findPosted(head.destination, oldToken, since);
  if (digest !== undefined) {
    await settleDigest(items, problems, { text: '', blocks: [] }, { token, ...digest }, ports);
    return true;
  }
  const problem = problems.get(head.problemKey);
  if (items.length > 1 || head.action !== 'post' || problem === undefined) return false;
  const posted = await ports.chat.findPosted(head.destination, head.id, since);
  if (posted === undefined) return false;
  const message = ports.renderer.message(messageInput(problem, head, ports.directory(), ports.links));
  const at = ports.clock.now();
  await ports.store.settle(token, {
    outcomes: [{ id: head.id, outcome: { kind: 'sent', messageId: head.id, at } }],
    // What was sent showed the state of that moment at the latest: a newer one is still queued as an update.
    threads: [
      {
        ...threadOf(head, problem, { messageId: head.id, merged: false, ...posted }),
        problemVersion: head.problemVersion,
      },
    ],
    messages: [delivered(head, problem, message, { id: head.id, inThreadOf: null, sentAt: at, editedAt: null })],
  });
  return true;
}
