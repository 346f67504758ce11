import { defineLogSource, type ObjectSample, textLines } from '#core/lake/source/log-source.ts';
import { sampleLines } from '#core/lake/text/linux-syslog.ts';
import { interpretMessage, isAuthProgram } from './auth-message.ts';
import { journalEntry } from './journal-entry.ts';
import { readLine } from './read-line.ts';

const keyOfAuthLog =
  /(?:^|\/)(?:secure|auth\.log|messages|syslog|kern\.log|daemon\.log)(?:[-._]|$)|(?:^|[/_-])linux(?:[/_-]|$)/i;

export const source = defineLogSource({
  id: 'linux.auth',
  title: 'Linux sign-ins, sudo and account changes by syslog and journald',
  vendor: 'Linux',
  classes: [
    'authentication',
    'account_change',
    'group_management',
    'entity_management',
    'process_activity',
    'base_event',
  ],
  profiles: ['host'],
  recognise: { key: keyOfAuthLog, content: isAuthLog },
  decode: textLines(readLine),
  fields: {
    time_ms: 'time',
    time_text: 'time_text',
    received: 'received',
    hostname: 'hostname',
    host_name: 'host_name',
    host_ip: 'host_ip',
    app: 'app',
    pid: 'pid',
    facility: 'facility',
    level: 'level',
    code: 'code',
    cursor: 'cursor',
    message: 'message',
    event: 'event',
    failed: 'failed',
    detail: 'detail',
    user_name: 'user_name',
    user_uid: 'user_uid',
    actor_name: 'actor_name',
    actor_uid: 'actor_uid',
    remote_ip: 'remote_ip',
    remote_hostname: 'remote_hostname',
    remote_name: 'remote_name',
    remote_port: 'remote_port',
    method: 'method',
    credential: 'credential',
    service_name: 'service',
    session_uid: 'session',
    terminal: 'terminal',
    group_name: 'group_name',
    group_uid: 'group_uid',
    command: 'command',
    counted: 'count',
    rest: 'rest',
  },
});

/** Lines of programs on a host, of which one is about signing in, accounts or commands, or whose key says so. */
function isAuthLog(sample: ObjectSample): boolean {
  if (journalEntry(sample.firstLine) !== undefined) return true;
  const lines = sampleLines(sample.text);
  const programs = lines.filter(
    ({ syslog, isAudit }) => syslog.timestampText !== undefined && syslog.appName !== undefined && !isAudit,
  );
  if (programs.length === 0 || programs.length * 2 < lines.length) return false;
  if (keyOfAuthLog.test(sample.key)) return true;
  return programs.some(
    ({ syslog }) => isAuthProgram(syslog.appName) || interpretMessage(syslog.appName, syslog.message) !== undefined,
  );
}
