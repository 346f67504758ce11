import type { DecodeContext, Decoded, JsonInput } from '#core/lake/source/log-source.ts';
import { openDelivered } from '#core/lake/text/delivered-record.ts';
import { placeInKey } from '#core/lake/text/key-place.ts';
import { factsOf } from './parse-message.ts';

/** The log events of subscriptions, one row each: the values of a JSON message, or the text of any other. */
export function logEvents(input: JsonInput, context: DecodeContext): readonly Decoded[] {
  const delivered = openDelivered(input, context);
  const raw = input.text;
  if (delivered.kind === 'control') return [{ kind: 'excluded', rule: 'cloudwatch.control-message', raw }];
  if (delivered.kind === 'record') return [{ kind: 'row', row: delivered.row, raw }];
  const place = placeInKey(context.key);
  const row = {
    cloudwatch: delivered.logs,
    key_place: place,
    text: delivered.text,
    text_facts: factsOf(delivered.text),
  };
  return [{ kind: 'row', row, raw }];
}
