import type { ObjectSample } from '#core/lake/source/log-source.ts';
import { isJsonObject, type JsonObject, jsonObjectIn, without } from './json-object.ts';

/** A service's document, freed of what the delivery put around it. */
export interface Notice {
  readonly document: JsonObject;
  /** What stood around it: `event` (EventBridge), `sns` and `logs` (CloudWatch Logs), without the document. */
  readonly around: JsonObject;
}

/** A wrapped text that holds no JSON object. */
export interface BrokenNotice {
  readonly text: string;
}

/**
 * The documents in a record as EventBridge, SNS and CloudWatch Logs subscriptions deliver them, also one inside the
 * other; a record without wrapping is its own document. An EventBridge event whose `detail` is no object stays whole.
 */
export function noticesIn(record: JsonObject): readonly (Notice | BrokenNotice)[] {
  if (Array.isArray(record['logEvents'])) return noticesOfLogs(record, record['logEvents']);
  return [unwrapped(record, {})];
}

/** True for what CloudWatch Logs sends to see whether anybody listens. */
export function isControlMessage(record: JsonObject): boolean {
  return record['messageType'] === 'CONTROL_MESSAGE' && Array.isArray(record['logEvents']);
}

function noticesOfLogs(record: JsonObject, logEvents: readonly unknown[]): readonly (Notice | BrokenNotice)[] {
  const logs = without(record, 'logEvents');
  return logEvents.map((logEvent) => {
    const message = isJsonObject(logEvent) ? logEvent['message'] : logEvent;
    const inner = jsonObjectIn(message);
    if (inner === undefined) return { text: typeof message === 'string' ? message : JSON.stringify(message ?? null) };
    const outside = isJsonObject(logEvent) ? without(logEvent, 'message') : {};
    return unwrapped(inner, { logs: { ...logs, ...outside } });
  });
}

function unwrapped(record: JsonObject, around: JsonObject): Notice {
  const { detail, Message: message } = record;
  if (typeof record['detail-type'] === 'string' && isJsonObject(detail) && around['event'] === undefined)
    return unwrapped(detail, { ...around, event: without(record, 'detail') });
  const isSns = record['TopicArn'] !== undefined && around['sns'] === undefined;
  // SNS sends the message as text; tools that print or forward it may have parsed it.
  const inner = isSns ? (isJsonObject(message) ? message : jsonObjectIn(message)) : undefined;
  if (inner !== undefined) return unwrapped(inner, { ...around, sns: without(record, 'Message') });
  return { document: record, around };
}

/**
 * The first document of an object's sample, to recognise the object by; `lists` names the keys under which a document
 * may have its records. Undefined where the sample's first JSON value is not complete.
 */
export function firstNotice(sample: ObjectSample, ...lists: readonly string[]): Notice | undefined {
  const first = firstObject(sample.firstJson);
  if (first === undefined) return undefined;
  const list = lists.map((key) => first[key]).find((value) => Array.isArray(value));
  const record = list === undefined ? first : firstObject(list);
  if (record === undefined) return undefined;
  return noticesIn(record).find((notice) => 'document' in notice);
}

function firstObject(value: unknown): JsonObject | undefined {
  const found: unknown = Array.isArray(value) ? value[0] : value;
  return isJsonObject(found) ? found : undefined;
}
