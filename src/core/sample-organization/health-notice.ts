export type HealthEntity = {
  readonly value: string;
  readonly status: 'IMPAIRED' | 'UNIMPAIRED' | 'PENDING' | 'RESOLVED' | 'UNKNOWN';
};

/** One communication about a Health event. */
export type HealthUpdate = {
  readonly at: number;
  readonly status: 'open' | 'upcoming' | 'closed';
  readonly startsAt: number;
  readonly endsAt?: number;
  readonly text: string;
  readonly entities: readonly HealthEntity[];
  readonly perPage?: number;
  readonly beat: string | null;
};

/** One AWS Health event for one account, or for nobody in particular. */
export type HealthNotice = {
  readonly key: string;
  readonly service: string;
  readonly typeCode: string;
  readonly category: 'issue' | 'scheduledChange' | 'accountNotification';
  readonly region: string;
  /** The affected account; null for a public event. */
  readonly account: string | null;
  readonly isAbuse: boolean;
  readonly hasBackupCopy: boolean;
  readonly actionability: 'ACTION_REQUIRED' | 'ACTION_MAY_BE_REQUIRED' | 'INFORMATIONAL';
  readonly personas: readonly ('OPERATIONS' | 'SECURITY' | 'BILLING')[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly updates: readonly HealthUpdate[];
};
