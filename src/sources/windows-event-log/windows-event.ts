import type { NamedValues } from '#core/lake/text/named-values.ts';

/** What Windows itself says of an event, by the names that `unmapped` has for it: those of the XML form. */
export const systemLabels = {
  provider: 'System.Provider.Name',
  providerGuid: 'System.Provider.Guid',
  eventId: 'System.EventID',
  qualifiers: 'System.EventID.Qualifiers',
  version: 'System.Version',
  level: 'System.Level',
  task: 'System.Task',
  opcode: 'System.Opcode',
  keywords: 'System.Keywords',
  time: 'System.TimeCreated.SystemTime',
  recordId: 'System.EventRecordID',
  activityId: 'System.Correlation.ActivityID',
  relatedActivityId: 'System.Correlation.RelatedActivityID',
  processId: 'System.Execution.ProcessID',
  threadId: 'System.Execution.ThreadID',
  channel: 'System.Channel',
  computer: 'System.Computer',
  userId: 'System.Security.UserID',
} as const;

export type SystemName = keyof typeof systemLabels;

/** One event, in whichever form it came. */
export interface WindowsEvent {
  readonly system: Readonly<Partial<Record<SystemName, string>>>;
  /** The values of the event itself, by their names. */
  readonly data: NamedValues;
  /** What names the values in `unmapped`. */
  readonly dataLabel: 'EventData' | 'UserData';
  /** The text that the event viewer shows. */
  readonly message?: string;
  /** What is neither, by the names it has in `unmapped`. */
  readonly others: NamedValues;
}

/** Who brought an event, and what is known by that. */
export interface Carrier {
  /** ISO 8601 with its zone: for events whose own time has none. */
  readonly time?: string;
  /** When the syslog listener received it, epoch ms. */
  readonly received?: number;
  /** Who sent it, for events that do not name their host. */
  readonly host?: string;
  readonly account?: string;
  readonly region?: string;
  readonly instance?: string;
  readonly others: NamedValues;
}
