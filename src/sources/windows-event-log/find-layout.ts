import { securityTitles, sysmonTitles } from './base-titles.ts';
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

/** What a frequent base event is about, for events that come without their message. */
export function baseTitleOf({ system }: WindowsEvent): string | undefined {
  const { provider = '', channel = '', eventId = '' } = system;
  const titles = isSysmon(provider, channel) ? sysmonTitles : isSecurity(provider, channel) ? securityTitles : {};
  return Object.hasOwn(titles, eventId) ? titles[eventId] : undefined;
}

function isSecurity(provider: string, channel: string): boolean {
  return /security.auditing/i.test(provider) || channel === 'Security';
}

/** True for an event of Sysmon. */
export function isSysmon(provider: string | undefined, channel: string | undefined): boolean {
  return provider === 'Microsoft-Windows-Sysmon' || channel === 'Microsoft-Windows-Sysmon/Operational';
}

function layoutsOf(provider: string, channel: string): Readonly<Record<string, EventLayout>> | undefined {
  if (isSysmon(provider, channel)) return sysmonLayouts;
  if (isSecurity(provider, channel)) return securityLayouts;
  return Object.hasOwn(otherLayouts, provider) ? otherLayouts[provider] : undefined;
}
