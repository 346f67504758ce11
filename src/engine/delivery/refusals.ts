import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';

/** How a destination refused what came last: remembered per destination, so that a dead one costs neither each item nor each worker its own tries. */
type Refusals = { readonly count: number; readonly lastAt: number; readonly toldAt: number | null };

/** After an hour without a refusal a destination is given all its tries again. */
const FORGET_MS = 3_600_000;
const TELL_AGAIN_MS = 86_400_000;
const NONE: Refusals = { count: 0, lastAt: 0, toldAt: null };

/** Counts a refusal; how many there were in a row. */
export async function countRefusal(destinationKey: string, ports: DeliveryPorts): Promise<number> {
  const known = await read(destinationKey, ports);
  const now = ports.clock.now();
  const count = now - known.lastAt > FORGET_MS ? 1 : known.count + 1;
  await write(destinationKey, { ...known, count, lastAt: now }, ports);
  return count;
}

/** The destination took a message again. */
export async function forgetRefusals(destinationKey: string, ports: DeliveryPorts): Promise<void> {
  const known = await read(destinationKey, ports);
  if (known.count > 0 || known.toldAt !== null) await write(destinationKey, NONE, ports);
}

/** True when nobody was told in the last day that this destination is dead. */
export async function mustBeTold(destinationKey: string, ports: DeliveryPorts): Promise<boolean> {
  const { toldAt } = await read(destinationKey, ports);
  return toldAt === null || ports.clock.now() - toldAt > TELL_AGAIN_MS;
}

export async function markTold(destinationKey: string, ports: DeliveryPorts): Promise<void> {
  await write(destinationKey, { ...(await read(destinationKey, ports)), toldAt: ports.clock.now() }, ports);
}

function nameOf(destinationKey: string): string {
  return `refused.${destinationKey}`;
}

async function read(destinationKey: string, { store }: DeliveryPorts): Promise<Refusals> {
  const stored = await store.setting(nameOf(destinationKey));
  // Written below, nowhere else.
  return stored === undefined ? NONE : (JSON.parse(stored) as Refusals);
}

async function write(destinationKey: string, refusals: Refusals, { store }: DeliveryPorts): Promise<void> {
  await store.putSetting(nameOf(destinationKey), JSON.stringify(refusals));
}
