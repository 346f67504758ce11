import { lowerKeys } from '#core/lake/finding/lower-keys.ts';
import type { Decoded, JsonInput } from '#core/lake/source/log-source.ts';
import { isControlMessage, type Notice, noticesIn } from '#core/lake/text/aws-notice.ts';
import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject, withAlso, without } from '#core/lake/text/json-object.ts';
import { evidencesOf, relatedEventsOf, resourcesOf, tacticsOf } from './finding-parts.ts';

const malwareProtection = 'GuardDuty Malware Protection';

/** One row for each finding of a record: as GuardDuty exports it, inside an event, or as the API gives it. */
export function expandFindings({ text }: JsonInput): readonly Decoded[] {
  const record = parseExactJson(text);
  if (!isJsonObject(record)) return [notAFinding(text)];
  if (isControlMessage(record)) return [{ kind: 'excluded', rule: 'control-message', raw: text }];
  const notices = noticesIn(record);
  if (notices.length === 0) return [notAFinding(text)];
  return notices.flatMap((notice) => ('text' in notice ? [notAFinding(notice.text)] : rowsOf(notice)));
}

function rowsOf({ document, around }: Notice): readonly Decoded[] {
  const { event } = around;
  const detailType = isJsonObject(event) ? event['detail-type'] : undefined;
  // Whether a protected bucket is watched, and whether it could be tagged after a scan.
  if (
    typeof detailType === 'string' &&
    detailType.startsWith(malwareProtection) &&
    document['scanStatus'] === undefined
  )
    return [{ kind: 'excluded', rule: 'malware-protection-status', raw: '' }];
  const finding = document['Type'] !== undefined && document['type'] === undefined ? lowerKeys(document) : document;
  if (!isJsonObject(finding)) return [notAFinding(JSON.stringify(document))];
  return [{ kind: 'row', row: withAlso(withParts(finding), around), raw: '' }];
}

/** Puts beside a finding what map.sql reads of its nested parts; a resource that became none stays where it was. */
function withParts(finding: JsonObject): JsonObject {
  const service = isJsonObject(finding['service']) ? finding['service'] : {};
  const resources = resourcesOf(finding, service);
  const made = {
    resources,
    evidences: evidencesOf(finding, service),
    attacks: tacticsOf(service),
    relatedEvents: relatedEventsOf(service),
  };
  const isTaken = resources.some((resource) => resource['data'] === JSON.stringify(finding['resource']));
  return withAlso(isTaken ? without(finding, 'resource') : finding, { made });
}

function notAFinding(raw: string): Decoded {
  return {
    kind: 'trouble',
    trouble: { reason: 'guardduty.not-a-finding', detail: 'expected a GuardDuty finding, or an event with one' },
    raw,
  };
}
