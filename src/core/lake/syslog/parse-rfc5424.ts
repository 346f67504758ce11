import { structuredDataAt } from './structured-data.ts';
import type { SyslogMessage } from './syslog-message.ts';
import { isoTimeAt } from './syslog-timestamp.ts';

export type Priority = { readonly facility?: number; readonly severity?: number };

/** The byte order mark, also as it looks in a message that had to be read as Latin-1. */
const BYTE_ORDER_MARKS = ['\uFEFF', '\u00EF\u00BB\u00BF'];

/** Reads RFC 5424 after its priority; undefined when the header is another one. */
export function parseRfc5424(text: string, start: number, priority: Priority): SyslogMessage | undefined {
  if (!text.startsWith('1 ', start)) return undefined;
  const time = headTime(text, start + 2, priority);
  if (time === undefined) return undefined;
  const fields = fieldsAt(text, time.end);
  if (fields === undefined) return undefined;
  const [hostname, appName, procId, msgId] = fields.values;
  const rest = restAt(text, fields.end);
  return {
    format: 'rfc5424',
    ...priority,
    ...time.said,
    ...present('hostname', hostname),
    ...present('appName', appName),
    ...present('procId', procId),
    ...present('msgId', msgId),
    ...rest,
  };
}

type HeadTime = {
  readonly end: number;
  readonly said: Pick<SyslogMessage, 'timestamp' | 'timestampText' | 'zoneKnown'>;
};

function headTime(text: string, position: number, priority: Priority): HeadTime | undefined {
  // Without a priority and a time the line could be anything.
  if (text.startsWith('- ', position) && priority.severity !== undefined)
    return { end: position + 1, said: { zoneKnown: false } };
  const found = isoTimeAt(text, position, 'T');
  if (found === undefined) return undefined;
  const { end, ...said } = found;
  return text[end] === ' ' ? { end, said } : undefined;
}

/** HOSTNAME, APP-NAME, PROCID and MSGID; longer ones than the RFC allows are taken as they are. */
function fieldsAt(
  text: string,
  position: number,
): { readonly end: number; readonly values: readonly string[] } | undefined {
  const values: string[] = [];
  let at = position;
  for (let field = 0; field < 4; field += 1) {
    const from = at + 1;
    const space = text.indexOf(' ', from);
    if (space === -1) return undefined;
    values.push(text.slice(from, space));
    at = space;
  }
  return { end: at + 1, values };
}

function restAt(text: string, position: number): Pick<SyslogMessage, 'structuredData' | 'message'> {
  if (text[position] === '-' && isEndOrSpace(text, position + 1)) return { message: messageAt(text, position + 1) };
  const found = structuredDataAt(text, position);
  // Some senders leave structured data out altogether; broken one is kept as text.
  if (found === undefined) return { message: text.slice(position) };
  return { structuredData: found.elements, message: messageAt(text, found.end) };
}

function messageAt(text: string, position: number): string {
  const from = text[position] === ' ' ? position + 1 : position;
  const mark = BYTE_ORDER_MARKS.find((one) => text.startsWith(one, from)) ?? '';
  return text.slice(from + mark.length);
}

function isEndOrSpace(text: string, position: number): boolean {
  return position >= text.length || text[position] === ' ';
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  // What a computed key holds is wider than TypeScript can say.
  return value === undefined || value === '-' || value === '' ? {} : ({ [key]: value } as { [P in K]: string });
}
