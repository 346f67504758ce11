import { messageOf } from '#core/errors/yagura-error.ts';
import { clipped, escapeMrkdwn, section } from '#core/notification/block-kit.ts';
import {
  destinationLabel,
  destinationOfKey,
  destinationKey as keyOf,
  type Language,
} from '#core/notification/destination.ts';
import type { RoutingPolicy } from '#core/notification/policy.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { markTold, mustBeTold } from '#engine/delivery/refusals.ts';

type Parked = { readonly parked: number; readonly error: string };

const TURNS = 3;
const LONGEST_WAIT_MS = 5_000;

const NOTICE: Readonly<Record<Language, (where: string, parked: string, error: string) => string>> = {
  en: (where, parked, error) =>
    `📪 *Messages to ${where} cannot be delivered.* ${parked} parked; nothing is lost. Repair the destination, then re-send them under Delivery in the console.\n${error}`,
  ja: (where, parked, error) =>
    `📪 *${where} へメッセージを配信できません。* ${parked} 件を保留しました（失われたものはありません）。宛先を修復し、コンソールの「配信状況」から再送してください。\n${error}`,
};

/** Whom to tell that a destination is dead: the central team, where its Security Hub messages go. */
export function centralOf(policy: RoutingPolicy): Pick<DeliveryPorts, 'central'> {
  const { destinations, language } = policy.central;
  const destination = destinations.securityhub ?? Object.values(destinations)[0];
  return destination === undefined ? {} : { central: { destination, language } };
}

/** Tells the central team once that a destination is dead; what fails is tried again with the next message parked there. */
export async function tellOfDeadDestination(destinationKey: string, what: Parked, ports: DeliveryPorts): Promise<void> {
  const { central } = ports;
  if (central === undefined || keyOf(central.destination) === destinationKey) return;
  if (!(await mustBeTold(destinationKey, ports))) return;
  try {
    if (await post(central, destinationKey, what, ports)) await markTold(destinationKey, ports);
  } catch (thrown) {
    // Parking is done and shown; a notice that breaks must not undo it.
    logFailure(destinationKey, messageOf(thrown), ports);
  }
}

async function post(
  { destination, language }: NonNullable<DeliveryPorts['central']>,
  deadKey: string,
  { parked, error }: Parked,
  ports: DeliveryPorts,
): Promise<boolean> {
  const destinationKey = keyOf(destination);
  if (!(await hasTurn(destinationKey, ports.intervalMs(destination), ports))) {
    logFailure(deadKey, 'the central channel is busy', ports);
    return false;
  }
  const where = clipped(destinationLabel(destinationOfKey(deadKey)), 200, escapeMrkdwn);
  const text = NOTICE[language](where, String(parked), clipped(error, 1_000, escapeMrkdwn));
  const message = { text, blocks: [section(text)] };
  const id = `notice-${ports.random.id()}`;
  const result = await ports.chat.post({ destination, message, idempotencyKey: id });
  if (result.kind !== 'sent') {
    logFailure(deadKey, result.kind === 'busy' ? 'the central channel is busy' : result.error, ports);
    return false;
  }
  await ports.store.saveMessages([
    {
      ...{ id, destinationKey, destination, ...message },
      ...{ kind: 'notice', action: 'post', severity: 'HIGH', problemKeys: [] },
      ...{ inThreadOf: null, sentAt: ports.clock.now(), editedAt: null },
    },
  ]);
  return true;
}

async function hasTurn(destinationKey: string, intervalMs: number, ports: DeliveryPorts): Promise<boolean> {
  for (let turn = 0; turn < TURNS; turn++) {
    const taken = await ports.pacer.takeTurn(destinationKey, ports.clock.now(), intervalMs);
    if (taken.ready) return true;
    const wait = taken.at - ports.clock.now();
    if (wait > LONGEST_WAIT_MS) return false;
    await ports.sleeper.sleep(Math.max(wait, 1));
  }
  return false;
}

function logFailure(destinationKey: string, detail: string, ports: DeliveryPorts): void {
  ports.log({
    level: 'warn',
    message: 'the central team could not be told of a dead destination',
    destinationKey,
    detail,
  });
}
