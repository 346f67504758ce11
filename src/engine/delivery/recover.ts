import type { OutboxItem } from '#core/notification/outbox.ts';
import { type Claim, claimOf, takenOver } from '#engine/delivery/claim.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { type Came, settleTaken } from '#engine/delivery/settle-taken.ts';

/** What became of claims whose outcome nobody knew; `waiting`: those for which nobody could look yet, and when to try again. */
export type Recovery = {
  readonly recognised: number;
  readonly requeued: number;
  readonly parked: number;
  readonly waiting: number;
  readonly until: ReadonlyMap<string, number>;
};

/** A claim and the items it holds, all of one destination. */
type Held = { readonly claim: Claim; readonly items: readonly OutboxItem[] };

const AT_ONCE = 8;

/**
 * Settles claims whose outcome is unknown, after a crash or a lost answer: what the destination already shows (found by its idempotency
 * key) is recorded as sent, what it does not show goes back to the queue, and where nobody could look the claim stays as it is.
 * `before`: claims older than this are nobody's any more.
 */
export async function recoverClaims(
  before: number,
  ports: DeliveryPorts,
  isWanted: (destinationKey: string) => boolean = () => true,
): Promise<Recovery> {
  const stale = (await ports.store.staleClaims(before)).filter((item) => isWanted(item.destinationKey));
  const open = heldBy(stale);
  const totals = { recognised: 0, requeued: 0, parked: 0, waiting: 0 };
  const until = new Map<string, number>();
  const work = async () => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const { came, items } = await recover(next, ports);
      totals[came.what] += items;
      if (came.what === 'waiting') until.set(next.items[0]?.destinationKey ?? '', came.until);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { ...totals, until };
}

function heldBy(items: readonly OutboxItem[]): Held[] {
  const groups = new Map<string, { claim: Claim; items: OutboxItem[] }>();
  for (const item of items) {
    if (item.claim === null) continue;
    const claim = claimOf(item.claim);
    const name = `${claim.base} ${item.destinationKey}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { claim, items: [item] });
    else {
      group.items.push(item);
      // A take-over that a crash cut short leaves two tokens of one claim.
      if (claim.lookups > group.claim.lookups) group.claim = claim;
    }
  }
  return [...groups.values()];
}

async function recover(held: Held, ports: DeliveryPorts): Promise<{ came: Came; items: number }> {
  const claim = takenOver(held.claim);
  const items = await ports.store.takeOver(held.items, claim.token, ports.clock.now());
  if (items.length === 0) return { came: { what: 'requeued' }, items: 0 };
  return { came: await settleTaken(items, claim, ports), items: items.length };
}
