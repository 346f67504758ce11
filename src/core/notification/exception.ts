import type { ProblemKey } from '#core/finding/observation.ts';

export const MAX_EXCEPTION_DAYS = 90;

/** What an accepted risk covers: all given fields must match; at least one is given. */
export type ExceptionScope = {
  readonly problemKey?: ProblemKey;
  /** Control id, GuardDuty type or Health event type code. */
  readonly type?: string;
  readonly accountId?: string;
  /** Exact resource id, or a prefix ending in `*`. */
  readonly resource?: string;
  readonly team?: string;
};

/** An accepted risk: silences, is counted, and ends. */
export type Exception = {
  readonly id: string;
  readonly scope: ExceptionScope;
  readonly reason: string;
  readonly owner: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly removedAt: number | null;
  readonly removedBy: string | null;
  /** How many events it silenced. */
  readonly silenced: number;
};
