import { defineLogSource } from '#core/lake/source/log-source.ts';
import { windowsClasses } from '#core/lake/windows/event-layout.ts';
import { windowsEvents } from '#core/lake/windows/event-lines.ts';
import { windowsFields } from '#core/lake/windows/event-row.ts';
import { windowsProduct } from '#core/lake/windows/recognise-windows.ts';

export const source = defineLogSource({
  id: 'windows.sysmon',
  title: 'Sysmon: processes, network connections, files, modules and DNS queries of Windows hosts',
  vendor: 'Microsoft',
  classes: windowsClasses,
  profiles: ['cloud', 'host'],
  recognise: {
    key: /sysmon/i,
    content: (sample) => windowsProduct(sample) === 'sysmon',
  },
  decode: windowsEvents(),
  fields: windowsFields,
});
