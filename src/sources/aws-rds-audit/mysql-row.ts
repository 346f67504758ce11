import type { RawRow } from '#core/lake/source/log-source.ts';
import { firstWord } from './statement.ts';

/** How a line of the audit plugin begins: RDS writes date and time, Aurora microseconds since 1970. */
const head = /^(?:\d{8} \d\d:\d\d:\d\d|\d{13}|\d{16}),/;

/** True for the first line of a record of MariaDB's audit plugin. */
export function isMysqlHead(line: string): boolean {
  return head.test(line);
}

/** True where the statement of a record, of which these are the first and the last line, is not closed yet. */
export function isOpenStatement(first: string, last: string): boolean {
  return /^(?:[^,]{0,255},){8}'/.test(first) && !/',-?\d{1,10}(?:,[A-Za-z0-9/ ]{0,30})*$/.test(last);
}

const connections: Readonly<Record<string, string>> = {
  CONNECT: 'connect',
  FAILED_CONNECT: 'connect',
  CHANGE_USER: 'connect',
  CHANGEUSER: 'connect',
  DISCONNECT: 'disconnect',
  PROXY_CONNECT: 'step',
};
const tableOperations = new Set(['READ', 'WRITE', 'CREATE', 'ALTER', 'RENAME', 'DROP']);
const connectionTypes = /^(?:[A-Z][A-Za-z/ ]{1,30}|[0-5])$/;

/**
 * Reads `timestamp,serverhost,username,host,connectionid,queryid,operation,database,object,retcode[,connection_type]`.
 * Only a statement is quoted: a name with commas could pose as other values, so a record of which the number of values is
 * not the expected one stays a mere message.
 */
export function mysqlRow(text: string): RawRow {
  const values = text.split(',', 9);
  const [stamp = '', serverHost, user, host, connection, query, operation = ''] = values;
  const rest = text.slice(values.slice(0, 8).reduce((length, value) => length + value.length + 1, 0));
  const common = {
    engine: 'MySQL',
    time: stamp,
    time_utc: timeOf(stamp),
    server_host: given(serverHost),
    user: given(user),
    client_host: given(host),
    connection_id: given(connection),
    query_id: query === '0' ? null : given(query),
    operation,
    database: given(values[7]),
  };
  const isCounted = /^\d{1,20}$/.test(connection ?? '') && /^\d{1,20}$/.test(query ?? '');
  const tail = isCounted ? tailOf(operation, rest) : undefined;
  if (tail !== undefined) return { ...common, ...tail };
  const row = { engine: 'MySQL', time: stamp, time_utc: timeOf(stamp), kind: 'message', message: text };
  return { ...row, severity: 'WARNING', is_ambiguous: 'true' };
}

/** What stands behind the database. */
function tailOf(operation: string, rest: string): RawRow | undefined {
  if (operation === 'QUERY' || rest.startsWith("'")) return statementOf(rest);
  const [object, code, type, ...others] = rest.split(',');
  if (others.some((value) => value !== '') || !isCode(code) || !isConnectionType(type)) return undefined;
  const found = { object: given(object), return_code: given(code), connection_type: given(type) };
  const kind = connections[operation];
  if (kind !== undefined) return { kind, ...found, outcome: outcomeOf(operation, code) };
  if (!tableOperations.has(operation)) return undefined;
  return {
    kind: 'table',
    verb: operation,
    ...found,
    outcome: given(code) === null ? null : outcomeOf(operation, code),
  };
}

function isCode(code: string | undefined): boolean {
  return code === undefined || /^\s*(?:-?\d{1,10})?\s*$/.test(code);
}

function isConnectionType(type: string | undefined): boolean {
  return type === undefined || type === '' || connectionTypes.test(type);
}

function outcomeOf(operation: string, code: string | undefined): string {
  return operation !== 'FAILED_CONNECT' && (code ?? '').trim() === '0' ? 'success' : 'failure';
}

/** The last quote ends the statement, whatever quotes are in it. */
function statementOf(rest: string): RawRow | undefined {
  const end = rest.lastIndexOf("'");
  if (!rest.startsWith("'")) return undefined;
  // The plugin cuts long statements, and a file may end within one.
  if (end === 0) return statementRow(rest.slice(1), { is_cut: 'true', outcome: null });
  const [, code = '', type = ''] = /^,(-?\d{1,10})?(?:,([A-Za-z0-9/ ]{0,30}))?,*$/.exec(rest.slice(end + 1)) ?? [];
  if (code === '' && rest.length > end + 1 && !/^,+$/.test(rest.slice(end + 1))) return undefined;
  return statementRow(rest.slice(1, end), {
    return_code: given(code),
    connection_type: given(type),
    outcome: code === '' ? null : code === '0' ? 'success' : 'failure',
  });
}

function statementRow(quoted: string, others: RawRow): RawRow {
  const statement = unescaped(quoted);
  return { kind: 'statement', statement, verb: firstWord(statement), ...others };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '0': '\0' };

function unescaped(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([\s\S])/g, (_match, letter: string) => escapes[letter] ?? letter)
    : text;
}

/** ISO 8601 of `YYYYMMDD hh:mm:ss` (UTC on RDS) or of milli- or microseconds since 1970. */
function timeOf(stamp: string): string | null {
  const calendar = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d)$/.exec(stamp);
  if (calendar !== null) return `${calendar[1]}-${calendar[2]}-${calendar[3]}T${calendar[4]}Z`;
  if (!/^(?:\d{13}|\d{16})$/.test(stamp)) return null;
  const ms = Number(stamp.slice(0, 13));
  return `${new Date(ms).toISOString().slice(0, -1)}${stamp.slice(13)}Z`;
}

function given(value: string | undefined): string | null {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === '' ? null : trimmed;
}
