import { readFileSync } from 'node:fs';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** An event of the folder, as it stands or with parts changed. */
export type EventRecipe =
  | string
  | {
      /** File name without `.json`. */
      readonly of: string;
      /** Everything that says when it was updated, last seen and delivered moves by this many minutes. */
      readonly minutes?: number;
      /** New values by path (`detail.severity`; `finding.` stands for `detail.findings.0.`). */
      readonly set?: Readonly<Record<string, Json>>;
      readonly without?: readonly string[];
    };

const TIMES: readonly string[] = [
  'time',
  'detail.updatedAt',
  'detail.service.eventLastSeen',
  'detail.lastUpdatedTime',
  'detail.eventTime',
  'finding.UpdatedAt',
  'finding.LastObservedAt',
  'finding.ProcessedAt',
  'finding.finding_info.modified_time',
  'finding.finding_info.modified_time_dt',
  'finding.finding_info.last_seen_time',
  'finding.time',
  'finding.time_dt',
];

/** One EventBridge event in AWS's own format. */
export function awsEvent(recipe: EventRecipe): JsonObject {
  const { of, minutes = 0, set = {}, without = [] } = typeof recipe === 'string' ? { of: recipe } : recipe;
  const event = baseEvent(of);
  if (minutes !== 0) for (const path of TIMES) shift(event, path, minutes * 60_000);
  for (const [path, value] of Object.entries(set)) assign(event, path, value);
  for (const path of without) assign(event, path, undefined);
  return event;
}

/** The finding of a Security Hub event. */
export function findingOf(event: JsonObject): JsonObject {
  return asObject(step(step(asObject(event['detail']), 'findings'), '0'));
}

function baseEvent(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as JsonObject;
}

function shift(event: JsonObject, path: string, ms: number): void {
  const keys = keysOf(path);
  const parent = parentOf(event, keys);
  const key = keys.at(-1) ?? '';
  const value = parent?.[key];
  if (parent === undefined || value === undefined) return;
  if (typeof value === 'number') parent[key] = value + ms;
  else if (typeof value === 'string') parent[key] = moved(value, ms);
}

function moved(text: string, ms: number): string {
  const at = new Date(Date.parse(text) + ms);
  if (text.endsWith('GMT')) return at.toUTCString();
  return text.includes('.') ? at.toISOString() : at.toISOString().replace('.000Z', 'Z');
}

function assign(event: JsonObject, path: string, value: Json | undefined): void {
  const keys = keysOf(path);
  const parent = parentOf(event, keys);
  const key = keys.at(-1) ?? '';
  if (parent === undefined) throw new Error(`no ${path} in the event`);
  if (value === undefined) delete parent[key];
  else parent[key] = value;
}

function keysOf(path: string): string[] {
  return path.replace(/^finding\./, 'detail.findings.0.').split('.');
}

function parentOf(event: JsonObject, keys: readonly string[]): JsonObject | undefined {
  let current: Json | undefined = event;
  for (const key of keys.slice(0, -1)) current = step(current, key);
  return current !== null && typeof current === 'object' ? (current as JsonObject) : undefined;
}

function step(value: Json | undefined, key: string): Json | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  return Array.isArray(value) ? value[Number(key)] : value[key];
}

function asObject(value: Json | undefined): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error('not an object');
  return value;
}
