import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Fault, instantOf, scalarFault, show } from './check-value.ts';
import type { Attribute, CompiledSchema, EventClass, Item, OcsfSchema } from './schema.ts';
import { compiled, isBroughtBy, objectNamed, resolvePath } from './schema.ts';

export type { OcsfSchema } from './schema.ts';

const schemaFile = 'schema-1.1.0.json.gz';

/** The compiled OCSF 1.1.0 schema from the shared folder beside the repository, or undefined where that is absent. */
export function loadSchema(): OcsfSchema | undefined {
  const shared = process.env['YAGURA_SHARED'] ?? join(import.meta.dirname, '../../../shared');
  const file = [join(shared, 'ocsf', schemaFile), join(shared, schemaFile)].find((path) => existsSync(path));
  if (file === undefined) return undefined;
  // The file is trusted: it is published, pinned by commit, and compile() refuses types it does not know.
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as OcsfSchema;
}

/** Every way in which an event breaks the schema, one sentence each, naming the attribute's path; none when it is valid. */
export function validateEvent(schema: OcsfSchema, event: unknown): string[] {
  return problemsOf(schema, event).map(sentence);
}

/** Throws the 20 most frequent problems of the events with their counts; returns how many events were checked. */
export function assertValid(schema: OcsfSchema, events: Iterable<unknown>): number {
  const groups = new Map<string, { count: number; example: string; firstIndex: number }>();
  let checked = 0;
  let broken = 0;
  for (const event of events) {
    const problems = problemsOf(schema, event);
    for (const problem of problems) {
      const key = `${problem.path.replace(/\[\d+\]/g, '[]')} ${problem.fault.rule}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { count: 1, example: sentence(problem), firstIndex: checked });
      else group.count += 1;
    }
    checked += 1;
    if (problems.length > 0) broken += 1;
  }
  if (broken === 0) return checked;
  const ranked = [...groups.values()].sort((a, b) => b.count - a.count);
  const lines = ranked
    .slice(0, 20)
    .map((group) => `${group.count} x ${group.example} (first in event ${group.firstIndex})`);
  if (ranked.length > lines.length) lines.push(`and ${ranked.length - lines.length} more kinds of problems`);
  throw new Error(`${broken} of ${checked} events break OCSF ${schema.version}:\n${lines.join('\n')}`);
}

interface Problem {
  readonly path: string;
  readonly fault: Fault;
}

function sentence({ path, fault }: Problem): string {
  return `${path} ${fault.rule}${fault.shown === undefined ? '' : `, but is ${fault.shown}`}.`;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** What one validation carries along. */
interface Visit {
  readonly schema: CompiledSchema;
  readonly profiles: readonly string[];
  readonly report: (path: string, rule: string, value?: unknown) => void;
  readonly reportFault: (path: string, fault: Fault) => void;
}

// Beyond any real event; a hostile chain of parent processes must not overflow the stack.
const deepestPath = 100;

function problemsOf(schema: OcsfSchema, event: unknown): Problem[] {
  const problems: Problem[] = [];
  const reportFault = (path: string, fault: Fault): void => {
    problems.push({ path, fault });
  };
  const report = (path: string, rule: string, value?: unknown): void =>
    reportFault(path, value === undefined ? { rule } : { rule, shown: show(value) });
  if (!isObject(event)) {
    report('The event', 'must be an object', event);
    return problems;
  }
  const tables = compiled(schema);
  const classUid = event['class_uid'];
  const eventClass = typeof classUid === 'number' ? tables.classes.get(classUid) : undefined;
  if (eventClass === undefined) {
    if (classUid === undefined) report('class_uid', 'is required by every class, but missing');
    else report('class_uid', `must name a class of OCSF ${tables.version}`, classUid);
    return problems;
  }
  const visit: Visit = { schema: tables, profiles: namedProfiles(event), report, reportFault };
  visitItem(visit, eventClass, event, '', 0);
  checkProfilesExist(visit);
  checkVersion(visit, event);
  checkClassification(visit, eventClass, event);
  checkObservableNames(visit, eventClass, event);
  return problems;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function namedProfiles(event: JsonObject): readonly string[] {
  const metadata = event['metadata'];
  const profiles = isObject(metadata) ? metadata['profiles'] : undefined;
  return Array.isArray(profiles) ? profiles.filter((profile) => typeof profile === 'string') : [];
}

function visitItem(visit: Visit, item: Item, value: JsonObject, path: string, depth: number): void {
  const names = Object.keys(value);
  if (names.length === 0) return visit.report(path === '' ? 'The event' : path, 'must not be an empty object');
  if (item.isOpen) return visitOpenContent(visit, value, path);
  if (depth > deepestPath) return visit.report(path, `is nested more than ${deepestPath} deep`);
  const prefix = path === '' ? '' : `${path}.`;
  for (const name of names) visitAttribute(visit, item, name, value[name], `${prefix}${name}`, depth);
  for (const attribute of item.required) {
    if (value[attribute.name] !== undefined || !isBroughtBy(attribute, visit.profiles)) continue;
    visit.report(`${prefix}${attribute.name}`, `is required by ${requirer(item, attribute)}, but missing`);
  }
  checkConstraints(visit, item, value, path);
  for (const { timestamp, datetime } of item.instants) {
    checkSameInstant(visit, value[timestamp], value[datetime], `${prefix}${datetime}`);
  }
}

function requirer(item: Item, attribute: Attribute): string {
  return attribute.profiles === undefined ? item.label : `profile ${attribute.profiles.join(' or ')} in ${item.label}`;
}

function visitAttribute(visit: Visit, item: Item, name: string, value: unknown, path: string, depth: number): void {
  const attribute = item.attributes.get(name);
  if (attribute === undefined) return visit.report(printable(path), `is not an attribute of ${item.label}`);
  if (!isBroughtBy(attribute, visit.profiles)) {
    return visit.report(path, `needs the profile ${attribute.profiles?.join(' or ')} in metadata.profiles`);
  }
  if (value === undefined) return;
  if (value === null) return visit.report(path, 'must be left out instead of being null');
  if (!attribute.isArray) return visitValue(visit, attribute, value, path, depth);
  if (!Array.isArray(value)) return visit.report(path, 'must be an array', value);
  if (value.length === 0 && attribute.isRequired)
    visit.report(path, `is required by ${item.label}, but is an empty array`);
  value.forEach((element: unknown, index) => {
    if (isAbsent(element)) visit.report(`${path}[${index}]`, 'must be left out instead of being null');
    else visitValue(visit, attribute, element, `${path}[${index}]`, depth);
  });
}

function visitValue(visit: Visit, attribute: Attribute, value: unknown, path: string, depth: number): void {
  if ('object' in attribute.type) {
    if (!isObject(value)) return visit.report(path, `must be an object (${attribute.type.object})`, value);
    return visitItem(visit, objectNamed(visit.schema, attribute.type.object), value, path, depth + 1);
  }
  const fault = scalarFault(attribute.type.scalar, value);
  if (fault !== undefined) return visit.reportFault(path, fault);
  const { enumeration } = attribute;
  if (enumeration === undefined || enumeration.has(String(value))) return;
  const keys = [...enumeration.keys()];
  visit.report(path, `must be one of ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', …' : ''}`, value);
}

/** The generic object holds whatever the source has, but a null says nothing there either. Not recursive: any depth is legal. */
function visitOpenContent(visit: Visit, content: JsonObject, path: string): void {
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: content, path }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path: at } = next;
    if (value === null) visit.report(printable(at), 'must be left out instead of being null');
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) {
      if (inner !== null && typeof inner !== 'object') continue;
      waiting.push({ value: inner, path: Array.isArray(value) ? `${at}[${name}]` : `${at}.${name}` });
    }
  }
}

/** A path with names from the event itself, which may hold anything. */
function printable(path: string): string {
  return /^[\w.[\]-]{1,200}$/.test(path) ? path : show(path);
}

function checkConstraints(visit: Visit, item: Item, value: JsonObject, path: string): void {
  for (const { kind, paths } of item.constraints) {
    const present = paths.filter(({ steps }) => !isAbsent(valueAt(value, steps)));
    const names = paths.map(({ name }) => name).join(', ');
    const at = path === '' ? 'The event' : path;
    if (kind === 'at_least_one') {
      if (present.length === 0) visit.report(at, `needs at least one of ${names} (${item.label})`);
    } else if (kind === 'just_one') {
      if (present.length !== 1)
        visit.report(at, `needs exactly one of ${names} (${item.label}), but has ${present.length}`);
    } else {
      throw new Error(`The OCSF schema has a constraint that this validator does not know: ${kind} of ${item.label}`);
    }
  }
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce((inner, step) => (isObject(inner) ? inner[step] : undefined), value);
}

function checkSameInstant(visit: Visit, timestamp: unknown, datetime: unknown, path: string): void {
  if (typeof timestamp !== 'number' || typeof datetime !== 'string') return;
  const instant = instantOf(datetime);
  // One of the two may be cut where the other is rounded.
  if (instant === undefined || Math.abs(instant - timestamp) <= 1) return;
  visit.report(path, `must tell the same instant as ${path.slice(0, -'_dt'.length)}`, datetime);
}

function checkProfilesExist(visit: Visit): void {
  visit.profiles.forEach((profile, index) => {
    if (!visit.schema.profiles.has(profile)) {
      visit.report(`metadata.profiles[${index}]`, `must name a profile of OCSF ${visit.schema.version}`, profile);
    }
  });
}

function checkVersion(visit: Visit, event: JsonObject): void {
  const version = valueAt(event, ['metadata', 'version']);
  if (typeof version !== 'string' || version === visit.schema.version) return;
  visit.report('metadata.version', `must be ${visit.schema.version}`, version);
}

/** The identifiers that follow from others, and the captions that follow from identifiers. */
function checkClassification(visit: Visit, eventClass: EventClass, event: JsonObject): void {
  const { activity_id: activity, type_uid: type } = event;
  // A type_uid that no activity of the class has was reported with the enums.
  const isKnownType = eventClass.attributes.get('type_uid')?.enumeration?.has(String(type)) ?? true;
  if (isKnownType && typeof activity === 'number' && type !== eventClass.uid * 100 + activity) {
    visit.report('type_uid', 'must be class_uid * 100 + activity_id', type);
  }
  checkCaption(visit, eventClass, event, 'class_uid');
  checkCaption(visit, eventClass, event, 'category_uid');
  // With 99 the source's own word is welcome, with 0 nobody knows a better one.
  if (activity !== 0 && activity !== 99) checkCaption(visit, eventClass, event, 'type_uid');
}

function checkCaption(visit: Visit, eventClass: EventClass, event: JsonObject, name: string): void {
  const { enumeration, sibling } = eventClass.attributes.get(name) ?? {};
  const caption = enumeration?.get(String(event[name]));
  if (caption === undefined || sibling === undefined) return;
  const written = event[sibling];
  if (typeof written !== 'string' || written === caption) return;
  visit.report(sibling, `must be ${show(caption)}, the caption of ${name} ${String(event[name])}`, written);
}

function checkObservableNames(visit: Visit, eventClass: EventClass, event: JsonObject): void {
  const observables = event['observables'];
  if (!Array.isArray(observables)) return;
  observables.forEach((observable: unknown, index) => {
    const name = isObject(observable) ? observable['name'] : undefined;
    if (typeof name !== 'string') return;
    const passed = resolvePath(visit.schema, eventClass, name);
    if (passed?.every((attribute) => isBroughtBy(attribute, visit.profiles))) return;
    visit.report(`observables[${index}].name`, `must be the path of an attribute that ${eventClass.label} has`, name);
  });
}
