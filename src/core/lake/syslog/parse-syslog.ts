import { parseRfc3164 } from './parse-rfc3164.ts';
import { parseRfc5424 } from './parse-rfc5424.ts';
import type { Received, SyslogMessage } from './syslog-message.ts';
import { matchAt } from './syslog-timestamp.ts';

/** Facility 23 times eight, plus severity 7. */
const LARGEST_PRI = 191;
const PRI = /<(\d{1,3})>/y;

/**
 * Reads one syslog line of RFC 5424, RFC 3164 or what devices make of it. Total and linear in the line's length: what is not understood
 * stays in `message`, which always is the line's end, without trailing line ends and NULs.
 * @example parseSyslog('<38>Jan  2 03:04:05 web1 sshd[812]: Invalid user x', { at }).hostname // 'web1'
 */
export function parseSyslog(line: string, received: Received): SyslogMessage {
  const text = trimmed(line);
  const pri = matchAt(PRI, text, 0);
  const value = Number(pri?.[1]);
  if (pri !== undefined && value > LARGEST_PRI) return { format: 'bare', zoneKnown: false, message: text };
  const start = pri?.[0].length ?? 0;
  const priority = pri === undefined ? {} : { facility: value >> 3, severity: value & 7 };
  return parseRfc5424(text, start, priority) ?? parseRfc3164(text, start, priority, received);
}

// A pattern that looks for the end of a run starts anew at each of its characters; this does not.
function trimmed(line: string): string {
  let end = line.length;
  while (end > 0 && '\r\n\0'.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(line.startsWith('\uFEFF') ? 1 : 0, Math.max(end, 0));
}
