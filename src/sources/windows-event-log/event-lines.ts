import type { Cut, Cutter } from '#core/lake/bytes/cut.ts';
import { createJsonCutter } from '#core/lake/bytes/cut-json.ts';
import {
  type DecodeContext,
  type Decoded,
  type Decoder,
  joinedLines,
  type LineReader,
  type RecordTrouble,
} from '#core/lake/source/log-source.ts';
import { parseSyslog } from '#core/lake/syslog/parse-syslog.ts';
import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject, jsonObjectIn, withAlso, without } from '#core/lake/text/json-object.ts';
import { type OpenedLine, openedLine } from '#core/lake/text/opened-line.ts';
import {
  carrierOfHead,
  carrierOfLine,
  carrierOfLogs,
  carrierOfSyslog,
  isLogEvent,
  logEventsOf,
  noCarrier,
  withoutFrame,
} from './carrier.ts';
import { eventFromJson } from './event-from-json.ts';
import { eventFromText } from './event-from-text.ts';
import { eventFromXml } from './event-from-xml.ts';
import { eventRow } from './event-row.ts';
import { beginningOf, EventTexts, type TextPiece } from './event-texts.ts';
import type { Carrier, WindowsEvent } from './windows-event.ts';

/**
 * The decoder of both Windows sources: events as XML, as JSON of Winlogbeat, NXLog and converters, behind a syslog header,
 * spooled by the syslog listener, and in log events of CloudWatch Logs. Its rows have the columns of `windowsFields`.
 */
export function windowsEvents(): Decoder {
  return joinedLines((context) => createEventLines(context));
}

/** @param keepsEnvelope false gives the log events of a subscription before their document is complete */
export function createEventLines(context: DecodeContext, keepsEnvelope = true): LineReader {
  const reader = new EventLines(context, keepsEnvelope);
  return { line: (text) => reader.line(text), end: () => reader.end() };
}

const nothingAround: OpenedLine = { text: '', notes: {} };

/** State: what the first line told of the form, and the event that has begun. */
class EventLines {
  readonly #context: DecodeContext;
  readonly #keepsEnvelope: boolean;
  readonly #texts = new EventTexts();
  #json: Cutter | undefined;
  #hasBegun = false;

  constructor(context: DecodeContext, keepsEnvelope: boolean) {
    this.#context = context;
    this.#keepsEnvelope = keepsEnvelope;
  }

