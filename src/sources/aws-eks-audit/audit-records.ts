import type { DecodeContext, Decoded, JsonInput, ObjectSample } from '#core/lake/source/log-source.ts';
import { openDelivered } from '#core/lake/text/delivered-record.ts';
import { firstJsonRecord, hasKeys } from '#core/lake/text/first-json-record.ts';
import type { JsonObject } from '#core/lake/text/json-object.ts';

/** The control plane's log group has a stream of this name for each API server, beside those of other components. */
const auditStream = 'kube-apiserver-audit';

/** Audit events as they are, or as log events of the control plane's log group; what other components log is left out. */
export function auditRecords(input: JsonInput, context: DecodeContext): readonly Decoded[] {
  const delivered = openDelivered(input, context);
  const raw = input.text;
  if (delivered.kind === 'control') return [{ kind: 'excluded', rule: 'cloudwatch.control-message', raw }];
  const isOther = delivered.logs !== undefined && !isAuditStream(delivered.logs);
  if (delivered.kind === 'record')
    return [
      isOther && !Object.hasOwn(delivered.row, 'auditID')
        ? { kind: 'excluded', rule: 'eks.not-audit', raw }
        : { kind: 'row', row: delivered.row, raw },
    ];
  if (isOther) return [{ kind: 'excluded', rule: 'eks.not-audit', raw }];
  const detail = `the message of a log event in ${auditStream} is no JSON object: ${delivered.text.slice(0, 100)}`;
  return [{ kind: 'trouble', trouble: { reason: 'message.not-json', detail }, raw }];
}

/** True for audit events, and for subscriptions of a log group of EKS or with audit events in their messages. */
export function isAuditLog(sample: ObjectSample): boolean {
  const first = firstJsonRecord(sample);
  if (first === undefined || Array.isArray(first['logEvents'])) return isSubscriptionText(sample.text);
  return hasKeys(first, ['auditID', 'stage', 'requestURI']);
}

/** Where the envelope is lost no stream is known; then a message that is no audit event is trouble, not left out. */
function isAuditStream(logs: JsonObject): boolean {
  const stream = logs['logStream'];
  return typeof stream !== 'string' || stream.startsWith(auditStream);
}

/** Looks at the text: an envelope is often longer than a sample. */
function isSubscriptionText(text: string): boolean {
  const isAudit = text.includes('"auditID"') && text.includes('"audit.k8s.io/');
  if (!text.includes('"logEvents"')) return isAudit;
  return /"logGroup"\s*:\s*"\/aws\/eks\/[^"]{1,200}\/cluster"/.test(text) || text.includes('\\"auditID\\"');
}
