import { isExactNumber } from '#core/lake/text/exact-json.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { collectNames, type NameCollector } from '#core/lake/text/named-values.ts';
import { type SystemName, systemLabels, type WindowsEvent } from './windows-event.ts';

type Parts = {
  readonly system: Partial<Record<SystemName, string>>;
  readonly data: NameCollector;
  readonly others: NameCollector;
  message?: string;
};

/** The event of a JSON object as Winlogbeat, NXLog or a converter of event files writes it; undefined for any other object. */
export function eventFromJson(record: JsonObject): WindowsEvent | undefined {
  const { winlog, Event: whole, event_data: data } = record;
  if (isJsonObject(winlog)) return fromWinlogbeat(record, winlog);
  if (isJsonObject(whole) && isJsonObject(whole['System'])) return fromConverter(whole, without(record, 'Event'));
  if (isJsonObject(record['System'])) return fromConverter(record, {});
  if (typeof record['winlog.event_id'] !== 'undefined') return fromDottedWinlogbeat(record);
  if (isJsonObject(data) && record['log_name'] !== undefined) return fromOldWinlogbeat(record);
  return isFlat(record) ? fromFlat(record) : undefined;
}

/** Winlogbeat 7 and later, and Elastic Agent. */
function fromWinlogbeat(record: JsonObject, winlog: JsonObject): WindowsEvent {
  const parts = noParts();
  const { event_data: data, user_data: userData, process, user, ...system } = winlog;
  const isUserData = isJsonObject(userData) && !isJsonObject(data);
  takeData(parts, isUserData ? without(userData, 'xml_name') : data);
  if (isUserData) addLeaves(userData['xml_name'], 'UserData', parts.others);
  else addLeaves(userData, 'UserData', parts.others);
  take(parts, system, winlogNames, 'winlog.');
  takeNested(parts, process, [['processId', 'pid']], 'winlog.process');
  takeNested(parts, user, [['userId', 'identifier']], 'winlog.user');
  const { winlog: _, message, log, event, '@timestamp': time, ...others } = record;
  if (typeof message === 'string') parts.message = message;
  else if (message !== undefined) addLeaves(message, 'message', parts.others);
  if (typeof time === 'string' && (parts.system.time ?? time) === time) parts.system.time = time;
  else addLeaves(time, '@timestamp', parts.others);
  takeNested(parts, log, [['level', 'level']], 'log');
  takeNested(parts, event, [['eventId', 'code']], 'event');
  addLeaves(others, '', parts.others);
  return eventOf(parts, isUserData ? 'UserData' : 'EventData');
}

const winlogNames: Readonly<Record<string, SystemName>> = {
  channel: 'channel',
  provider_name: 'provider',
  provider_guid: 'providerGuid',
  computer_name: 'computer',
  event_id: 'eventId',
  record_id: 'recordId',
  version: 'version',
  opcode: 'opcode',
  task: 'task',
  keywords: 'keywords',
  activity_id: 'activityId',
  related_activity_id: 'relatedActivityId',
  time_created: 'time',
};

/** The same with every path written as one key. */
function fromDottedWinlogbeat(record: JsonObject): WindowsEvent {
  const winlog: Record<string, unknown> = Object.create(null);
  const data: Record<string, unknown> = Object.create(null);
  const others: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(record)) {
    if (key.startsWith('winlog.event_data.')) data[key.slice('winlog.event_data.'.length)] = value;
    else if (key.startsWith('winlog.')) winlog[key.slice('winlog.'.length)] = value;
    else others[key] = value;
  }
  return fromWinlogbeat(others, { ...winlog, event_data: data });
}

/** Winlogbeat before 7. */
function fromOldWinlogbeat(record: JsonObject): WindowsEvent {
  const parts = noParts();
  const { event_data: data, message, ...others } = record;
  takeData(parts, data);
  if (typeof message === 'string') parts.message = message;
  else addLeaves(message, 'message', parts.others);
  take(parts, others, oldNames, '');
  return eventOf(parts, 'EventData');
}

const oldNames: Readonly<Record<string, SystemName>> = {
  ...winlogNames,
  log_name: 'channel',
  source_name: 'provider',
  record_number: 'recordId',
  level: 'level',
  process_id: 'processId',
  thread_id: 'threadId',
  '@timestamp': 'time',
};

