import { text } from '#core/lake/finding/evidence.ts';
import type { Decoded, JsonInput } from '#core/lake/source/log-source.ts';
import { isControlMessage, noticesIn } from '#core/lake/text/aws-notice.ts';
import { parseExactJson } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject, withAlso, without } from '#core/lake/text/json-object.ts';
import { eachOf, remainder, scalar, type Used, usedIf } from '#core/lake/text/remainder.ts';

/** One row for each notice of an event, or for each entity that the API lists. */
export function expandEvents({ text: raw }: JsonInput): readonly Decoded[] {
  const record = parseExactJson(raw);
  if (!isJsonObject(record)) return [notAnEvent(raw)];
  if (isControlMessage(record)) return [{ kind: 'excluded', rule: 'control-message', raw }];
  const notices = noticesIn(record);
  if (notices.length === 0) return [notAnEvent(raw)];
  return notices.flatMap((notice) =>
    'text' in notice ? [notAnEvent(notice.text)] : rowsOf(notice.document, notice.around),
  );
}

/** The lists in which the API answers: details, affected entities, and what it could not tell. */
function rowsOf(document: JsonObject, around: JsonObject): readonly Decoded[] {
  const lists = ['successfulSet', 'entities', 'failedSet'].filter((key) => Array.isArray(document[key]));
  if (lists.length === 0) return [eventRow(document, around)];
  const rest = without(document, ...lists);
  const context = Object.keys(rest).length === 0 ? around : withAlso(around, { answer: rest });
  const rows = lists.flatMap((key) =>
    [document[key]]
      .flat()
      .map((element) => (key === 'failedSet' ? failure(element, context) : elementRow(element, context))),
  );
  return rows.length === 0 ? [{ kind: 'excluded', rule: 'no-events', raw: '' }] : rows;
}

function failure(element: unknown, context: JsonObject): Decoded {
  const error = isJsonObject(element) ? text(element['errorName']) : undefined;
  const detail = `AWS Health could not tell of an account: ${(error ?? 'no reason').slice(0, 200)}`;
  return {
    kind: 'trouble',
    trouble: { reason: 'health.api-failure', detail },
    raw: JSON.stringify({ failed: element, ...context }),
  };
}

function elementRow(element: unknown, around: JsonObject): Decoded {
  return isJsonObject(element) ? eventRow(element, around) : notAnEvent(JSON.stringify(element));
}

/** Details of the API have the event below `event`; an entity names only the event's ARN. */
function eventRow(found: JsonObject, around: JsonObject): Decoded {
  const { event } = found;
  const whole = isJsonObject(event) ? withAlso(event, without(found, 'event')) : found;
  const isEntity = whole['entityValue'] !== undefined && whole['affectedEntities'] === undefined;
  const flat: JsonObject = isEntity ? { ...ofEvent(whole), affectedEntities: [without(whole, 'eventArn')] } : whole;
  const { affectedEntities, eventDescription } = flat;
  const rest = withAlso(without(flat, 'affectedEntities', 'eventDescription'), {
    ...part('affectedEntities[]', remainder(affectedEntities, eachOf(usedEntity))),
    ...part('eventDescription[]', remainder(eventDescription, usedOf(eventDescription))),
    ...around,
    made: { resources: resourcesOf(affectedEntities), description: descriptionOf(eventDescription), isEntity },
  });
  return { kind: 'row', row: rest, raw: '' };
}

/** What an entity says of its event. */
function ofEvent({ eventArn, awsAccountId, lastUpdatedTime }: JsonObject): JsonObject {
  return { eventArn, awsAccountId, lastUpdatedTime };
}

function part(name: string, value: unknown): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

/** An entity is taken over whole: what has no place of its own is its data. */
const usedEntity: Used = usedIf(
  (entity) => resourceOf(entity) !== undefined,
  () => true,
);
const description: Used = { latestDescription: scalar };

function resourcesOf(entities: unknown): readonly JsonObject[] {
  if (!Array.isArray(entities)) return [];
  return entities.map(resourceOf).filter((resource) => resource !== undefined);
}

function resourceOf(entity: unknown): JsonObject | undefined {
  if (!isJsonObject(entity)) return undefined;
  const [value, arn, account] = [entity['entityValue'], entity['entityArn'], entity['awsAccountId']].map(text);
  const uid = value ?? arn;
  if (uid === undefined) return undefined;
  const data = without(entity, 'entityValue');
  return {
    uid,
    ...(account === undefined ? {} : { owner: { account: { uid: account } } }),
    ...(Object.keys(data).length === 0 ? {} : { data: JSON.stringify(data) }),
  };
}

/** A list from EventBridge, an object from the API. Of several languages one is used, and all are kept. */
function usedOf(found: unknown): Used {
  return Array.isArray(found)
    ? usedIf((list) => Array.isArray(list) && list.length === 1, eachOf(description))
    : description;
}

/** English where there is a choice. */
function descriptionOf(found: unknown): string | null {
  const all: readonly JsonObject[] = (Array.isArray(found) ? found : [found]).filter(isJsonObject);
  const english = all.find((entry) => text(entry['language'])?.startsWith('en') === true) ?? all[0];
  return (english === undefined ? undefined : text(english['latestDescription'])) ?? null;
}

function notAnEvent(raw: string): Decoded {
  return {
    kind: 'trouble',
    trouble: { reason: 'health.not-an-event', detail: 'expected an event of AWS Health' },
    raw,
  };
}
