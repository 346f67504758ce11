import { defineLogSource } from '#core/lake/source/log-source.ts';
import { windowsClasses } from './event-layout.ts';
import { windowsEvents } from './event-lines.ts';
import { windowsFields } from './event-row.ts';
import { isWindowsLog } from './recognise-windows.ts';

export const source = defineLogSource({
  id: 'windows.event-log',
  title: 'Windows event logs: Security, Sysmon and every other channel (System, Application, PowerShell)',
  vendor: 'Microsoft',
  classes: windowsClasses,
  profiles: ['cloud', 'host'],
  recognise: {
    key: /(?:^|[/_.-])(?:windows|winlogbeat|winevt|wineventlog|microsoftad)(?:[/_.-]|$)|windows.{0,20}event|aws[-/]fsx|sysmon/i,
    content: isWindowsLog,
  },
  decode: windowsEvents(),
  fields: windowsFields,
});
