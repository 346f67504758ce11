import { defineLogSource, joinedLines, type ObjectSample } from '#core/lake/source/log-source.ts';
import { sampleLines } from '#core/lake/text/linux-syslog.ts';
import { joinRecords } from './join-records.ts';

export const source = defineLogSource({
  id: 'linux.auditd',
  title: 'Linux audit system (auditd)',
  vendor: 'Linux',
  classes: [
    'process_activity',
    'authentication',
    'account_change',
    'group_management',
    'entity_management',
    'base_event',
  ],
  profiles: ['host', 'linux/linux_users'],
  recognise: { key: /(?:^|\/)audit[^/]*\.log|(?:^|[/_-])auditd?(?:[/_-]|$)/i, content: isAuditLog },
  decode: joinedLines(joinRecords),
  fields: {
    time_ms: 'time',
    time_text: 'time_text',
    received: 'received',
    event_uid: 'event_uid',
    serial: 'serial',
    record_type: 'record_type',
    hostname: 'hostname',
    host_name: 'host_name',
    host_ip: 'host_ip',
    event: 'event',
    result: 'result',
    message: 'message',
    op: 'op',
    pid: 'pid',
    ppid: 'ppid',
    auid: 'auid',
    auid_name: 'auid_name',
    uid: 'uid',
    uid_name: 'uid_name',
    euid: 'euid',
    egid: 'egid',
    ses: 'ses',
    terminal: 'terminal',
    comm: 'comm',
    exe: 'exe',
    exit_text: 'exit',
    cmd_line: 'cmd_line',
    acct: 'acct',
    acct_id: 'acct_id',
    acct_id_name: 'acct_id_name',
    grp: 'grp',
    remote_ip: 'remote_ip',
    remote_hostname: 'remote_hostname',
    remote_name: 'remote_name',
    rest: 'rest',
  },
});

/** Mostly records of the audit system, behind a syslog header or not. */
function isAuditLog(sample: ObjectSample): boolean {
  const lines = sampleLines(sample.text).filter(({ text }) => text !== '----' && !text.startsWith('time->'));
  return lines.filter(({ isAudit }) => isAudit).length * 2 > lines.length;
}
