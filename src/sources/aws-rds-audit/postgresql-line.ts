import { zoneOffset } from './time-zone.ts';

/** A line of PostgreSQL's log with the prefix that RDS sets: `%t:%r:%u@%d:[%p]:`. */
export interface PostgresqlLine {
  readonly time: string;
  readonly time_utc: string | null;
  readonly pid: string;
  readonly severity: string;
  readonly message: string;
  readonly user: string | null;
  readonly database: string | null;
  readonly client_host: string | null;
  readonly client_port: string | null;
  /** What a longer prefix has between the process and the severity. */
  readonly prefix: string | null;
  /** The whole text where its prefix can be read in two ways, because a name in it looks like its end. */
  readonly ambiguous: string | null;
}

const head = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) ([A-Za-z]{1,5}|[+-]\d\d(?::?\d\d)?):/;
/** User and database have at most 63 bytes each, so the process stands within this many characters. */
const longestNames = 63 + 1 + 63;
const remote = /^(?:([0-9A-Fa-f.:]{2,45}|[A-Za-z0-9.-]{1,255})\((\d{1,5})\)|(\[local\])|([^:@[\]()]{0,64})):/;
const process = /:\[(\d{1,10})\]:/g;
const severity =
  /^((?:[\w./-]{0,64}:){0,8})(LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION): {1,2}/;

/** Lines that belong to the message before them. */
export const secondary: ReadonlySet<string> = new Set(['DETAIL', 'HINT', 'STATEMENT', 'CONTEXT', 'QUERY', 'LOCATION']);

/** True for the first line of a message of PostgreSQL. */
export function isPostgresqlHead(line: string): boolean {
  return head.test(line);
}

/** The time at the head of a message, as it stands and in ISO 8601. */
export function timeOfHead(text: string): { readonly time: string; readonly time_utc: string | null } {
  const [, date = '', clock = '', zone = ''] = head.exec(text) ?? [];
  const offset = zoneOffset(zone);
  return { time: `${date} ${clock} ${zone}`, time_utc: offset === undefined ? null : `${date}T${clock}${offset}` };
}

/** Reads the prefix of a message; undefined where it is another prefix than that of RDS. */
export function postgresqlLine(text: string): PostgresqlLine | undefined {
  const [start] = head.exec(text) ?? [];
  if (start === undefined) return undefined;
  const afterTime = text.slice(start.length);
  const [peer = '', host, port, local] = remote.exec(afterTime) ?? [];
  if (peer === '') return undefined;
  const names = afterTime.slice(peer.length - 1);
  const ends = [...names.slice(0, longestNames + 16).matchAll(process)];
  const [end] = ends;
  if (end?.[1] === undefined) return undefined;
  const afterProcess = names.slice(end.index + end[0].length);
  const [lead, prefix = '', word = ''] = severity.exec(afterProcess) ?? [];
  if (lead === undefined) return undefined;
  const who = names.slice(1, end.index);
  const at = who.lastIndexOf('@');
  return {
    ...timeOfHead(text),
    pid: end[1],
    severity: word,
    message: afterProcess.slice(lead.length),
    user: given(at < 0 ? who : who.slice(0, at)),
    database: given(at < 0 ? undefined : who.slice(at + 1)),
    client_host: given(host ?? local),
    client_port: given(port),
    prefix: given(prefix),
    ambiguous: ends.length > 1 ? text : null,
  };
}

/** A value, null where it is empty; `[unknown]` stands for a name that the client has not told yet. */
export function given(value: string | undefined): string | null {
  return value === undefined || value === '' || value === '[unknown]' ? null : value;
}
