import type { DecodeContext } from '#core/lake/source/log-source.ts';
import { parseSyslog } from './parse-syslog.ts';
import type { SyslogMessage } from './syslog-message.ts';

/** A syslog message with the peer that sent it, where the listener wrote it down. */
export type SyslogLine = SyslogMessage & {
  /** `address:port` of the sender. */
  readonly from?: string;
  /** When it was received, epoch ms. */
  readonly receivedAt: number;
};

/** Reads a line of a syslog file, or one that the syslog listener spooled as JSON with time and sender. */
export function readSyslogLine(line: string, context: DecodeContext): SyslogLine {
  const spooled = line.startsWith('{"received":') ? parseSpooled(line) : undefined;
  const receivedAt = spooled?.received ?? context.receivedAt;
  const message = parseSyslog(spooled?.message ?? line, { at: receivedAt });
  return { ...message, receivedAt, ...(spooled === undefined ? {} : { from: spooled.from }) };
}

function parseSpooled(
  line: string,
): { readonly received: number; readonly from: string; readonly message: string } | undefined {
  try {
    const found: unknown = JSON.parse(line);
    if (typeof found !== 'object' || found === null) return undefined;
    const { received, from, message } = found as Readonly<Record<string, unknown>>; // checked below
    return typeof received === 'number' && typeof message === 'string'
      ? { received, from: String(from), message }
      : undefined;
  } catch {
    return undefined;
  }
}
