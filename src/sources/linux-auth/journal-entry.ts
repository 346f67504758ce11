import { isDecimal } from '#core/lake/text/ip-address.ts';
import { isJsonObject, jsonObjectIn } from '#core/lake/text/json-object.ts';

/** An entry of the systemd journal, as `journalctl -o json` writes it. */
export interface JournalEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly timeText: string;
  readonly hostname?: string;
  readonly app?: string;
  readonly pid?: string;
  readonly message?: string;
  readonly cursor?: string;
  readonly priority?: number;
  readonly facility?: number;
  /** All other fields. */
  readonly others: Readonly<Record<string, string>>;
}

/** Of `json-seq` and `json-sse`. */
const linePrefixes = ['\u001e', 'data: '];

/** Reads a line of `journalctl -o json`, `json-sse` or `json-seq`; undefined for what is no journal entry. */
export function journalEntry(line: string): JournalEntry | undefined {
  const prefix = linePrefixes.find((found) => line.startsWith(found)) ?? '';
  const text = line.slice(prefix.length);
  if (!text.startsWith('{')) return undefined;
  const entry = jsonObjectIn(text);
  const micros = entry?.['__REALTIME_TIMESTAMP'];
  if (entry === undefined || typeof micros !== 'string' || !isDecimal(micros) || micros.length > 18) return undefined;
  const fields = new Map(
    Object.entries(entry).flatMap(([name, value]) => {
      const field = fieldText(value);
      return field === undefined ? [] : [[name, field] as const];
    }),
  );
  const take = (...names: readonly string[]): string | undefined => {
    const name = names.find((candidate) => fields.has(candidate));
    const value = name === undefined ? undefined : fields.get(name);
    if (name !== undefined) fields.delete(name);
    return value;
  };
  take('__REALTIME_TIMESTAMP');
  return {
    at: Math.floor(Number(micros) / 1000),
    timeText: micros,
    ...given('hostname', take('_HOSTNAME')),
    ...given('app', take('SYSLOG_IDENTIFIER', '_COMM')),
    ...given('pid', take('_PID', 'SYSLOG_PID')),
    ...given('message', take('MESSAGE')),
    ...given('cursor', take('__CURSOR')),
    ...given('priority', levelOf(take('PRIORITY'))),
    ...given('facility', levelOf(take('SYSLOG_FACILITY'))),
    others: Object.fromEntries(fields),
  };
}

/** A field that is no UTF-8 is a list of bytes, one that stands several times a list of texts, one too large is null. */
function fieldText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value;
  const isBytes = Array.isArray(value) && value.length > 0 && value.every(isByte);
  if (isBytes) return Buffer.from(value).toString('utf8');
  return Array.isArray(value) || isJsonObject(value) ? JSON.stringify(value) : String(value);
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 256;
}

function levelOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,2}$/.test(text) ? Number(text) : undefined;
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // What a computed key holds is wider than TypeScript can say.
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
