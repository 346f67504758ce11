import type { ObjectSample } from '#core/lake/source/log-source.ts';

const mysqlRecord =
  /^(?:\d{8} \d\d:\d\d:\d\d|\d{13}|\d{16}),[^,]{0,255},[^,]{0,255},[^,]{0,255},\d{1,20},\d{1,20},[A-Z_]{3,20},/;
const postgresqlRecord =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? (?:[A-Za-z]{1,5}|[+-]\d\d(?::?\d\d)?):[^\n]{0,300}?:\[\d{1,10}\]:(?:[\w./-]{0,64}:){0,8}(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?|DETAIL|HINT|STATEMENT|CONTEXT): /;
/** A rotated file may begin within a record. */
const linesLookedAt = 20;
const auditGroup = /"logGroup"\s*:\s*"\/aws\/rds\/(?:instance|cluster)\/[^"/]{1,100}\/(?:audit|postgresql)"/;

/** True for audit logs of databases: files, and subscriptions of the log groups that RDS writes them to. */
export function isDatabaseAudit({ text }: ObjectSample): boolean {
  if (/^\s*[[{]/.test(text)) return text.includes('"logEvents"') && auditGroup.test(text);
  return text
    .split('\n', linesLookedAt)
    .some((line) => mysqlRecord.test(line) || postgresqlRecord.test(line.slice(0, 1000)));
}
