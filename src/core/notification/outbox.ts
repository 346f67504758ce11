import type { ProblemKey } from '#core/finding/observation.ts';
import type { Severity } from '#core/finding/severity.ts';
import type { Destination, Language } from '#core/notification/destination.ts';
import type { Reason } from '#core/notification/reason.ts';

/** What a message does to the destination: a first message, a change of it, its end. */
export type MessageAction = 'post' | 'update' | 'resolve';

/**
 * `queued` waits for its turn (or its `dueAt`), `sending` is claimed by a worker whose outcome is not yet known,
 * `sent` reached the destination, `covered` was made needless by a later message of the same problem,
 * `parked` was given up after many tries and waits for a person.
 */
export type OutboxState = 'queued' | 'sending' | 'sent' | 'covered' | 'parked';

/** One thing to tell one destination; rendered when it is delivered, from the problem as it is then. */
export type OutboxItem = {
  /** Derived from problem, destination, version and action: writing it twice is writing it once. */
  readonly id: string;
  readonly destinationKey: string;
  readonly destination: Destination;
  readonly audience: 'team' | 'central' | 'route';
  readonly language: Language;
  readonly action: MessageAction;
  /** `digest` waits for `dueAt` and is merged with the others of that destination. */
  readonly mode: 'send' | 'digest';
  readonly problemKey: ProblemKey;
  readonly problemVersion: number;
  readonly episode: number;
  readonly severity: Severity;
  readonly reason: Reason;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly lastError: string | null;
  /** Set while `sending`: who claimed it and when, so that a claim left by a crash can be taken over. */
  readonly claim: { readonly token: string; readonly at: number } | null;
  /** The delivered message that carries it. */
  readonly messageId: string | null;
  readonly sentAt: number | null;
};

/** The thread that carries a problem at one destination. */
export type Thread = {
  readonly problemKey: ProblemKey;
  readonly destinationKey: string;
  readonly episode: number;
  readonly messageId: string;
  /** Slack's channel id and message timestamp; null where the destination gives none. */
  readonly channelId: string | null;
  readonly ts: string | null;
  /** A digest carries many problems and cannot be edited for one of them. */
  readonly merged: boolean;
  readonly problemVersion: number;
};

/** A message as it was delivered, for the console's feed. */
export type DeliveredMessage = {
  readonly id: string;
  readonly destinationKey: string;
  readonly destination: Destination;
  readonly kind: 'finding' | 'digest' | 'reply' | 'notice';
  readonly action: MessageAction;
  readonly severity: Severity;
  readonly problemKeys: readonly ProblemKey[];
  readonly text: string;
  readonly blocks: readonly unknown[];
  /** Set for an answer in a thread: the message it answers. */
  readonly inThreadOf: string | null;
  readonly sentAt: number;
  readonly editedAt: number | null;
};