/** Converters of `.evtx` files keep the structure of the XML: attributes are in `#attributes` or begin with `@`. */
function fromConverter(event: JsonObject, around: JsonObject): WindowsEvent {
  const parts = noParts();
  const { System: system, EventData: data, UserData: userData, RenderingInfo: rendering, ...more } = event;
  const { '#attributes': attributes, ...others } = more;
  const leaves = collectNames();
  addLeaves(system, 'System', leaves);
  for (const [path, value] of Object.entries(leaves.values)) {
    const name = labelled.get(plainPath(path));
    if (name === undefined || parts.system[name] !== undefined) parts.others.add(path, value);
    else parts.system[name] = value;
  }
  if (isJsonObject(data)) takeConverterData(parts, data);
  else addLeaves(data, 'EventData', parts.others);
  for (const [name, inner] of Object.entries(isJsonObject(userData) ? userData : {})) {
    parts.others.add('UserData', name);
    takeData(parts, inner);
  }
  const { Message: message, ...rendered } = isJsonObject(rendering) ? rendering : {};
  if (typeof message === 'string') parts.message = message;
  addLeaves(rendered, 'RenderingInfo', parts.others);
  // The place of the schema says nothing of the event.
  addLeaves(isJsonObject(attributes) ? without(attributes, 'xmlns') : attributes, 'Event', parts.others);
  addLeaves(others, '', parts.others);
  addLeaves(around, '', parts.others);
  return eventOf(parts, data === undefined || data === null ? 'UserData' : 'EventData');
}

const labelled: ReadonlyMap<string, SystemName> = new Map(
  // The keys are those of `systemLabels`.
  Object.entries(systemLabels).map(([name, label]) => [label, name as SystemName]),
);

function plainPath(path: string): string {
  return path
    .replaceAll('.#attributes', '')
    .replaceAll('.#text', '')
    .replaceAll('.@', '.')
    .replace(/_attributes(?=\.|$)/, '');
}

/** `Data` is a list of unnamed values, or of values with their names. */
function takeConverterData(parts: Parts, data: JsonObject): void {
  const { Data: list, ...named } = data;
  takeData(parts, named);
  const texts: unknown = isJsonObject(list) && Array.isArray(list['#text']) ? list['#text'] : list;
  const values: readonly unknown[] = Array.isArray(texts) ? texts : texts === undefined ? [] : [texts];
  for (const [index, value] of values.entries()) {
    const name: unknown = isJsonObject(value) ? (value['@Name'] ?? value['Name']) : undefined;
    if (isJsonObject(value) && typeof name === 'string') {
      const { '@Name': _name, Name: _other, '#text': text, ...more } = value;
      takeValue(parts, name, text);
      addLeaves(more, `EventData.${name}`, parts.others);
    } else takeValue(parts, `param${index + 1}`, value);
  }
}

/** NXLog, and others that put the event's own values beside those of Windows. */
function fromFlat(record: JsonObject): WindowsEvent {
  const parts = noParts();
  const isNetwork = /^51[5-6]\d$/.test(scalarText(record['EventID']) ?? '');
  for (const [key, value] of Object.entries(record)) {
    const name = flatNames[key];
    const text = scalarText(value);
    if (text === undefined) {
      if (name !== undefined && value !== null) addLeaves(value, systemLabels[name], parts.others);
      else takeValue(parts, key, value);
    } else if (key === 'Message') parts.message = text;
    else if (forwarderNames.has(key)) parts.others.add(key, text);
    else if (key === 'EventType' && eventTypes.has(text)) parts.others.add('EventType', text);
    // Without the thread beside it, the process is one that the event speaks of.
    else if (key === 'ProcessID' && (isNetwork || record['ThreadID'] === undefined)) takeValue(parts, key, value);
    else if (name === undefined) takeValue(parts, key, value);
    else if (parts.system[name] === undefined) parts.system[name] = text;
    else parts.others.add(key, text);
  }
  return eventOf(parts, 'EventData');
}

