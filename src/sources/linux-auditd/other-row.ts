import type { RawRow } from '#core/lake/source/log-source.ts';
import type { SyslogMessage } from '#core/lake/syslog/syslog-message.ts';
import { withCutColumns } from '#core/lake/text/cut-columns.ts';
import type { OpenedLine } from '#core/lake/text/opened-line.ts';

/** Every row has all columns: rows of one shape are read in one go. */
export const emptyRow = {
  time: null,
  time_text: null,
  received: null,
  event_uid: null,
  serial: null,
  record_type: null,
  hostname: null,
  host_name: null,
  host_ip: null,
  event: null,
  result: null,
  message: null,
  op: null,
  pid: null,
  ppid: null,
  auid: null,
  auid_name: null,
  uid: null,
  uid_name: null,
  euid: null,
  egid: null,
  ses: null,
  terminal: null,
  comm: null,
  exe: null,
  exit: null,
  cmd_line: null,
  acct: null,
  acct_id: null,
  acct_id_name: null,
  grp: null,
  remote_ip: null,
  remote_hostname: null,
  remote_name: null,
  rest: null,
};

/** A line of another program between audit records; undefined where it has no time. */
export function otherRow(opened: OpenedLine, syslog: SyslogMessage): RawRow | undefined {
  const at = syslog.timestamp ?? opened.received;
  if (at === undefined) return undefined;
  const { hostname, appName, procId, message } = syslog;
  const rest = {
    ...opened.notes,
    ...(hostname === undefined ? {} : { hostname }),
    ...(appName === undefined ? {} : { app: appName }),
    ...(procId === undefined ? {} : { pid: procId }),
    'syslog.header': opened.text.slice(0, opened.text.lastIndexOf(message)),
  };
  return withCutColumns({
    ...emptyRow,
    time: at,
    time_text: syslog.timestampText ?? null,
    received: opened.received ?? null,
    message,
    rest,
  });
}
