import type { Observation, ProblemKey } from '#core/finding/observation.ts';
import type { Destination, Language } from '#core/notification/destination.ts';
import type { Reason } from '#core/notification/reason.ts';

export type ProblemStatus = 'open' | 'resolved' | 'suppressed';

/** A destination that was told of the current episode of a problem. */
export type Told = {
  readonly destination: Destination;
  readonly audience: 'team' | 'central' | 'route';
  readonly language: Language;
  readonly via: 'send' | 'digest';
  readonly reason: Reason;
  /** The problem version whose state was last queued for this destination. */
  readonly version: number;
};

/** Everything remembered about one problem. Written by the router only; delivery keeps its own record of threads. */
export type Problem = {
  readonly key: ProblemKey;
  /** Grows by one with every write; writers condition on it. */
  readonly version: number;
  readonly status: ProblemStatus;
  readonly observation: Observation;
  /** The origin whose severity is in force; other origins may raise it but not lower it. */
  readonly severityFrom: string;
  /** Hash of title, description and resources per origin, to tell a change from another wording. */
  readonly texts: Readonly<Record<string, string>>;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly resolvedAt: number | null;
  readonly timesSeen: number;
  /** Counts openings: 1 at first, 2 after it came back. */
  readonly episode: number;
  readonly told: Readonly<Record<string, Told>>;
  /** Team the message was routed by, kept for lists. */
  readonly team: string | null;
  /** Environment of the account when it was routed, kept for lists and filters. */
  readonly environment: string | null;
  readonly acknowledgedBy: string | null;
  readonly assignedTo: string | null;
  readonly exceptionId: string | null;
  /** Announcement of a new account: when the central team was last asked for its owner. */
  readonly ownerAskedAt?: number;
};

/** One line of a problem's history. */
export type HistoryEntry = {
  readonly at: number;
  readonly what:
    | 'opened'
    | 'updated'
    | 'resolved'
    | 'suppressed'
    | 'reopened'
    | 'acknowledged'
    | 'assigned'
    | 'exception-added'
    | 'exception-removed'
    | 'routed';
  readonly by: string;
  readonly detail: string;
};
