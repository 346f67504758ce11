import type { DecodeContext, Decoded, JsonInput } from '#core/lake/source/log-source.ts';
import { isControlMessage, type Notice, noticesIn } from '#core/lake/text/aws-notice.ts';
import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject, withAlso, without } from '#core/lake/text/json-object.ts';

/** One row for each configuration item or change of compliance: from a history or snapshot file, an event or a notification. */
export function expandItems({ text }: JsonInput, { key }: DecodeContext): readonly Decoded[] {
  const record = parseExactJson(text);
  if (!isJsonObject(record)) return [trouble(text, 'expected a JSON object')];
  if (isControlMessage(record)) return [{ kind: 'excluded', rule: 'control-message', raw: text }];
  const notices = noticesIn(record);
  if (notices.length === 0) return [trouble(text, 'expected an item or a notification')];
  return notices.flatMap((notice) =>
    'text' in notice ? [trouble(notice.text, 'expected a JSON object')] : rowsOf(notice, key),
  );
}

function rowsOf({ document, around }: Notice, key: string): readonly Decoded[] {
  const { configurationItem, configurationItemSummary: summary, messageType, configurationItems } = document;
  if (isJsonObject(configurationItem))
    return [itemRow(configurationItem, { ...around, notice: without(document, 'configurationItem') }, key)];
  // A notification that is too large for its channel has all but the configuration.
  if (isJsonObject(summary)) {
    const configurationItemDiff = { changeType: summary['changeType'] ?? null };
    const notice = { ...without(document, 'configurationItemSummary'), configurationItemDiff };
    return [itemRow(without(summary, 'changeType'), { ...around, notice }, key)];
  }
  if (Array.isArray(configurationItems)) return itemsOf(configurationItems, { document, around }, key);
  if (document['newEvaluationResult'] !== undefined || messageType === 'ComplianceChangeNotification')
    return [{ kind: 'row', row: { compliance: filled(document), ...around }, raw: '' }];
  const rule = typeof messageType === 'string' ? ruleOf(messageType) : undefined;
  if (rule !== undefined) return [{ kind: 'excluded', rule, raw: '' }];
  if (document['resourceType'] !== undefined) return [itemRow(document, around, key)];
  return [trouble(JSON.stringify(document), `expected an item, not the message ${String(messageType).slice(0, 100)}`)];
}

/** A whole file inside a notification. */
function itemsOf(items: readonly unknown[], { document, around }: Notice, key: string): readonly Decoded[] {
  if (items.length === 0) return [{ kind: 'excluded', rule: 'no-items', raw: '' }];
  const context = { ...around, notice: without(document, 'configurationItems') };
  return items.map((item) =>
    isJsonObject(item) ? itemRow(item, context, key) : trouble(JSON.stringify(item), 'expected an item'),
  );
}

/** Messages about deliveries and evaluations, which say nothing of any resource. */
function ruleOf(messageType: string): string | undefined {
  if (/^Configuration(?:Snapshot|History)Delivery/.test(messageType)) return 'delivery-status';
  return /^ConfigRulesEvaluation|^ConfigRules?Reevaluation/i.test(messageType) ? 'evaluation-status' : undefined;
}

/** What the API of AWS Config calls otherwise than its files. */
const apiNames: Readonly<Record<string, string>> = {
  arn: 'ARN',
  accountId: 'awsAccountId',
  version: 'configurationItemVersion',
};

function itemRow(item: JsonObject, around: JsonObject, key: string): Decoded {
  const names = Object.entries(item).map(([name, value]) => {
    const ours = apiNames[name];
    return [ours !== undefined && item[ours] === undefined ? ours : name, value] as const;
  });
  const file = /_(Config(?:History|Snapshot))_/.exec(key)?.[1];
  const region = /\/Config\/([a-z0-9-]+)\/\d{4}\//.exec(key)?.[1] ?? /_Config_([a-z0-9-]+)_Config/.exec(key)?.[1];
  const made = { ...(file === undefined ? {} : { file }), ...(region === undefined ? {} : { region }) };
  return { kind: 'row', row: withAlso(filled(Object.fromEntries(names)), { ...around, made }), raw: '' };
}

/** Without the many lists, objects and texts of an item that are empty. */
function filled(item: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === '' || value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

function trouble(raw: string, detail: string): Decoded {
  return { kind: 'trouble', trouble: { reason: 'config.not-an-item', detail }, raw };
}
