import { defineLogSource } from '#core/lake/source/log-source.ts';
import { windowsClasses } from '#core/lake/windows/event-layout.ts';
import { windowsEvents } from '#core/lake/windows/event-lines.ts';
import { windowsFields } from '#core/lake/windows/event-row.ts';
import { windowsProduct } from '#core/lake/windows/recognise-windows.ts';

export const source = defineLogSource({
  id: 'windows.security',
  title: 'Windows event logs: Security, and every other channel (System, Application, PowerShell)',
  vendor: 'Microsoft',
  classes: windowsClasses,
  profiles: ['cloud', 'host'],
  recognise: {
    key: /(?:^|[/_.-])(?:windows|winlogbeat|winevt|wineventlog|microsoftad)(?:[/_.-]|$)|windows.{0,20}event|aws[-/]fsx/i,
    content: (sample) => windowsProduct(sample) === 'windows',
  },
  decode: windowsEvents(),
  fields: windowsFields,
});
