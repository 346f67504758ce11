import type { Destination, Language } from '#core/notification/destination.ts';
import type { Links } from '#core/notification/message-input.ts';
import type { Directory } from '#core/organization/directory.ts';
import type { Chat } from '#ports/chat.ts';
import type { Clock, Random, Sleeper } from '#ports/clock.ts';
import type { Pacer } from '#ports/pacer.ts';
import type { Renderer } from '#ports/renderer.ts';
import type { StateStore } from '#ports/state-store.ts';

export type DeliveryPorts = {
  readonly store: StateStore;
  readonly chat: Chat;
  readonly renderer: Renderer;
  readonly clock: Clock;
  readonly sleeper: Sleeper;
  readonly random: Random;
  readonly pacer: Pacer;
  readonly directory: () => Directory;
  readonly links: Links;
  /** Ms between two messages to one destination: 1,000 for Slack, 0 for the console feed. */
  readonly intervalMs: (destination: Destination) => number;
  readonly log: (event: DeliveryLog) => void;
  /** Who is told when a destination is dead; nobody when absent. */
  readonly central?: { readonly destination: Destination; readonly language: Language };
};

export type DeliveryLog = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly destinationKey: string;
  readonly detail?: string;
};

/**
 * What one turn of one destination came to. `delivered` says from when on the next message may go. `unsettled`: a message may have
 * arrived, its claim stays open and holds back what follows; `recoverClaims` looks for it at `until`.
 */
export type Turn =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'unsettled'; readonly until: number }
  | { readonly kind: 'delivered'; readonly items: number; readonly nextAt?: number }
  | { readonly kind: 'parked'; readonly items: number };

export const DELIVERY_LIMITS = {
  /** A queue that would take more than a minute is merged. */
  burstItems: 60,
  /** Items taken for one digest; what one message does not hold goes back. */
  digestItems: 150,
  /** Refusals in a row (deleted channel, revoked token) before the destination is parked. */
  refusals: 5,
  /** Tries at an unreachable destination before it is parked: about a day with the longest pause between them. */
  unreachable: 300,
  backoffBaseMs: 2_000,
  backoffMaxMs: 300_000,
  /** How long after a lost answer Slack is asked whether the message arrived. */
  lookAfterMs: 2_000,
  /** A message is not sent under a claim older than this: another worker may be about to take it over. */
  holdMs: 60_000,
} as const;

/** The pause after so many failures in a row, with some chance in it so that workers do not come back all at once. */
export function backoffMs(failures: number, ports: Pick<DeliveryPorts, 'random'>): number {
  const exponential = DELIVERY_LIMITS.backoffBaseMs * 2 ** Math.min(failures, 12);
  return Math.round(Math.min(exponential, DELIVERY_LIMITS.backoffMaxMs) * (0.75 + ports.random.next() / 2));
}
