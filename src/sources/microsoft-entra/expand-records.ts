import type { Decoded, JsonInput } from '#core/lake/source/log-source.ts';
import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject, jsonObjectIn } from '#core/lake/text/json-object.ts';

/**
 * The records of a document, one row each, all in the form of Azure Monitor: a record of Microsoft Graph becomes the
 * `properties` of one that has nothing else.
 */
export function expandRecords({ text }: JsonInput): readonly Decoded[] {
  const document = parseExactJson(text);
  if (!isJsonObject(document)) return [notARecord(text)];
  const list = recordsIn(document);
  if (list === undefined) return [row(document)];
  if (list.length === 0) return [{ kind: 'excluded', rule: 'no-records', raw: '' }];
  return list.map((record) => (isJsonObject(record) ? row(record) : notARecord(JSON.stringify(record ?? null))));
}

/** The list of a page of Microsoft Graph, or of an export. */
function recordsIn(document: JsonObject): readonly unknown[] | undefined {
  if (isRecord(document)) return undefined;
  return [document['value'], document['records']].find((list): list is unknown[] => Array.isArray(list));
}

/** True for what has the values of a record itself, whatever else it has. */
export function isRecord(document: JsonObject): boolean {
  return ['category', 'properties', ...graphTimes].some((key) => Object.hasOwn(document, key));
}

const graphTimes = ['createdDateTime', 'activityDateTime'];

function row(record: JsonObject): Decoded {
  const { properties } = record;
  // Some pipelines carry the properties as text.
  const parsed = jsonObjectIn(properties);
  if (parsed !== undefined) return { kind: 'row', row: { ...record, properties: parsed }, raw: '' };
  const isGraph = properties === undefined && graphTimes.some((key) => Object.hasOwn(record, key));
  return { kind: 'row', row: isGraph ? { properties: record } : record, raw: '' };
}

function notARecord(raw: string): Decoded {
  return {
    kind: 'trouble',
    trouble: {
      reason: 'entra.not-a-record',
      detail: 'expected a record of Entra ID, or a document with "records" or "value"',
    },
    raw,
  };
}
