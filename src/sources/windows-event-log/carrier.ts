import { parseSyslog } from '#core/lake/syslog/parse-syslog.ts';
import type { SyslogMessage } from '#core/lake/syslog/syslog-message.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { type KeyPlace, placeInKey } from '#core/lake/text/key-place.ts';
import { collectNames } from '#core/lake/text/named-values.ts';
import type { OpenedLine } from '#core/lake/text/opened-line.ts';
import { addLeaves } from './event-from-json.ts';
import type { Carrier } from './windows-event.ts';

/** Nobody put anything around the event. */
export const noCarrier: Carrier = { others: {} };

/** What a syslog header in front of an event says. */
export function carrierOfHead(head: string, opened: OpenedLine, receivedAt: number): Carrier {
  const text = withoutFrame(head).trim();
  if (text === '') return carrierOfLine(opened);
  // A header alone ends where its message would begin.
  return carrierOfSyslog(parseSyslog(`${text} -`, { at: receivedAt }), text, opened);
}

/** The same, where the whole message was read. */
export function carrierOfSyslog(syslog: SyslogMessage, header: string, opened: OpenedLine): Carrier {
  const line = carrierOfLine(opened);
  const isExact = syslog.timestamp !== undefined && syslog.zoneKnown;
  return {
    ...line,
    ...(isExact && syslog.timestamp !== undefined ? { time: new Date(syslog.timestamp).toISOString() } : {}),
    ...(syslog.hostname === undefined ? {} : { host: syslog.hostname }),
    others: { ...line.others, 'syslog.header': header },
  };
}

/** What the syslog listener wrote down of a line. */
export function carrierOfLine({ received, notes }: OpenedLine): Carrier {
  if (received === undefined) return Object.keys(notes).length === 0 ? noCarrier : { others: notes };
  return { received, others: notes };
}

/** Removes the declaration of XML and the element around all events. */
export function withoutFrame(text: string): string {
  return text.replace(/<\?xml[^<>]{0,200}\?>|<\/?Events(?:\s[^<>]{0,1000})?>/g, '');
}

const instanceId = /(?:^|[/_])(i-[0-9a-f]{8}(?:[0-9a-f]{9})?)(?:$|[/_.])/;

/** What a log event of CloudWatch Logs says beside its message, with the envelope of its subscription. */
export function carrierOfLogs(logs: JsonObject, key: string): Carrier {
  const { timestamp, owner, logStream } = logs;
  const time = typeof timestamp === 'number' ? new Date(timestamp) : undefined;
  const others = collectNames();
  addLeaves(logs, 'cloudwatch', others);
  const instance = typeof logStream === 'string' ? instanceId.exec(logStream)?.[1] : undefined;
  const place: KeyPlace = placeInKey(key);
  const account = typeof owner === 'string' && /^\d{12}$/.test(owner) ? owner : place.account;
  return {
    ...(time === undefined || Number.isNaN(time.getTime()) ? {} : { time: time.toISOString() }),
    ...(account === undefined ? {} : { account }),
    ...(place.region === undefined ? {} : { region: place.region }),
    ...(instance === undefined ? {} : { instance }),
    others: others.values,
  };
}

/** True for a log event of CloudWatch Logs: its message, and when it was. */
export function isLogEvent(record: JsonObject): record is JsonObject & { readonly message: string } {
  const { message, timestamp, id } = record;
  return typeof message === 'string' && typeof timestamp === 'number' && (id === undefined || typeof id === 'string');
}

/** The messages of a log subscription's document. */
export function logEventsOf(record: JsonObject): readonly JsonObject[] | undefined {
  const { logEvents } = record;
  return Array.isArray(logEvents) ? logEvents.filter(isJsonObject) : undefined;
}
