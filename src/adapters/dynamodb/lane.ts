import { keyPart, laneItemKey } from './keys.ts';
import type { Item, Update } from './requests.ts';

/**
 * A lane counts the claimed rows of one destination; while there is one, nobody else claims. Every row that starts or stops being
 * `sending` changes the count in the same transaction, so it is right after any crash and needs no expiry of its own: a claim
 * that was left behind shows in its rows, and whoever takes the rows over closes it.
 */
const names = { '#open': 'open', '#token': 'token' };

/** True while some row of the destination is claimed. */
export function isOpen(lane: Item | undefined): boolean {
  return Number(lane?.['open'] ?? 0) > 0;
}

/** Opens a claim of `count` rows; fails while another is open. */
export function laneOpened(destinationKey: string, count: number, token: string): Update {
  return {
    kind: 'update',
    key: laneItemKey(destinationKey),
    update: 'SET #open = :count, #token = :token',
    condition: 'attribute_not_exists(#open) OR #open <= :none',
    names,
    values: { ':count': count, ':token': keyPart(token), ':none': 0 },
  };
}

/** Adds `count` rows to the claim that is open; fails when it was settled or taken over. */
export function laneGrown(destinationKey: string, count: number, token: string): Update {
  return {
    kind: 'update',
    key: laneItemKey(destinationKey),
    update: 'ADD #open :count',
    condition: '#token = :token AND #open > :none',
    names,
    values: { ':count': count, ':token': keyPart(token), ':none': 0 },
  };
}

/** Names the new holder of a claim that was taken over. */
export function laneMoved(destinationKey: string, token: string): Update {
  return {
    kind: 'update',
    key: laneItemKey(destinationKey),
    update: 'SET #token = :token',
    names: { '#token': 'token' },
    values: { ':token': keyPart(token) },
  };
}

/** Takes `count` settled rows off. */
export function laneShrunk(destinationKey: string, count: number): Update {
  return {
    kind: 'update',
    key: laneItemKey(destinationKey),
    update: 'ADD #open :less',
    names: { '#open': 'open' },
    values: { ':less': -count },
  };
}
