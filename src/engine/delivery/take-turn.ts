import type { OutboxItem } from '#core/notification/outbox.ts';
import { deliverDigest } from '#engine/delivery/deliver-digest.ts';
import { cover, deliverItem, prepare } from '#engine/delivery/deliver-item.ts';
import { DELIVERY_LIMITS, type DeliveryPorts, type Turn } from '#engine/delivery/delivery-ports.ts';
import { settleFailure } from '#engine/delivery/outcome.ts';

/** One turn of one destination: at most one message (an edit with its answer counts as one). `queued` is how much waits there. */
export async function takeTurn(destinationKey: string, queued: number, ports: DeliveryPorts): Promise<Turn> {
  const token = ports.random.id();
  const [head] = await ports.store.claim(destinationKey, ports.clock.now(), 1, token);
  if (head === undefined) return { kind: 'idle' };
  const isBurst = ports.intervalMs(head.destination) > 0 && queued > DELIVERY_LIMITS.burstItems;
  if (!isBurst && head.mode === 'send') return single(head, token, ports);
  await release([head], token, ports);
  return merged(destinationKey, isBurst, ports);
}

async function single(item: OutboxItem, token: string, ports: DeliveryPorts): Promise<Turn> {
  const prepared = await prepare(item, ports);
  if (prepared.kind === 'covered') return cover(item, prepared.messageId, token, ports);
  if (prepared.kind === 'gone')
    return settleFailure(
      [item],
      { kind: 'rejected', error: `the problem ${item.problemKey} is no longer stored` },
      token,
      ports,
    );
  const turn = await ports.pacer.takeTurn(item.destinationKey, ports.clock.now(), ports.intervalMs(item.destination));
  if (turn.ready) return deliverItem(prepared.step, token, ports);
  await release([item], token, ports);
  return { kind: 'wait', until: turn.at };
}

async function merged(destinationKey: string, isBurst: boolean, ports: DeliveryPorts): Promise<Turn> {
  const token = ports.random.id();
  const items = await ports.store.claim(destinationKey, ports.clock.now(), DELIVERY_LIMITS.digestItems, token);
  const [head] = items;
  if (head === undefined) return { kind: 'idle' };
  const chosen = await mergeable(items, isBurst, ports);
  await release(
    items.filter((item) => !chosen.includes(item) && (chosen.length > 0 || item !== head)),
    token,
    ports,
  );
  if (chosen.length === 0) return single(head, token, ports);
  const turn = await ports.pacer.takeTurn(destinationKey, ports.clock.now(), ports.intervalMs(head.destination));
  if (!turn.ready) {
    await release(chosen, token, ports);
    return { kind: 'wait', until: turn.at };
  }
  const cause = isBurst ? 'burst' : chosen.some((item) => item.reason.code === 'quiet-hours') ? 'quiet' : 'schedule';
  return deliverDigest(chosen, cause, token, ports);
}

/** A problem with a message of its own is followed up there; everything else of a burst is merged. */
async function mergeable(items: readonly OutboxItem[], isBurst: boolean, ports: DeliveryPorts): Promise<OutboxItem[]> {
  const [head] = items;
  if (head === undefined) return [];
  const threads = await ports.store.threads([...new Set(items.map((item) => item.problemKey))], head.destinationKey);
  return items.filter((item) => {
    const thread = threads.get(item.problemKey);
    const hasOwnMessage = thread !== undefined && thread.episode === item.episode && !thread.merged;
    return !hasOwnMessage && (isBurst || item.mode === 'digest');
  });
}

async function release(items: readonly OutboxItem[], token: string, ports: DeliveryPorts): Promise<void> {
  if (items.length === 0) return;
  const outcomes = items.map((item) => ({
    id: item.id,
    outcome: { kind: 'retry' as const, dueAt: item.dueAt, error: item.lastError ?? '', countsAsAttempt: false },
  }));
  await ports.store.settle(token, { outcomes, threads: [], messages: [] });
}
