import type { Cut, Cutter } from '#core/lake/bytes/cut.ts';
import { createJsonCutter } from '#core/lake/bytes/cut-json.ts';
import type { DecodeContext, Decoded, LineReader, RawRow } from '#core/lake/source/log-source.ts';
import { openDelivered } from '#core/lake/text/delivered-record.ts';
import type { JsonObject } from '#core/lake/text/json-object.ts';
import { type KeyPlace, placeInKey } from '#core/lake/text/key-place.ts';
import { isMysqlHead, isOpenStatement, mysqlRow } from './mysql-row.ts';
import { isPostgresqlHead, type PostgresqlLine, postgresqlLine, secondary, timeOfHead } from './postgresql-line.ts';
import { postgresqlRow } from './postgresql-row.ts';

/** As much text as one record may have, counted in UTF-16 units. */
const longestRecord = 4 * 1024 * 1024;
const mostDetails = 100;

/** A reader of log files of databases, and of CloudWatch Logs subscriptions with the same lines in their log events. */
export function createAuditLines(context: DecodeContext): LineReader {
  const reader = new AuditLines(context);
  return { line: (text) => reader.line(text), end: () => reader.end() };
}

/** A record that may go on in the next line. */
interface OpenRecord {
  readonly lines: string[];
  length: number;
  /** Double quotes so far: pgaudit quotes statements. */
  quotes: number;
  readonly logs: JsonObject | undefined;
}

