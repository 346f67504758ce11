import type { DecodeContext, JsonInput, RawRow } from '#core/lake/source/log-source.ts';
import { isControlMessage } from './aws-notice.ts';
import { parseExactJson } from './exact-json.ts';
import { isJsonObject, type JsonObject, jsonObjectIn, withAlso, without } from './json-object.ts';
import { placeInKey } from './key-place.ts';

/** What a JSON input of a log delivery is. */
export type Delivered =
  /** A record, as a row that also has what the delivery tells: `cloudwatch` (the subscription) and `key_place`. */
  | { readonly kind: 'record'; readonly row: RawRow; readonly logs?: JsonObject }
  /** A log event whose message is no JSON object. */
  | { readonly kind: 'text'; readonly text: string; readonly logs: JsonObject }
  /** What CloudWatch Logs sends to see whether anybody listens. */
  | { readonly kind: 'control' };

/**
 * Opens a record that was delivered as it is, or as a log event of a CloudWatch Logs subscription; for decoders with
 * `at: ['logEvents'], envelope: true`. Numbers keep their digits.
 */
export function openDelivered(input: JsonInput, context: DecodeContext): Delivered {
  const event = recordOf(input.record);
  // A log event may come without its envelope: where that is torn, the event still stands.
  const envelope = isJsonObject(input.envelope) ? input.envelope : isLogEvent(event) ? {} : undefined;
  if (envelope === undefined) return { kind: 'record', row: rowOf(recordOf(parseExactJson(input.text)), context) };
  if (isControlMessage({ ...envelope, logEvents: [] })) return { kind: 'control' };
  const logs = withAlso(envelope, without(event, 'message'));
  const record = jsonObjectIn(event['message']);
  if (record !== undefined) return { kind: 'record', row: rowOf(record, context, logs), logs };
  const message = event['message'];
  return { kind: 'text', text: typeof message === 'string' ? message : JSON.stringify(message ?? null), logs };
}

function isLogEvent(event: JsonObject): boolean {
  const isKnown = (key: string): boolean => ['id', 'timestamp', 'message', 'extractedFields'].includes(key);
  return typeof event['message'] === 'string' && Object.hasOwn(event, 'id') && Object.keys(event).every(isKnown);
}

function recordOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : { value };
}

function rowOf(record: JsonObject, { key }: DecodeContext, logs?: JsonObject): RawRow {
  const place = placeInKey(key);
  const known = {
    ...(logs === undefined ? {} : { cloudwatch: logs }),
    ...(Object.keys(place).length === 0 ? {} : { key_place: place }),
  };
  return withAlso(known, record);
}
