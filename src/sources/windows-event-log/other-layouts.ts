import type { EventLayout } from './event-layout.ts';

/** PowerShell tells its process and user, but no program. */
const scriptBlock: EventLayout = {
  title: 'Script block',
  class: 1007,
  activity: 99,
  activityName: 'Script Block',
  values: { ScriptBlockText: 'process_cmd' },
  system: { processId: 'process_pid', userId: 'actor_sid' },
  needs: [['process_pid']],
};

const serviceInstalled: EventLayout = {
  title: 'A service was installed in the system',
  class: 3004,
  activity: 1,
  status: 1,
  values: { ServiceName: 'entity_name' },
  fixed: { entity_type: 'Service' },
  needs: [['entity_name']],
};

const logCleared: EventLayout = {
  title: 'The log file was cleared',
  class: 3004,
  activity: 4,
  status: 1,
  values: { SubjectUserName: 'actor_name', SubjectDomainName: 'actor_domain', Channel: 'entity_name' },
  fixed: { entity_type: 'Event Log' },
  needs: [['entity_name']],
};

/** Events of other channels that have a class, by provider and number. */
export const otherLayouts: Readonly<Record<string, Readonly<Record<string, EventLayout>> | undefined>> = {
  'Microsoft-Windows-PowerShell': { '4104': scriptBlock },
  PowerShellCore: { '4104': scriptBlock },
  'Service Control Manager': { '7045': serviceInstalled },
  'Microsoft-Windows-Eventlog': { '104': logCleared },
};
