import { destinationOfKey } from '#core/notification/destination.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import { type Claim, newClaim } from '#engine/delivery/claim.ts';
import { type DigestCause, deliverDigest } from '#engine/delivery/deliver-digest.ts';
import { callsFor, deliverItem } from '#engine/delivery/deliver-item.ts';
import { DELIVERY_LIMITS, type DeliveryPorts, type Turn } from '#engine/delivery/delivery-ports.ts';
import { parkAlone, release, releasedAs } from '#engine/delivery/outcome.ts';
import { type Standing, type Step, standingOf, standingsOf } from '#engine/delivery/standing.ts';
import type { Settlement } from '#ports/state-store.ts';

/** One turn of one destination: at most one message (and the edit it answers). `queued` is how much waits there. */
export async function takeTurn(destinationKey: string, queued: number, ports: DeliveryPorts): Promise<Turn> {
  const isPaced = ports.intervalMs(destinationOfKey(destinationKey)) > 0;
  if (isPaced && queued > DELIVERY_LIMITS.burstItems) return await merged(destinationKey, true, ports);
  const claim = newClaim('single', ports);
  const [head] = await ports.store.claim(destinationKey, ports.clock.now(), 1, claim.token);
  if (head === undefined) return { kind: 'idle' };
  if (head.mode === 'send') return await single(head, claim, ports);
  await release([head], claim, ports);
  return await merged(destinationKey, false, ports);
}

async function single(item: OutboxItem, claim: Claim, ports: DeliveryPorts): Promise<Turn> {
  const standing = await standingOf(item, ports);
  switch (standing.kind) {
    case 'covered':
      await ports.store.settle(claim.token, settled([[item, standing]], ports));
      return { kind: 'delivered', items: 1 };
    case 'gone':
      return await parkAlone([item], goneError(item), claim, ports);
    case 'message':
      return await paced([item], callsFor(standing.step, ports), claim, ports, () =>
        deliverItem(standing.step, claim, ports),
      );
  }
}

async function merged(destinationKey: string, isBurst: boolean, ports: DeliveryPorts): Promise<Turn> {
  const claim = newClaim('digest', ports);
  const items = await ports.store.claim(destinationKey, ports.clock.now(), DELIVERY_LIMITS.digestItems, claim.token);
  if (items.length === 0) return { kind: 'idle' };
  const { chosen, left, silent } = sorted(await standingsOf(items, ports), isBurst);
  const isAlone = chosen.length === 0 || (isBurst && chosen.length === 1);
  // What cannot be merged has a turn of its own, in its order.
  const putBack = isAlone ? [...chosen, ...left] : left;
  const outcomes = putBack.map(({ item }) => ({ id: item.id, outcome: releasedAs(item) }));
  const { outcomes: silenced, ...rest } = settled(silent, ports);
  await ports.store.settle(claim.token, { ...rest, outcomes: [...silenced, ...outcomes] });
  if (isAlone)
    return putBack.length === 0 ? { kind: 'delivered', items: silent.length } : await first(destinationKey, ports);
  const taken = chosen.map(({ item }) => item);
  return await paced(taken, 1, claim, ports, () => deliverDigest(chosen, causeOf(taken, isBurst), claim, ports));
}

async function first(destinationKey: string, ports: DeliveryPorts): Promise<Turn> {
  const claim = newClaim('single', ports);
  const [head] = await ports.store.claim(destinationKey, ports.clock.now(), 1, claim.token);
  return head === undefined ? { kind: 'idle' } : await single(head, claim, ports);
}

/** Sends when it is this destination's turn; gives the items back when it is not. */
async function paced(
  items: readonly OutboxItem[],
  calls: number,
  claim: Claim,
  ports: DeliveryPorts,
  send: () => Promise<Turn>,
): Promise<Turn> {
  const [head] = items;
  if (head === undefined) return { kind: 'idle' };
  const intervalMs = ports.intervalMs(head.destination) * calls;
  const now = ports.clock.now();
  const turn = await ports.pacer.takeTurn(head.destinationKey, now, intervalMs);
  if (!turn.ready) {
    await release(items, claim, ports);
    return { kind: 'wait', until: turn.at };
  }
  const came = await send();
  return came.kind === 'delivered' ? { ...came, nextAt: now + intervalMs } : came;
}

type Judged = readonly [OutboxItem, Standing];

/**
 * What one digest takes, what waits for a turn of its own, and what needs no message. A problem with a message of its own is followed up
 * there; nothing overtakes an earlier item of its problem.
 */
function sorted(
  standings: readonly Judged[],
  isBurst: boolean,
): { readonly chosen: readonly Step[]; readonly left: readonly Step[]; readonly silent: readonly Judged[] } {
  const chosen: Step[] = [];
  const left: Step[] = [];
  const silent: Judged[] = [];
  const language = standings.find(([, { kind }]) => kind === 'message')?.[0].language;
  for (const [item, standing] of standings) {
    if (standing.kind !== 'message') {
      silent.push([item, standing]);
      continue;
    }
    const { step } = standing;
    const hasOwnMessage = step.thread !== undefined && !step.thread.merged;
    const isBehind = left.some((other) => other.item.problemKey === item.problemKey);
    const mayMerge = (isBurst || item.mode === 'digest') && !hasOwnMessage && !isBehind && item.language === language;
    (mayMerge ? chosen : left).push(step);
  }
  return { chosen, left, silent };
}

function causeOf(items: readonly OutboxItem[], isBurst: boolean): DigestCause {
  if (isBurst) return 'burst';
  return items.some(({ reason }) => reason.code === 'quiet-hours') ? 'quiet' : 'schedule';
}

/** What needs no message: said by another one, or never to be said. */
function settled(silent: readonly Judged[], { clock }: DeliveryPorts): Settlement {
  const at = clock.now();
  const outcomes = silent.map(([item, standing]) => ({
    id: item.id,
    outcome:
      standing.kind === 'covered'
        ? ({ kind: 'covered', messageId: standing.messageId, at } as const)
        : ({ kind: 'parked', error: goneError(item), at } as const),
  }));
  return { outcomes, threads: [], messages: [] };
}

function goneError({ problemKey }: OutboxItem): string {
  return `The problem ${problemKey} is no longer stored, so there is nothing to tell.`;
}
