import type { DecodeContext, Decoded, JsonInput, ObjectSample } from '#core/lake/source/log-source.ts';
import { openDelivered } from '#core/lake/text/delivered-record.ts';
import { firstJsonRecord, hasKeys } from '#core/lake/text/first-json-record.ts';

const keys = ['firewall_name', 'availability_zone', 'event'];

/** Records of a firewall's log as they are, or as log events of a CloudWatch Logs subscription. */
export function firewallRecords(input: JsonInput, context: DecodeContext): readonly Decoded[] {
  const delivered = openDelivered(input, context);
  const raw = input.text;
  if (delivered.kind === 'control') return [{ kind: 'excluded', rule: 'cloudwatch.control-message', raw }];
  if (delivered.kind === 'record') return [{ kind: 'row', row: delivered.row, raw }];
  const detail = `the message of a log event is no JSON object: ${delivered.text.slice(0, 100)}`;
  return [{ kind: 'trouble', trouble: { reason: 'message.not-json', detail }, raw }];
}

/** True for records of a firewall's log, and for subscriptions with them in their messages. */
export function isFirewallLog(sample: ObjectSample): boolean {
  const first = firstJsonRecord(sample);
  if (first === undefined || Array.isArray(first['logEvents'])) return isSubscriptionText(sample.text);
  return hasKeys(first, keys);
}

/** Looks at the text: an envelope is often longer than a sample. */
function isSubscriptionText(text: string): boolean {
  return text.includes('"logEvents"') && keys.every((key) => text.includes(`\\"${key}\\"`));
}
