import type { Destination } from '#core/notification/destination.ts';
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
};

export type DeliveryLog = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly destinationKey: string;
  readonly detail?: string;
};

/** What one turn of one destination came to. */
export type Turn =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'delivered'; readonly items: number }
  | { readonly kind: 'parked'; readonly items: number };

export const DELIVERY_LIMITS = {
  /** A queue that would take more than a minute is merged. */
  burstItems: 60,
  /** Items taken for one digest; what one message does not hold goes back. */
  digestItems: 200,
  /** Refusals (deleted channel, revoked token) before the destination is parked. */
  rejections: 5,
  /** An unreachable destination is tried for a day. */
  giveUpAfterMs: 86_400_000,
  backoffBaseMs: 2_000,
  backoffMaxMs: 300_000,
} as const;
