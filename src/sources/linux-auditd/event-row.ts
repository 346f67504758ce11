import type { RawRow } from '#core/lake/source/log-source.ts';
import { withCutColumns } from '#core/lake/text/cut-columns.ts';
import { hostColumns } from '#core/lake/text/host-columns.ts';
import type { AuditEvent, AuditRecord } from './audit-event.ts';
import { titleText } from './decode-value.ts';
import { emptyRow } from './other-row.ts';
import { type AuditWord, isExec, wordOf } from './record-types.ts';
import { RecordValues } from './record-values.ts';

/** One event as a raw row; what has no column of its own is in `rest`, by record type and field. */
export function eventRow(event: AuditEvent): RawRow {
  const values = new RecordValues(event.records);
  const main = mainRecord(event.records);
  const word = wordOfEvent(event.records, main, values);
  const host = hostColumns(event.host);
  const columns = word === undefined ? baseColumns(values, main) : columnsOf(word, values, main);
  return withCutColumns({
    ...emptyRow,
    time: event.at,
    time_text: event.time,
    received: event.received ?? null,
    event_uid: `${event.time}:${event.serial}`,
    serial: event.serial,
    record_type: main,
    hostname: host.hostname,
    host_name: host.name,
    host_ip: host.ip,
    event: word ?? null,
    ...columns,
    rest: {
      ...values.rest(),
      ...event.notes,
      ...(word === undefined && event.host !== undefined ? { hostname: event.host } : {}),
    },
  });
}

/** The label of the record that says what the event is about: one of user space, else the system call, else the first. */
function mainRecord(records: readonly AuditRecord[]): string {
  const said = records.find(({ type }) => wordOf(type, '', false) !== undefined);
  const call = records.find(({ type }) => type === 'SYSCALL');
  const isStart = records.some(({ type }) => type === 'EXECVE');
  if (said !== undefined) return said.type;
  return (isStart && call !== undefined ? call : records[0])?.type ?? 'UNKNOWN';
}

function wordOfEvent(records: readonly AuditRecord[], main: string, values: RecordValues): AuditWord | undefined {
  const word = wordOf(main, values.see(main, 'op') ?? '', values.see(main, 'grp') !== undefined);
  if (word !== undefined) return word;
  if (records.some(({ type }) => type === 'EXECVE')) return 'launch';
  const [name, arch, number] = ['SYSCALL', 'arch', 'syscall'].map((key) => values.see('SYSCALL', key));
  return isExec(name, arch, number) ? 'launch' : undefined;
}

type Columns = Readonly<Record<string, unknown>>;

/** A base event keeps all its values in `unmapped`; only its outcome and a line to read are taken out besides. */
function baseColumns(values: RecordValues, main: string): Columns {
  const title = values.see('PROCTITLE', 'proctitle');
  const result = values.see(main, 'res') ?? values.see(main, 'success') ?? values.see('SYSCALL', 'success');
  return {
    result: resultOf(result) ?? null,
    message: (title === undefined ? values.words() : titleText(title)) || null,
  };
}

function columnsOf(word: AuditWord, values: RecordValues, main: string): Columns {
  const record = word === 'launch' ? 'SYSCALL' : main;
  const take = (key: string): string | null => values.take(record, key) ?? null;
  const takeIf = (key: string, test: (value: string) => boolean): string | null =>
    values.takeIf(record, key, test) ?? null;
  const terminal = take('terminal') ?? take('tty');
  const isSubject = word !== 'launch' && word !== 'command';
  return {
    result: values.takeResult(record, resultOf),
    pid: takeIf('pid', isInteger),
    auid: takeIf('auid', isSet),
    auid_name: takeIf('AUID', isName),
    uid: takeIf('uid', isSet),
    uid_name: takeIf('UID', isName),
    ses: takeIf('ses', isSet),
    terminal,
    exe: take('exe') ?? values.see('SYSCALL', 'exe') ?? null,
    ...(word === 'launch' ? launchColumns(values) : { op: take('op') }),
    ...(word === 'command' ? { cmd_line: take('cmd') } : {}),
    ...(isSubject ? subjectColumns(word, values, main) : {}),
    ...(isSignIn(word) ? remoteColumns(values, main, terminal) : {}),
  };
}

/** The arguments are the command line; the title is only its first 128 bytes. */
function launchColumns(values: RecordValues): Columns {
  const title = values.arguments.length > 0 ? undefined : values.take('PROCTITLE', 'proctitle');
  return {
    ppid: values.takeIf('SYSCALL', 'ppid', isInteger) ?? null,
    euid: values.takeIf('SYSCALL', 'euid', isInteger) ?? null,
    egid: values.takeIf('SYSCALL', 'egid', isInteger) ?? null,
    comm: values.take('SYSCALL', 'comm') ?? null,
    exit: values.take('SYSCALL', 'exit') ?? null,
    cmd_line: title === undefined ? values.arguments.join(' ') || null : titleText(title),
  };
}

function subjectColumns(word: AuditWord, values: RecordValues, main: string): Columns {
  const take = (key: string): string | null => values.take(main, key) ?? null;
  return {
    acct: take('acct'),
    // pam_faillock names the account it locks by a second `uid`.
    acct_id: take('id') ?? (isSignIn(word) ? null : take('uid (2)')),
    acct_id_name: take('ID'),
    grp: take('grp'),
  };
}

function isSignIn(word: AuditWord): boolean {
  return word === 'logon' || word === 'logoff' || word === 'sign-in-step';
}

function remoteColumns(values: RecordValues, main: string, terminal: string | null): Columns {
  const address = values.take(main, 'addr');
  const name = values.see(main, 'hostname');
  // Without an address the name may as well be that of the host itself.
  if (address === undefined && terminal?.startsWith('ssh') !== true) return {};
  const remote = hostColumns(address ?? name);
  const named = hostColumns(name);
  if (name === address || named.hostname !== null || address === undefined) values.take(main, 'hostname');
  return {
    remote_ip: remote.ip ?? named.ip,
    remote_hostname: named.hostname ?? remote.hostname,
    remote_name: remote.name,
  };
}

function resultOf(text: string | undefined): 'success' | 'failed' | undefined {
  if (text === 'success' || text === 'yes' || text === '1') return 'success';
  return text === 'failed' || text === 'no' || text === '0' ? 'failed' : undefined;
}

/** Before somebody has signed in, the audit user and the session are -1. */
function isSet(text: string): boolean {
  return text !== '4294967295' && text !== '-1' && text !== 'unset';
}

function isInteger(text: string): boolean {
  return /^-?\d{1,10}$/.test(text) && Math.abs(Number(text)) <= 2_147_483_647;
}

/** What auditd looked up; without an entry it writes `unknown(1001)`. */
function isName(text: string): boolean {
  return text !== 'unset' && !text.startsWith('unknown(');
}