const flatNames: Readonly<Record<string, SystemName>> = Object.assign(Object.create(null), {
  EventID: 'eventId',
  EventId: 'eventId',
  SourceName: 'provider',
  ProviderName: 'provider',
  ProviderGuid: 'providerGuid',
  EventTime: 'time',
  TimeCreated: 'time',
  SystemTime: 'time',
  '@timestamp': 'time',
  Hostname: 'computer',
  Computer: 'computer',
  ComputerName: 'computer',
  MachineName: 'computer',
  Channel: 'channel',
  LogName: 'channel',
  Level: 'level',
  Task: 'task',
  OpcodeValue: 'opcode',
  Keywords: 'keywords',
  Version: 'version',
  RecordNumber: 'recordId',
  EventRecordID: 'recordId',
  RecordId: 'recordId',
  ActivityID: 'activityId',
  RelatedActivityID: 'relatedActivityId',
  ProcessID: 'processId',
  ThreadID: 'threadId',
  ExecutionProcessID: 'processId',
  ExecutionThreadID: 'threadId',
  UserID: 'userId',
});

/** Values of the forwarder itself. */
const forwarderNames = new Set([
  'EventReceivedTime',
  'SourceModuleName',
  'SourceModuleType',
  'Severity',
  'SeverityValue',
  'Category',
  'Opcode',
  '@version',
]);

const eventTypes = new Set(['AUDIT_SUCCESS', 'AUDIT_FAILURE', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'VERBOSE']);

/** An event's number, and who or which log has it. */
function isFlat(record: JsonObject): boolean {
  const hasNumber = /^\d{1,5}$/.test(scalarText(record['EventID'] ?? record['EventId']) ?? '');
  return (
    hasNumber && ['Channel', 'SourceName', 'ProviderName', 'LogName'].some((key) => typeof record[key] === 'string')
  );
}

function noParts(): Parts {
  return { system: {}, data: collectNames(), others: collectNames() };
}

function eventOf({ system, data, others, message }: Parts, dataLabel: WindowsEvent['dataLabel']): WindowsEvent {
  return { system, data: data.values, dataLabel, others: others.values, ...(message === undefined ? {} : { message }) };
}

function takeData(parts: Parts, data: unknown): void {
  if (!isJsonObject(data)) addLeaves(data, 'EventData', parts.others);
  else for (const [name, value] of Object.entries(data)) takeValue(parts, name, value);
}

function takeValue(parts: Parts, name: string, value: unknown): void {
  const text = scalarText(value);
  if (text === undefined) addLeaves(value, `EventData.${name}`, parts.others);
  else parts.data.add(name, text);
}

function take(
  parts: Parts,
  from: JsonObject,
  names: Readonly<Record<string, SystemName>>,
  prefix: '' | 'winlog.',
): void {
  for (const [key, value] of Object.entries(from)) {
    const name = Object.hasOwn(names, key) ? names[key] : undefined;
    const text = key === 'keywords' && Array.isArray(value) ? value.map(String).join(', ') : scalarText(value);
    if (name === undefined || text === undefined) addLeaves(value, `${prefix}${key}`, parts.others);
    else if (parts.system[name] === undefined) parts.system[name] = text;
    else parts.others.add(`${prefix}${key}`, text);
  }
}

function takeNested(
  parts: Parts,
  from: unknown,
  names: readonly (readonly [SystemName, string])[],
  prefix: string,
): void {
  if (!isJsonObject(from)) return addLeaves(from, prefix, parts.others);
  const rest: Record<string, unknown> = { ...from };
  for (const [name, key] of names) {
    const text = scalarText(from[key]);
    if (text === undefined || (parts.system[name] ?? text) !== text) continue;
    parts.system[name] = text;
    delete rest[key];
  }
  addLeaves(rest, prefix, parts.others);
}

/** Adds what is in a value, by dotted paths; lists as JSON. */
export function addLeaves(value: unknown, path: string, to: NameCollector): void {
  if (value === null || value === undefined) return;
  const text = scalarText(value);
  if (text !== undefined) to.add(path, text);
  else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) addLeaves(inner, path === '' ? key : `${path}.${key}`, to);
  } else to.add(path, JSON.stringify(value));
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || isExactNumber(value)
    ? JSON.stringify(value)
    : undefined;
}

function without(record: JsonObject, key: string): JsonObject {
  const { [key]: _, ...others } = record;
  return others;
}
