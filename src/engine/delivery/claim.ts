import type { OutboxItem } from '#core/notification/outbox.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';

/**
 * What the token of a claim says. `base` stays when another worker takes the claim over: it is the idempotency key of a digest.
 * `lookups` counts how often somebody looked for its outcome.
 */
export type Claim = {
  readonly token: string;
  readonly base: string;
  readonly kind: 'single' | 'digest';
  readonly madeAt: number;
  readonly lookups: number;
};

type Held = NonNullable<OutboxItem['claim']>;

/** A claim for one message of its own, or for a digest. */
export function newClaim(kind: Claim['kind'], ports: Pick<DeliveryPorts, 'clock' | 'random'>): Claim {
  const madeAt = ports.clock.now();
  const base = `${kind}-${madeAt.toString(36)}-${ports.random.id()}`;
  return { token: base, base, kind, madeAt, lookups: 0 };
}

/** The claim an item is held by. */
export function claimOf({ token, at }: Held): Claim {
  const [base = token, lookups = '0'] = token.split('/');
  const [kind, time = ''] = base.split('-');
  const madeAt = Number.parseInt(time, 36);
  return {
    token,
    base,
    kind: kind === 'digest' ? 'digest' : 'single',
    madeAt: Number.isNaN(madeAt) ? at : Math.min(madeAt, at),
    lookups: Number(lookups) || 0,
  };
}

/** The same claim in the hands of whoever looks for its outcome. */
export function takenOver(claim: Claim): Claim {
  const lookups = claim.lookups + 1;
  return { ...claim, token: `${claim.base}/${lookups}`, lookups };
}
