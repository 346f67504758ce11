import type { RawRow } from '#core/lake/source/log-source.ts';
import { parseCsvLine } from '#core/lake/text/csv-line.ts';
import { connectionRow } from './postgresql-connection.ts';
import { given, type PostgresqlLine } from './postgresql-line.ts';
import { firstWord } from './statement.ts';

const noRow: RawRow = {};

/** The row of a message with the lines that belong to it. */
export function postgresqlRow(line: PostgresqlLine, others: readonly PostgresqlLine[]): RawRow {
  const { ambiguous, pid, ...values } = line;
  // Names come from whoever connects, signed in or not: what can be read in two ways proves nothing.
  if (ambiguous !== null) return { ...ambiguousRow(line, ambiguous), ...othersOf(others) };
  const details = othersOf(others);
  const common = { engine: 'PostgreSQL', ...values, connection_id: pid, ...details };
  return { ...common, ...(auditRow(line) ?? connectionRow(line) ?? statementRow(line, details['statement_line'])) };
}

function ambiguousRow({ time, time_utc }: PostgresqlLine, message: string): RawRow {
  return { engine: 'PostgreSQL', kind: 'message', time, time_utc, message, severity: 'WARNING', is_ambiguous: 'true' };
}

function othersOf(others: readonly PostgresqlLine[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { severity: word, message } of others) {
    const name = word === 'STATEMENT' ? 'statement_line' : word.toLowerCase();
    found[name] = found[name] === undefined ? message : `${found[name]}\n${message}`;
  }
  return found;
}

/** `AUDIT: SESSION,<statement>,<substatement>,<class>,<command>,<object type>,<object>,<statement>,<parameters>[,<rows>]` of pgaudit. */
function auditRow({ message }: PostgresqlLine): RawRow | undefined {
  if (!/^AUDIT: (?:SESSION|OBJECT),/.test(message)) return undefined;
  const { values, isComplete } = parseCsvLine(message.slice('AUDIT: '.length));
  const [type, statementId, substatementId, auditClass, command, objectType, object, statement, parameters, rows] =
    values;
  if (values.length < 8) return undefined;
  return {
    kind: 'statement',
    message: null,
    audit_type: type,
    query_id: `${statementId}.${substatementId}`,
    audit_class: given(auditClass),
    operation: given(command),
    verb: given(command),
    object_type: given(objectType),
    object: given(object),
    statement: given(statement),
    parameters: given(parameters),
    rows: given(rows),
    ...(values.length > 10 ? { further_values: JSON.stringify(values.slice(10)) } : noRow),
    ...(isComplete ? noRow : { is_cut: 'true' }),
  };
}

const logged = /^(?:duration: ([\d.]{1,20}) ms {2})?(?:statement|(?:execute|parse|bind) [^:]{1,200}): /;

/** Statements that PostgreSQL itself logs, and those that failed. */
function statementRow({ message, severity: word }: PostgresqlLine, failed: string | undefined): RawRow {
  const found = word === 'LOG' ? logged.exec(message) : null;
  if (found !== null) {
    const statement = message.slice(found[0].length);
    const done = found[1] === undefined ? noRow : { duration_ms: found[1], outcome: 'success' };
    return {
      kind: 'statement',
      message: null,
      logged_as: found[0].trim(),
      statement,
      verb: firstWord(statement),
      ...done,
    };
  }
  if (failed === undefined || !/^(?:ERROR|FATAL|PANIC)$/.test(word)) return { kind: 'message' };
  return { kind: 'statement', statement: failed, statement_line: null, verb: firstWord(failed), outcome: 'failure' };
}
