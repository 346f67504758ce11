import type { EventLayout } from './event-layout.ts';
import { otherLayouts } from './other-layouts.ts';
import { securityLayouts } from './security-layouts.ts';
import { sysmonLayouts } from './sysmon-layouts.ts';
import type { WindowsEvent } from './windows-event.ts';

/** The layout of an event; undefined for a base event. */
export function layoutOf({ system, data }: WindowsEvent): EventLayout | undefined {
  const { provider = '', channel = '', eventId = '' } = system;
  const layouts = layoutsOf(provider, channel);
  const layout = layouts !== undefined && Object.hasOwn(layouts, eventId) ? layouts[eventId] : undefined;
  const [name, value] = layout?.only ?? [];
  return name === undefined || data[name] === value ? layout : undefined;
}

/** True for an event of Sysmon. */
export function isSysmon(provider: string | undefined, channel: string | undefined): boolean {
  return provider === 'Microsoft-Windows-Sysmon' || channel === 'Microsoft-Windows-Sysmon/Operational';
}

function layoutsOf(provider: string, channel: string): Readonly<Record<string, EventLayout>> | undefined {
  if (isSysmon(provider, channel)) return sysmonLayouts;
  if (/security.auditing/i.test(provider) || channel === 'Security') return securityLayouts;
  return Object.hasOwn(otherLayouts, provider) ? otherLayouts[provider] : undefined;
}
