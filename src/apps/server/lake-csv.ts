import type { OcsfEvent } from '#core/lake/event-json.ts';

const COLUMNS = [
  'time',
  'class_name',
  'activity_name',
  'status',
  'severity',
  'cloud.account.uid',
  'cloud.region',
  'actor.user.name',
  'actor.user.uid',
  'src_endpoint.ip',
  'dst_endpoint.ip',
  'api.operation',
  'message',
];

/** Events as lines of CSV, the whole event as JSON in the last column. */
export function* csvOf(events: readonly OcsfEvent[]): Generator<string> {
  yield csvLine([...COLUMNS, 'event']);
  for (const event of events) {
    const values = COLUMNS.map((path) => valueAt(event, path));
    const [time, ...rest] = values;
    yield csvLine([new Date(Number(time)).toISOString(), ...rest, JSON.stringify(event)]);
  }
}

function valueAt(event: OcsfEvent, path: string): string {
  const found = path.split('.').reduce<unknown>((level, name) => {
    return typeof level === 'object' && level !== null && Object.hasOwn(level, name)
      ? (level as Readonly<Record<string, unknown>>)[name]
      : undefined;
  }, event);
  return found === undefined || found === null ? '' : String(found);
}

/** Quoted where it must be; what a spreadsheet would take for a formula begins with an apostrophe. */
function csvLine(values: readonly string[]): string {
  const fields = values.map((text) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${fields.join(',')}\r\n`;
}
