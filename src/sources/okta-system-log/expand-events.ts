import type { Decoded, JsonInput } from '#core/lake/source/log-source.ts';
import { isControlMessage, noticesIn } from '#core/lake/text/aws-notice.ts';
import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject, withAlso, without } from '#core/lake/text/json-object.ts';

/** The log events of a record, freed of what EventBridge, SNS, CloudWatch Logs or an event hook put around them. */
export function expandEvents({ text }: JsonInput): readonly Decoded[] {
  const record = parseExactJson(text);
  if (!isJsonObject(record)) return [notAnEvent(text)];
  if (isControlMessage(record)) return [{ kind: 'excluded', rule: 'cloudwatch.control-message', raw: text }];
  const notices = noticesIn(record);
  if (notices.length === 0) return [notAnEvent(text)];
  return notices.flatMap((notice) =>
    'text' in notice ? [notAnEvent(notice.text)] : eventsOf(notice.document, notice.around),
  );
}

/** An event hook is a document of its own with the events below `data`. */
function eventsOf(document: JsonObject, around: JsonObject): readonly Decoded[] {
  const { data } = document;
  const events = isJsonObject(data) ? data['events'] : document['events'];
  if (!Array.isArray(events)) return [row(document, around)];
  if (events.length === 0) return [{ kind: 'excluded', rule: 'no-events', raw: '' }];
  const hook = isJsonObject(data) ? { ...document, data: without(data, 'events') } : without(document, 'events');
  const context = withAlso(around, { hook });
  return events.map((event: unknown) =>
    isJsonObject(event) ? row(event, context) : notAnEvent(JSON.stringify(event ?? null)),
  );
}

function row(event: JsonObject, around: JsonObject): Decoded {
  return { kind: 'row', row: withAlso(event, around), raw: '' };
}

function notAnEvent(raw: string): Decoded {
  return {
    kind: 'trouble',
    trouble: { reason: 'okta.not-an-event', detail: 'expected a log event of Okta, or a document that holds some' },
    raw,
  };
}
