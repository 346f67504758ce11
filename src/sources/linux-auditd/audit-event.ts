import type { AuditFields } from './audit-fields.ts';

/** All records of one event. */
export interface AuditEvent {
  /** Epoch ms. */
  readonly at: number;
  readonly time: string;
  readonly serial: string;
  readonly host: string | undefined;
  readonly received: number | undefined;
  readonly notes: Readonly<Record<string, string>>;
  readonly records: readonly AuditRecord[];
}

export interface AuditRecord extends AuditFields {
  readonly type: string;
}
