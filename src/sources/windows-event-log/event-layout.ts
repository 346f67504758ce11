import type { EventColumn, Target } from './event-columns.ts';
import type { SystemName } from './windows-event.ts';

/** What one kind of event is in OCSF, and which of its values go to which column. Every other value stays in `unmapped`. */
export interface EventLayout {
  /** The event as the event viewer titles it. */
  readonly title: string;
  readonly class: number;
  readonly activity: number;
  /** For activity 99. */
  readonly activityName?: string;
  /** OCSF's status where the event is about something that happened; an audit's own word counts more. */
  readonly status?: 1 | 2;
  /** Which table the values `Status` and `SubStatus` are of. */
  readonly statusTable?: 'logon' | 'kerberos';
  /** By the name of the value. */
  readonly values: Readonly<Record<string, Target>>;
  readonly system?: Readonly<Partial<Record<SystemName, Target>>>;
  /** Columns that follow from the kind of event alone. */
  readonly fixed?: Readonly<Partial<Record<EventColumn, string>>>;
  /** Only where a value of the event is this; `ObjectType` may also be a registry key or a token. */
  readonly only?: readonly [name: string, value: string];
  /** Values that together are the path of the file. */
  readonly path?: readonly [folder: string, name: string];
  /** The activity follows from the access mask, where it says anything. */
  readonly activityFromMask?: true;
  /** A process that names no user of its own runs for the one who started it. */
  readonly runsAsActor?: true;
  /** Columns of which the class needs one of each group; an event without is a base event. */
  readonly needs?: readonly (readonly EventColumn[])[];
}

/** The classes of all layouts; a collector may put events of any channel into one file. */
export const windowsClasses = [
  'base_event',
  'file_activity',
  'kernel_extension',
  'module_activity',
  'process_activity',
  'account_change',
  'authentication',
  'authorize_session',
  'entity_management',
  'user_access',
  'group_management',
  'network_activity',
  'dns_activity',
] as const;
