import type { DecodeContext } from '#core/lake/source/log-source.ts';
import { parseSyslog } from '#core/lake/syslog/parse-syslog.ts';
import type { SyslogMessage } from '#core/lake/syslog/syslog-message.ts';
import { openedLine } from './opened-line.ts';

/** A line that an appliance sent by syslog, taken apart into its head and its message. */
export interface DeviceLine {
  /** What follows the head; the whole line where there is none. */
  readonly message: string;
  readonly head: SyslogMessage;
  /** When the syslog listener received it, epoch ms; unknown for a line of a file. */
  readonly received?: number;
  /** `address:port` of the sender, where the listener knows it. */
  readonly from?: string;
  /** What head and listener say, for the row's key `syslog`. */
  readonly notes: Readonly<Record<string, string | number>>;
}

/** When something happened, epoch ms, with the zone's distance from UTC in minutes where it is known. */
export interface PlacedTime {
  readonly at: number;
  readonly offset?: number;
}

const minute = 60_000;
/** All zones are whole quarters of an hour away from UTC, between these. */
const quarter = 15;
const farthest = { west: -12 * 60, east: 14 * 60 };
/** A device's clock may differ from ours, and a message takes its time, by this much. */
const clockDifference = 2 * minute;

/** Reads the syslog head of a line, also of one that the syslog listener spooled. */
export function deviceLine(line: string, context: DecodeContext): DeviceLine {
  const { text, received, from, notes } = openedLine(line);
  const head = parseSyslog(text, { at: received ?? context.receivedAt });
  return {
    message: head.message,
    head,
    ...(received === undefined ? {} : { received }),
    ...(from === undefined ? {} : { from }),
    notes: { ...headNotes(head), ...listenerNotes(notes) },
  };
}

function headNotes(head: SyslogMessage): Record<string, string | number> {
  const { facility, severity, timestampText, hostname, appName, procId, msgId, sequence } = head;
  const said = { facility, severity, time: timestampText, hostname, appName, procId, msgId, sequence };
  const notes = Object.entries(said).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return Object.fromEntries(notes);
}

function listenerNotes(notes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(notes).map(([name, value]) => [name.replace(/^syslog\./, ''), value]));
}

/**
 * Places a time that a device wrote without its zone. A known instant close by shows the zone: the listener's, or that of a
 * head with a zone. Otherwise the head's own zone is taken, and without one UTC.
 * @param local the time as if it were UTC, epoch ms
 */
export function placedTime(local: number, line: DeviceLine): PlacedTime {
  const written = offsetOfHead(line.head);
  const known = line.head.zoneKnown ? line.head.timestamp : undefined;
  const shown = offsetShownBy(local, line.received) ?? offsetShownBy(local, known) ?? written;
  return shown === undefined ? { at: local } : { at: local - shown * minute, offset: shown };
}

/** When a line was sent by its head, else when the listener received it. */
export function headTime(line: DeviceLine): PlacedTime | undefined {
  const { timestamp, zoneKnown } = line.head;
  if (timestamp === undefined) return line.received === undefined ? undefined : { at: line.received };
  if (!zoneKnown) return placedTime(timestamp, line);
  const offset = offsetOfHead(line.head);
  return { at: timestamp, ...(offset === undefined ? {} : { offset }) };
}

function offsetShownBy(local: number, instant: number | undefined): number | undefined {
  if (instant === undefined) return undefined;
  const offset = Math.round((local - instant) / minute / quarter) * quarter;
  if (offset < farthest.west || offset > farthest.east) return undefined;
  return Math.abs(local - instant - offset * minute) <= clockDifference ? offset : undefined;
}

/** Minutes of a head's `+09:00`; its `Z` is what relays write, and says nothing of the device. */
function offsetOfHead(head: SyslogMessage): number | undefined {
  const found = head.zoneKnown ? /([+-])(\d\d):?(\d\d)$/.exec(head.timestampText ?? '') : null;
  if (found === null) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === '-' ? -minutes : minutes;
}

/** Minutes of `+0900`, `-05:00` or `Z`; undefined for any other text. */
export function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === 'Z') return 0;
  const found = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)$/.exec(zone ?? '');
  if (found === null) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  if (minutes > 18 * 60) return undefined;
  return found[1] === '-' ? -minutes : minutes;
}

/** A placed time as a row has it: text of the instant in UTC, and the offset. */
export function timeColumns(time: PlacedTime | undefined): { readonly at?: string; readonly offset?: number } {
  if (time === undefined || !Number.isFinite(time.at) || Math.abs(time.at) > 8.64e15) return {};
  return { at: new Date(time.at).toISOString(), ...(time.offset === undefined ? {} : { offset: time.offset }) };
}
