import { parseSyslog } from '#core/lake/syslog/parse-syslog.ts';
import type { SyslogMessage } from '#core/lake/syslog/syslog-message.ts';
import { auditHead } from './audit-head.ts';
import { openedLine } from './opened-line.ts';

/** What a line of a sample shows to whoever has to tell which source it is of. */
export interface SampleLine {
  readonly text: string;
  readonly syslog: SyslogMessage;
  /** A record of the audit system, behind a syslog header or not. */
  readonly isAudit: boolean;
}

const linesLookedAt = 200;

/** The first whole lines of a sample, each opened and read as syslog. */
export function sampleLines(text: string): readonly SampleLine[] {
  const lines = text.split('\n', linesLookedAt + 1);
  // The last line of a cut sample is not whole.
  const whole = lines.length > 1 ? lines.slice(0, linesLookedAt) : lines;
  return whole
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { text: inner } = openedLine(line);
      const syslog = parseSyslog(inner, { at: 0 });
      return { text: inner, syslog, isAudit: (auditHead(inner) ?? auditHead(syslog.message)) !== undefined };
    });
}