/** State: the form of the object, and the records that are not known to be complete. */
class AuditLines {
  readonly #context: DecodeContext;
  readonly #place: KeyPlace;
  #json: Cutter | undefined;
  #hasBegun = false;
  #open: OpenRecord | undefined;
  /** A message of PostgreSQL whose details may follow. */
  #message:
    | { readonly line: PostgresqlLine; readonly others: PostgresqlLine[]; readonly record: OpenRecord }
    | undefined;

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#place = placeInKey(context.key);
  }

  line(text: string): readonly Decoded[] {
    if (!this.#hasBegun && text.trim() !== '') {
      this.#hasBegun = true;
      if (/^\uFEFF?\s*[[{]/.test(text)) this.#json = createJsonCutter({ at: ['logEvents'], keepEnvelope: true });
    }
    if (this.#json !== undefined) return this.#cuts(this.#json.push(Buffer.from(`${text}\n`)));
    return this.#text(text, undefined);
  }

  end(): readonly Decoded[] {
    const cuts = this.#json === undefined ? [] : this.#cuts(this.#json.end());
    return [...cuts, ...this.#flush()];
  }

  #cuts(cuts: readonly Cut[]): readonly Decoded[] {
    return cuts.flatMap((cut) => {
      const raw = cut.bytes.toString('utf8');
      if (cut.kind === 'trouble') {
        const { reason, detail } = cut;
        const trouble: Decoded = { kind: 'trouble', trouble: { reason, detail }, raw };
        return [
          ...this.#flush(),
          trouble,
          ...Array.from({ length: Math.max(0, cut.records - 1) }, () => ({ ...trouble, raw: '' })),
        ];
      }
      const envelope =
        cut.envelope === undefined ? {} : { envelope: JSON.parse(cut.envelope.toString('utf8')) as unknown };
      return this.#delivered(raw, envelope);
    });
  }

  #delivered(raw: string, envelope: { readonly envelope?: unknown }): readonly Decoded[] {
    const delivered = openDelivered({ record: JSON.parse(raw), text: raw, ...envelope }, this.#context);
    if (delivered.kind === 'control')
      return [...this.#flush(), { kind: 'excluded', rule: 'cloudwatch.control-message', raw }];
    if (delivered.kind === 'record') {
      const detail = 'the value is no line of a database log';
      return [...this.#flush(), { kind: 'trouble', trouble: { reason: 'rds.not-a-line', detail }, raw }];
    }
    const { logs } = delivered;
    const before = this.#streamOf() === logs['logStream'] ? [] : this.#flush();
    const lines = delivered.text.split('\n');
    return [...before, ...lines.flatMap((line, index) => this.#text(line, logs, index > 0))];
  }

  #streamOf(): unknown {
    return (this.#open ?? this.#message?.record)?.logs?.['logStream'];
  }

  #text(raw: string, logs: JsonObject | undefined, isWithinEvent = false): readonly Decoded[] {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const open = this.#open;
    if (isPostgresqlHead(line) || isMysqlHead(line)) {
      const done = this.#close();
      this.#open = { lines: [line], length: line.length, quotes: quotesIn(line), logs };
      return done;
    }
    if (open === undefined || !(isWithinEvent || goesOn(open, line)) || open.length + line.length > longestRecord)
      return line.trim() === '' ? [] : [...this.#flush(), unknownLine(line)];
    // PostgreSQL puts a tab behind every line end of a message.
    open.lines.push(line.startsWith('\t') ? line.slice(1) : line);
    open.length += line.length + 1;
    open.quotes += quotesIn(line);
    return [];
  }

  /** The open record is complete: its row, or those before it if details may still follow. */
  #close(): readonly Decoded[] {
    const record = this.#open;
    this.#open = undefined;
    if (record === undefined) return [];
    const text = record.lines.join('\n').trimEnd();
    const line = postgresqlLine(text);
    if (line === undefined) return [...this.#closeMessage(), this.#decoded(text, record)];
    const message = this.#message;
    if (secondary.has(line.severity) && message?.line.pid === line.pid && message.others.length < mostDetails) {
      message.others.push(line);
      return [];
    }
    const done = this.#closeMessage();
    this.#message = { line, others: [], record };
    return done;
  }

  #closeMessage(): readonly Decoded[] {
    const message = this.#message;
    this.#message = undefined;
    if (message === undefined) return [];
    return [this.#row(postgresqlRow(message.line, message.others), message.record)];
  }

  #flush(): readonly Decoded[] {
    const done = this.#close();
    return [...done, ...this.#closeMessage()];
  }

  #decoded(text: string, record: OpenRecord): Decoded {
    if (isMysqlHead(text)) return this.#row(mysqlRow(text), record);
    // Another prefix than that of RDS: what it says is unknown, but when it was is not.
    if (isPostgresqlHead(text)) return this.#row(foreignRow(text), record);
    return unknownLine(text);
  }

  #row(row: RawRow, { logs }: OpenRecord): Decoded {
    const around = { ...(logs === undefined ? {} : { cloudwatch: logs }), key_place: this.#place, ...resourceOf(logs) };
    return { kind: 'row', row: { ...row, ...around }, raw: '' };
  }
}

function unknownLine(raw: string): Decoded {
  const detail = 'the line has neither the form of the MySQL audit plugin nor that of a PostgreSQL log on RDS';
  return { kind: 'trouble', trouble: { reason: 'line.unknown', detail }, raw };
}

/** True where the line belongs to the record before it: only a statement goes on, and what PostgreSQL begins with a tab. */
function goesOn({ lines, quotes }: OpenRecord, line: string): boolean {
  const [first = ''] = lines;
  if (isMysqlHead(first)) return isOpenStatement(first, lines.at(-1) ?? '');
  return line.startsWith('\t') || (quotes % 2 === 1 && first.includes(':  AUDIT: '));
}

function quotesIn(line: string): number {
  let count = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count += 1;
  return count;
}

function foreignRow(text: string): RawRow {
  return { engine: 'PostgreSQL', kind: 'message', ...timeOfHead(text), message: text };
}

const logGroupName = /^\/aws\/rds\/(instance|cluster)\/([^/]{1,100})\/[a-z]{1,40}$/;

/** The database instance or cluster that a log group is named after. */
function resourceOf(logs: JsonObject | undefined): RawRow {
  const logGroup = logs?.['logGroup'];
  const [, type, id] = (typeof logGroup === 'string' ? logGroupName.exec(logGroup) : null) ?? [];
  return id === undefined ? {} : { resource_type: type, resource_id: id };
}
