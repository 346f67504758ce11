import type { Priority } from './parse-rfc5424.ts';
import type { Received, SyslogMessage } from './syslog-message.ts';
import { bsdTimeAt, epochTimeAt, type FoundTime, isoTimeAt, matchAt } from './syslog-timestamp.ts';

// All sticky and bounded, so that no line costs more than a few looks at its head.
const SPACES = / {0,8}/y;
const EMBLEM_COLON = /: ?/y;
const SEQUENCE = /(\d{1,10}): {1,2}/y;
const ORIGIN = /([\w./-]{1,255}): ?/y;
const UPTIME = /(?:\d{1,4}:\d\d:\d\d|\d{1,4}[yw]\d{1,4}[wd]|\d{1,4}d\d{1,4}h): (?=%)/y;
const FORWARDED = /Message forwarded from ([^\s:]{1,255}): /y;
const HOST_BEFORE_MNEMONIC = /([\w.-]{1,255}) ?: (?=%[A-Z])/y;
const HOSTNAME = /(?!last message repeated )([A-Za-z0-9_][\w.:@/%-]{0,254})(?<!:) /y;
const MNEMONIC = /%([A-Za-z][\w-]{0,99}) ?:(?= |$)/y;
// CEF and LEEF begin like a tag, and a number alone is Cisco's.
const TAG =
  /(?!\d{1,128}[:[])(?!(?:CEF|LEEF):)([^\s[\]:=|,;"<>{}]{1,128})(?:\[([^\]\s]{1,128})\]: ?|\[(\d{1,10})\] |:(?: |$))/y;

/** Reads RFC 3164 after its priority, with the liberties that it documents and that devices take. */
export function parseRfc3164(text: string, start: number, priority: Priority, received: Received): SyslogMessage {
  const hasPriority = priority.severity !== undefined;
  const head = headAt(text, start, hasPriority, received);
  if (head === undefined && !hasPriority)
    return { format: 'bare', ...contentAt(text, start, 'bare'), zoneKnown: false };
  if (head === undefined) {
    const from = skipped(SPACES, text, start);
    return { format: 'rfc3164', zoneKnown: false, ...contentAt(text, from, 'tag'), ...priority };
  }
  const { end, hostname, ...said } = head;
  const place = hostname === undefined ? hostAt(text, end) : { end: afterTime(text, end), hostname };
  return {
    format: 'rfc3164',
    ...said,
    ...(place.hostname === undefined ? {} : { hostname: place.hostname }),
    ...contentAt(text, place.end, 'tag'),
    ...priority,
  };
}

type Head = Pick<SyslogMessage, 'timestamp' | 'timestampText' | 'zoneKnown' | 'sequence' | 'hostname'> & {
  readonly end: number;
};

/** What stands before the host and the tag: Cisco's colon, numbers, origin and marks, and the time. */
function headAt(text: string, start: number, hasPriority: boolean, received: Received): Head | undefined {
  let at = skipped(SPACES, text, start);
  if (hasPriority) at = skipped(EMBLEM_COLON, text, at);
  at = skipped(SPACES, text, at);
  const numbered = sequenceAt(text, at);
  const sequence = numbered.sequence === undefined ? {} : { sequence: numbered.sequence };
  const time = timeAt(text, numbered.end, hasPriority, received);
  if (time !== undefined) return { ...time, ...sequence };
  const uptime = matchAt(UPTIME, text, numbered.end);
  if (uptime !== undefined) {
    const timestampText = uptime[0].slice(0, -2);
    return { end: numbered.end + timestampText.length, timestampText, zoneKnown: false, ...sequence };
  }
  const isNumbered = numbered.sequence !== undefined;
  if (isNumbered && matchAt(MNEMONIC, text, numbered.end) !== undefined)
    return { end: numbered.end, zoneKnown: false, ...sequence };
  const origin = matchAt(ORIGIN, text, numbered.end);
  if (origin?.[1] === undefined) return undefined;
  const later = timeAt(text, numbered.end + origin[0].length, hasPriority, received);
  // Without Cisco's number or mnemonic this may as well be a program that logs a time.
  if (later === undefined || !(isNumbered || matchAt(MNEMONIC, text, afterTime(text, later.end)) !== undefined))
    return undefined;
  return { ...later, ...sequence, hostname: origin[1] };
}

/** A message count and a sequence number may both be there; the last is the device's own. */
function sequenceAt(text: string, position: number): { readonly end: number; readonly sequence?: string } {
  const first = matchAt(SEQUENCE, text, position);
  if (first?.[1] === undefined) return { end: position };
  const end = position + first[0].length;
  const second = matchAt(SEQUENCE, text, end);
  return second?.[1] === undefined
    ? { end, sequence: first[1] }
    : { end: end + second[0].length, sequence: `${first[1]}: ${second[1]}` };
}

function timeAt(text: string, position: number, hasPriority: boolean, received: Received): FoundTime | undefined {
  // RFC 5424's version, of a header that goes on otherwise.
  const from = hasPriority && text.startsWith('1 ', position) ? position + 2 : position;
  const epoch = hasPriority ? epochTimeAt(text, from) : undefined;
  if (epoch !== undefined) return epoch;
  // `*`: the device's clock was never set; `.`: it lost its time server.
  const mark = text[from] === '*' || text[from] === '.' ? text.charAt(from) : '';
  const start = from + mark.length;
  // A date, a space and a time begin every other application log: without a priority they say nothing.
  const found = isoTimeAt(text, start, hasPriority ? 'T or space' : 'T') ?? bsdTimeAt(text, start, received);
  return found === undefined ? undefined : { ...found, timestampText: mark + found.timestampText };
}

function hostAt(text: string, position: number): { readonly end: number; readonly hostname?: string } {
  const from = afterTime(text, position);
  // A colon right after the time is Cisco's, which then names no host.
  if (text[position] === ':') return { end: from };
  for (const pattern of [FORWARDED, HOST_BEFORE_MNEMONIC, HOSTNAME]) {
    const found = matchAt(pattern, text, from);
    if (found?.[1] !== undefined) return { end: skipped(SPACES, text, from + found[0].length), hostname: found[1] };
  }
  return { end: from };
}

function afterTime(text: string, position: number): number {
  return skipped(SPACES, text, text[position] === ':' ? position + 1 : position);
}

type Content = Pick<SyslogMessage, 'message' | 'appName' | 'procId' | 'msgId' | 'severity'>;

function contentAt(text: string, position: number, head: 'tag' | 'bare'): Content {
  const mnemonic = matchAt(MNEMONIC, text, position)?.[1];
  const severity = mnemonic === undefined ? undefined : /-([0-7])-/.exec(mnemonic)?.[1];
  if (mnemonic !== undefined && severity !== undefined)
    return { msgId: mnemonic, severity: Number(severity), message: text.slice(position) };
  const tag = head === 'tag' ? matchAt(TAG, text, position) : undefined;
  if (tag?.[1] === undefined) return { message: text.slice(position) };
  const procId = tag[2] ?? tag[3];
  return {
    appName: tag[1],
    ...(procId === undefined ? {} : { procId }),
    message: text.slice(position + tag[0].length),
  };
}

function skipped(pattern: RegExp, text: string, position: number): number {
  return position + (matchAt(pattern, text, position)?.[0].length ?? 0);
}
