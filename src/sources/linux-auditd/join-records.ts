import type { DecodeContext, Decoded, LineReader } from '#core/lake/source/log-source.ts';
import { parseSyslog } from '#core/lake/syslog/parse-syslog.ts';
import type { SyslogMessage } from '#core/lake/syslog/syslog-message.ts';
import { type AuditHead, auditHead } from '#core/lake/text/audit-head.ts';
import { senderAddress } from '#core/lake/text/host-columns.ts';
import { type OpenedLine, openedLine } from '#core/lake/text/opened-line.ts';
import { auditFields } from './audit-fields.ts';
import { eventRow } from './event-row.ts';
import { otherRow } from './other-row.ts';
import { typeName } from './record-types.ts';

/** The kernel writes the records of an event within moments, so an event is whole when so many newer ones have begun. */
const newerEvents = 1000;
/** Records are held until their event is whole; a hostile file must not make that more than this many characters. */
const mostHeld = 16 * 1024 * 1024;
/** A record is at most 8 KiB where the kernel writes it. */
const longestLine = 1024 * 1024;

interface Held {
  readonly lines: string[];
  /** Where it is an event: its records. */
  readonly records?: HeldRecord[];
  /** Where it is something else. */
  readonly decoded?: Decoded;
}

interface HeldRecord {
  readonly head: AuditHead;
  readonly body: string;
  readonly opened: OpenedLine;
  /** What a syslog server wrote before it. */
  readonly header: string;
  readonly host: string | undefined;
}

/**
 * Joins the records of each event by host, time and serial number, also where those of several events alternate. Events
 * come in the order of their first records.
 */
export function joinRecords(context: DecodeContext): LineReader {
  const held = new Map<string, Held>();
  let heldCharacters = 0;
  let others = 0;

  function release(isDone: () => boolean): readonly Decoded[] {
    const released: Decoded[] = [];
    for (const [key, first] of held) {
      if (first.records !== undefined && isDone()) break;
      held.delete(key);
      heldCharacters -= lengthOf(first.lines);
      released.push(first.decoded ?? decodedEvent(first));
    }
    return released;
  }

  function hold(line: string): void {
    const found = readRecord(line, context);
    if ('decoded' in found) {
      others += 1;
      held.set(`other ${others}`, { lines: [line], decoded: found.decoded });
    } else {
      const key = `${found.host ?? ''} ${found.head.time}:${found.head.serial}`;
      const event = held.get(key);
      if (event?.records === undefined) held.set(key, { lines: [line], records: [found] });
      else {
        event.lines.push(line);
        event.records.push(found);
      }
    }
    heldCharacters += line.length;
  }

  return {
    line: (line) => {
      if (isNoRecord(line)) return [];
      hold(line);
      return release(() => held.size <= newerEvents && heldCharacters <= mostHeld);
    },
    end: () => release(() => false),
  };
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

/** Blank lines, and the lines that `ausearch` puts between events. */
function isNoRecord(line: string): boolean {
  return line.trim() === '' || line === '----' || line.startsWith('time->');
}

function readRecord(line: string, context: DecodeContext): HeldRecord | { readonly decoded: Decoded } {
  if (line.length > longestLine) return troubled(line, 'audit.too-long', `the line has ${line.length} characters`);
  const opened = openedLine(line);
  const plain = auditHead(opened.text);
  if (plain !== undefined) return recordOf(plain, opened, opened.text, '', undefined);
  const syslog = parseSyslog(opened.text, { at: opened.received ?? context.receivedAt });
  const behind = auditHead(syslog.message);
  if (behind !== undefined) {
    const header = opened.text.slice(0, opened.text.lastIndexOf(syslog.message));
    return recordOf(behind, opened, syslog.message, header, syslog);
  }
  const row = otherRow(opened, syslog);
  if (row !== undefined) return { decoded: { kind: 'row', row, raw: line } };
  return troubled(
    line,
    'audit.no-record',
    'the line is no record of the audit system: type=… msg=audit(seconds:serial)',
  );
}

function recordOf(
  head: AuditHead,
  opened: OpenedLine,
  text: string,
  header: string,
  syslog: SyslogMessage | undefined,
): HeldRecord {
  const host = head.node ?? syslog?.hostname ?? senderAddress(opened.from);
  return { head, body: text.slice(head.end), opened, header, host };
}

function troubled(raw: string, reason: string, detail: string): { readonly decoded: Decoded } {
  return { decoded: { kind: 'trouble', trouble: { reason, detail }, raw } };
}

function decodedEvent({ records = [], lines }: Held): Decoded {
  const [first] = records;
  const raw = lines.join('\n');
  if (first === undefined) return troubled(raw, 'audit.no-record', 'no record').decoded;
  const row = eventRow({
    at: first.head.at,
    time: first.head.time,
    serial: first.head.serial,
    host: first.host,
    received: first.opened.received,
    notes: {
      ...Object.assign({}, ...records.map(({ opened }) => opened.notes)),
      ...(first.header === '' ? {} : { 'syslog.header': first.header }),
    },
    records: records.map(({ head, body }) => ({ type: typeName(head.type), ...auditFields(body) })),
  });
  return { kind: 'row', row, raw };
}
