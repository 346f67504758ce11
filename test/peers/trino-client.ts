import { setTimeout } from 'node:timers/promises';

/** A column of an answer; the type as Trino spells it. */
export interface TrinoColumn {
  readonly name: string;
  readonly type: string;
}

/** A whole answer. Integers that a number cannot hold are `bigint`s; rows (structs) are arrays. */
export interface TrinoAnswer {
  readonly columns: readonly TrinoColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly TrinoColumn[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string; readonly errorName: string };
}

/** True where no Trino is given and none is demanded: its tests are then skipped, and shown as skipped. */
export const trinoMissing =
  process.env['YAGURA_TRINO_URL'] === undefined && process.env['YAGURA_REQUIRE_PEERS'] === undefined;

/** Where the Trino of the peer tests listens; its catalog is `lake`. */
export const trinoUrl = (): string => given('YAGURA_TRINO_URL');

/** The folder that this Trino knows as `local:///`. */
export const trinoFolder = (): string => given('YAGURA_TRINO_FOLDER');

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run these tests with npm run test:peers`);
  return value;
}

/** Runs one statement (without a semicolon) to its end in the catalog `lake`; throws with Trino's message. */
export async function trinoQuery(url: string, sql: string): Promise<TrinoAnswer> {
  let columns: readonly TrinoColumn[] = [];
  const rows: (readonly unknown[])[] = [];
  let page = await ask(`${url}/v1/statement`, { method: 'POST', body: sql });
  for (;;) {
    if (page.error !== undefined) throw new Error(`${page.error.errorName}: ${page.error.message}\n${sql}`);
    columns = page.columns ?? columns;
    for (const row of page.data ?? []) rows.push(row);
    if (page.nextUri === undefined) return { columns: columns.map(({ name, type }) => ({ name, type })), rows };
    page = await ask(page.nextUri, {});
  }
}

const headers = {
  'x-trino-user': 'peer-test',
  'x-trino-catalog': 'lake',
  'x-trino-time-zone': 'UTC',
  // Without it every timestamp is cut to milliseconds.
  'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
};

async function ask(address: string, request: RequestInit): Promise<Page> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(address, { ...request, headers });
    // The protocol says to ask again after these.
    if (![502, 503, 504].includes(answer.status) || attempt === 50) return readPage(answer);
    await setTimeout(100);
  }
}

async function readPage(answer: Response): Promise<Page> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Trino answers ${answer.status}: ${text.slice(0, 1000)}`);
  // The peer is ours and the shape is its documented protocol.
  return JSON.parse(text, exactInteger) as Page;
}

// The third argument is in the engine but not yet in TypeScript's library.
function exactInteger(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value;
}
