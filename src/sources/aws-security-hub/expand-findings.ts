import type { Decoded, JsonInput } from '#core/lake/source/log-source.ts';
import { isControlMessage, noticesIn } from '#core/lake/text/aws-notice.ts';
import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject, withAlso, without } from '#core/lake/text/json-object.ts';
import { eachOf, ifAll, remainder, scalar, scalars, type Used, usedIf, whole } from '#core/lake/text/remainder.ts';
import { asffEvidences, knownEvidences } from './evidences.ts';
import { usedOf } from './used-ocsf.ts';

/**
 * The findings of a record, one row each. An ASFF finding keeps its keys. An OCSF finding of Security Hub V2 is given in
 * two parts, because its keys differ from those of ASFF in nothing but case: `v2` is what map.sql reads, `ocsf` the rest.
 */
export function expandFindings({ text }: JsonInput): readonly Decoded[] {
  const record = parseExactJson(text);
  if (!isJsonObject(record)) return [notAFinding(text)];
  if (isControlMessage(record)) return [{ kind: 'excluded', rule: 'control-message', raw: text }];
  const notices = noticesIn(record);
  if (notices.length === 0) return [notAFinding(text)];
  return notices.flatMap((notice) =>
    'text' in notice ? [notAFinding(notice.text)] : findingsOf(notice.document, notice.around),
  );
}

function findingsOf(document: JsonObject, around: JsonObject): readonly Decoded[] {
  const { findings = document['Findings'] } = document;
  // Groups of findings with their counts, of an insight that somebody sent on: no finding is in it.
  if (!Array.isArray(findings) && Array.isArray(document['insightResults']))
    return [{ kind: 'excluded', rule: 'insight-results', raw: '' }];
  if (!Array.isArray(findings)) return [findingRow(document, around)];
  if (findings.length === 0) return [{ kind: 'excluded', rule: 'no-findings', raw: '' }];
  const rest = without(document, 'findings', 'Findings');
  const context = Object.keys(rest).length === 0 ? around : withAlso(around, { detail: rest });
  return findings.map((finding: unknown) =>
    isJsonObject(finding) ? findingRow(finding, context) : notAFinding(JSON.stringify(finding)),
  );
}

function findingRow(finding: JsonObject, around: JsonObject): Decoded {
  const isOcsf = finding['class_uid'] !== undefined && finding['ProductArn'] === undefined;
  return { kind: 'row', row: withAlso(isOcsf ? ocsfParts(finding) : asffParts(finding), around), raw: '' };
}

/** Follow from the class and the activity. */
const derived = new Set(['class_name', 'category_uid', 'category_name', 'type_uid', 'type_name']);

function ocsfParts(finding: JsonObject): JsonObject {
  const used = usedOf(finding);
  const names = new Set([...Object.keys(used), 'class_uid', 'vulnerabilities']).difference(derived);
  const read = Object.fromEntries(
    [...names].flatMap((name) => (finding[name] === undefined ? [] : [[name, finding[name]]])),
  );
  const rest = remainder(finding, used);
  const made = { evidences: knownEvidences(finding['evidences']) };
  return rest === undefined ? { v2: read, made } : { v2: read, ocsf: rest, made };
}

const isOnlyOne = (list: unknown): boolean => Array.isArray(list) && list.length === 1;

const usedResource: Used = ifAll(['Id'], {
  Type: scalar,
  Id: scalar,
  Partition: scalar,
  Region: scalar,
  Details: whole,
  Tags: (tags) => isJsonObject(tags) && Object.values(tags).every((tag) => typeof tag === 'string'),
});

/** Lists whose elements are used in part, by their path. */
const usedLists: readonly { readonly path: readonly string[]; readonly used: Used }[] = [
  { path: ['Types'], used: scalars },
  // Only a Detection Finding has several resources.
  { path: ['Resources'], used: usedIf(isOnlyOne, eachOf(usedResource)) },
  { path: ['RelatedFindings'], used: eachOf(ifAll(['Id'], { ProductArn: scalar, Id: scalar })) },
  { path: ['Compliance', 'RelatedRequirements'], used: scalars },
  { path: ['Compliance', 'AssociatedStandards'], used: eachOf({ StandardsId: scalar }) },
  { path: ['Compliance', 'StatusReasons'], used: eachOf({ ReasonCode: scalar, Description: scalar }) },
];

/** The rests of lists stand beside them, under the names that Security Lake gives to such. */
function asffParts(finding: JsonObject): JsonObject {
  const rests = usedLists.flatMap(({ path, used }) => {
    const value = path.reduce<unknown>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), finding);
    const rest = remainder(value, used);
    return rest === undefined ? [] : [[`${path.join('.')}[]`, rest] as const];
  });
  return withAlso(finding, { ...Object.fromEntries(rests), made: { evidences: asffEvidences(finding) } });
}

function notAFinding(raw: string): Decoded {
  return {
    kind: 'trouble',
    trouble: { reason: 'security-hub.not-a-finding', detail: 'expected a finding, or an event with findings' },
    raw,
  };
}
