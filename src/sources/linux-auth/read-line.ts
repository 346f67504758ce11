import type { DecodeContext, RawRow, RecordTrouble } from '#core/lake/source/log-source.ts';
import { parseSyslog } from '#core/lake/syslog/parse-syslog.ts';
import type { SyslogMessage } from '#core/lake/syslog/syslog-message.ts';
import { withCutColumns } from '#core/lake/text/cut-columns.ts';
import { hostColumns, senderAddress } from '#core/lake/text/host-columns.ts';
import { isPort } from '#core/lake/text/ip-address.ts';
import { type OpenedLine, openedLine } from '#core/lake/text/opened-line.ts';
import type { AuthFact } from './auth-fact.ts';
import { interpretMessage } from './auth-message.ts';
import { type JournalEntry, journalEntry } from './journal-entry.ts';

const largestInteger = 2_147_483_647;

const facilities =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );
const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

/** What every line tells, in whichever form it comes. */
interface Said {
  readonly at: number | undefined;
  readonly timeText?: string | undefined;
  readonly host?: string | undefined;
  readonly app?: string | undefined;
  readonly pid?: string | undefined;
  readonly message: string | undefined;
  readonly facility?: number | undefined;
  readonly severity?: number | undefined;
  readonly code?: string | undefined;
  readonly cursor?: string | undefined;
  readonly received?: number | undefined;
  readonly others: Readonly<Record<string, string>>;
}

/** One line of a syslog file, of the syslog listener's spool or of a journal export as a raw row. Blank lines are no records. */
export function readLine(line: string, context: DecodeContext): RawRow | RecordTrouble | undefined {
  if (line.trim() === '') return undefined;
  const opened = openedLine(line);
  const entry = opened.received === undefined ? journalEntry(line) : undefined;
  const said = entry === undefined ? saidBySyslog(opened, context) : saidByJournal(entry, opened);
  if (said.at === undefined) return timeTrouble(said.timeText);
  return rowOf(said, interpretMessage(said.app, said.message ?? ''));
}

function timeTrouble(text: string | undefined): RecordTrouble {
  return text === undefined
    ? { reason: 'syslog.no-time', detail: 'no time stands at the beginning of the line' }
    : { reason: 'syslog.bad-time', detail: `there is no such time as ${text}` };
}

function saidBySyslog(opened: OpenedLine, context: DecodeContext): Said {
  const syslog = parseSyslog(opened.text, { at: opened.received ?? context.receivedAt });
  return {
    // RFC 5424 lets a sender leave out the time, and RFC 3164 tells the receiver to put in its own.
    at: syslog.timestamp ?? opened.received,
    timeText: syslog.timestampText,
    host: syslog.hostname ?? senderAddress(opened.from),
    app: syslog.appName,
    pid: syslog.procId,
    message: syslog.message,
    facility: syslog.facility,
    severity: syslog.severity,
    code: syslog.msgId,
    received: opened.received,
    others: { ...opened.notes, ...syslogOthers(syslog) },
  };
}

function syslogOthers(syslog: SyslogMessage): Record<string, string> {
  const data = Object.entries(syslog.structuredData ?? {}).flatMap(([id, values]) => {
    const named = Object.entries(values).map(([name, value]) => [`structured_data.${id}.${name}`, value]);
    return named.length === 0 ? [[`structured_data.${id}`, '']] : named;
  });
  const sequence = syslog.sequence === undefined ? [] : [['syslog.sequence', syslog.sequence]];
  return Object.fromEntries([...data, ...sequence]);
}

function saidByJournal(entry: JournalEntry, opened: OpenedLine): Said {
  const { hostname, priority, others, ...same } = entry;
  return { ...same, message: same.message, host: hostname, severity: priority, others: { ...opened.notes, ...others } };
}

// Every row has all columns: rows of one shape are read in one go.
const noFact = {
  event: null,
  failed: null,
  detail: null,
  user_name: null,
  user_uid: null,
  actor_name: null,
  actor_uid: null,
  remote_ip: null,
  remote_hostname: null,
  remote_name: null,
  remote_port: null,
  method: null,
  credential: null,
  service: null,
  session: null,
  terminal: null,
  group_name: null,
  group_uid: null,
  command: null,
  count: null,
};

function rowOf(said: Said, fact: AuthFact | undefined): RawRow {
  const host = hostColumns(said.host);
  const isPid = said.pid !== undefined && /^\d{1,10}$/.test(said.pid) && Number(said.pid) <= largestInteger;
  return withCutColumns({
    time: said.at,
    time_text: said.timeText ?? null,
    received: said.received ?? null,
    hostname: host.hostname,
    host_name: host.name,
    host_ip: host.ip,
    app: said.app ?? null,
    pid: isPid ? said.pid : null,
    facility: nameAt(facilities, said.facility),
    level: nameAt(levels, said.severity),
    code: said.code ?? null,
    cursor: said.cursor ?? null,
    message: said.message ?? null,
    ...(fact === undefined ? noFact : factColumns(fact)),
    rest: restOf(said, fact, isPid),
  });
}

function nameAt(names: readonly string[], index: number | undefined): string | null {
  return index === undefined ? null : (names[index] ?? null);
}

function factColumns(fact: AuthFact): Readonly<Record<keyof typeof noFact, unknown>> {
  const remote = hostColumns(fact.remote);
  return {
    event: fact.event,
    failed: fact.failed ?? null,
    detail: fact.detail ?? null,
    user_name: fact.user ?? null,
    user_uid: fact.userUid ?? null,
    actor_name: fact.actor ?? null,
    actor_uid: fact.actorUid ?? null,
    remote_ip: remote.ip,
    remote_hostname: remote.hostname,
    remote_name: remote.name,
    remote_port: fact.port !== undefined && isPort(fact.port) ? fact.port : null,
    method: fact.method ?? null,
    credential: fact.credential ?? null,
    service: fact.service ?? null,
    session: fact.session ?? null,
    terminal: fact.terminal ?? null,
    group_name: fact.group ?? null,
    group_uid: fact.groupUid ?? null,
    command: fact.command ?? null,
    count: fact.count ?? null,
  };
}

/** What has no column of its own. A base event has no place for its host and process. */
function restOf(said: Said, fact: AuthFact | undefined, isPid: boolean): Readonly<Record<string, string>> {
  const bare = fact === undefined ? { ...textOf('hostname', said.host), ...textOf('pid', said.pid) } : {};
  return {
    ...said.others,
    ...fact?.others,
    ...bare,
    ...(isPid ? {} : textOf('pid', said.pid)),
    ...(levels[said.severity ?? 0] === undefined ? textOf('severity', String(said.severity)) : {}),
    ...(facilities[said.facility ?? 0] === undefined ? textOf('facility', String(said.facility)) : {}),
  };
}

function textOf(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
