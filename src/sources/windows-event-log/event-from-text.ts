import type { RecordTrouble } from '#core/lake/source/log-source.ts';
import type { WindowsEvent } from './windows-event.ts';

const agentText =
  /^\[([^\]\n]{1,255})\] \[(\w{1,40})\] \[(\d{1,10})\] \[([^\]\n]{1,255})\] \[([^\]\n]{0,255})\] \[(.*)\]\s*$/s;

/** Reads `[channel] [level] [number] [provider] [computer] [message]`, which the CloudWatch agent writes unless it is told to write XML. */
export function eventFromText(text: string): WindowsEvent | RecordTrouble {
  const [, channel, level, eventId, provider, computer, message] = agentText.exec(text) ?? [];
  if (channel === undefined || level === undefined || eventId === undefined || provider === undefined)
    return { reason: 'event.unknown', detail: 'the log event is neither an XML, JSON nor text event of Windows' };
  return {
    system: { channel, level, eventId, provider, ...(computer ? { computer } : {}) },
    data: {},
    dataLabel: 'EventData',
    others: {},
    ...(message === undefined ? {} : { message }),
  };
}