  line(text: string): readonly Decoded[] {
    if (!this.#hasBegun && text.trim() !== '') this.#begin(text.trimStart());
    if (this.#json !== undefined) return this.#cuts(this.#json.push(Buffer.from(`${text}\n`)));
    if (!text.startsWith('{"received":')) return this.#pieces(this.#texts.line(text), nothingAround);
    // Each message stands alone: an event that is not whole in it goes on nowhere.
    const opened = openedLine(text);
    const message = new EventTexts();
    return this.#pieces([...message.line(opened.text), ...message.end()], opened);
  }

  end(): readonly Decoded[] {
    return this.#json === undefined ? this.#pieces(this.#texts.end(), nothingAround) : this.#cuts(this.#json.end());
  }

  #begin(text: string): void {
    this.#hasBegun = true;
    const first = text.charAt(text.startsWith('\uFEFF') ? 1 : 0);
    if ((first !== '{' && first !== '[') || openedLine(text).received !== undefined) return;
    this.#json = createJsonCutter({ at: ['logEvents'], keepEnvelope: this.#keepsEnvelope });
  }

  #cuts(cuts: readonly Cut[]): readonly Decoded[] {
    return cuts.flatMap((cut): readonly Decoded[] => {
      if (cut.kind === 'trouble') {
        const { reason, detail } = cut;
        const trouble: Decoded = { kind: 'trouble', trouble: { reason, detail }, raw: cut.bytes.toString('utf8') };
        return [trouble, ...Array.from({ length: Math.max(0, cut.records - 1) }, () => ({ ...trouble, raw: '' }))];
      }
      const raw = cut.bytes.toString('utf8');
      const record: unknown = parseExactJson(raw);
      const around: unknown = cut.envelope === undefined ? undefined : JSON.parse(cut.envelope.toString('utf8'));
      return isJsonObject(record)
        ? [this.#record(record, isJsonObject(around) ? around : {}, raw)]
        : [troubled({ reason: 'event.unknown', detail: 'the value is no object' }, raw)];
    });
  }

  #pieces(pieces: readonly TextPiece[], opened: OpenedLine): readonly Decoded[] {
    return pieces.flatMap((piece): readonly Decoded[] => {
      if (piece.kind === 'broken') return [troubled(piece, piece.text)];
      if (piece.kind === 'text') return this.#text(piece.text, opened);
      const carrier = carrierOfHead(piece.head, opened, opened.received ?? this.#context.receivedAt);
      return [rowOf(eventFromXml(piece.text), carrier, piece.head + piece.text)];
    });
  }

  /** A line without an XML event. */
  #text(line: string, opened: OpenedLine): readonly Decoded[] {
    const text = withoutFrame(line).trim();
    if (text === '') return [];
    const whole = jsonObjectIn(text);
    if (whole !== undefined) return this.#documents(whole, text, carrierOfLine(opened));
    const syslog = parseSyslog(text, { at: opened.received ?? this.#context.receivedAt });
    const start = syslog.message.indexOf('{');
    const record = start < 0 ? undefined : jsonObjectIn(syslog.message.slice(start));
    const header = text.slice(0, text.length - syslog.message.length + Math.max(start, 0)).trim();
    if (record !== undefined) return [this.#event(record, carrierOfSyslog(syslog, header, opened), text)];
    const named = Object.values(syslog.structuredData ?? {}).find((values) => values['EventID'] !== undefined);
    // The values of the header's brackets are those of the event.
    if (named !== undefined) {
      const carrier = carrierOfSyslog(syslog, header.slice(0, Math.max(0, header.indexOf('['))).trim(), opened);
      return [this.#event({ ...named, Message: syslog.message }, carrier, text)];
    }
    return [
      troubled({ reason: 'line.unknown', detail: 'the line is neither an XML nor a JSON event of Windows' }, line),
    ];
  }

  /** A JSON document among lines of another form. */
  #documents(document: JsonObject, raw: string, line: Carrier): readonly Decoded[] {
    const logEvents = logEventsOf(document);
    if (logEvents === undefined)
      return [isLogEvent(document) ? this.#record(document, {}, raw) : this.#event(document, line, raw)];
    return logEvents.map((record) => this.#record(record, without(document, 'logEvents'), JSON.stringify(record)));
  }

  #record(record: JsonObject, envelope: JsonObject, raw: string): Decoded {
    if (envelope['messageType'] === 'CONTROL_MESSAGE')
      return { kind: 'excluded', rule: 'cloudwatch.control-message', raw };
    if (!isLogEvent(record)) return this.#event(record, noCarrier, raw);
    const carrier = carrierOfLogs(withAlso(envelope, without(record, 'message')), this.#context.key);
    const { message } = record;
    const start = beginningOf(message);
    if (start >= 0) return rowOf(eventFromXml(message.slice(start).trim()), carrier, raw);
    const inner = jsonObjectIn(message);
    return inner === undefined ? rowOf(eventFromText(message), carrier, raw) : this.#event(inner, carrier, raw);
  }

  #event(record: JsonObject, carrier: Carrier, raw: string): Decoded {
    const unknown = { reason: 'event.unknown', detail: 'the object has not the names of an event of Windows' };
    return rowOf(eventFromJson(record) ?? unknown, carrier, raw);
  }
}

function rowOf(event: WindowsEvent | RecordTrouble, carrier: Carrier, raw: string): Decoded {
  return 'reason' in event ? troubled(event, raw) : { kind: 'row', row: eventRow(event, carrier), raw };
}

function troubled({ reason, detail }: RecordTrouble, raw: string): Decoded {
  return { kind: 'trouble', trouble: { reason, detail }, raw };
}
