import { YaguraError } from '#core/errors/yagura-error.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { Clock } from '#ports/clock.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { laneItemKey } from './keys.ts';
import { isOpen, laneGrown, laneOpened } from './lane.ts';
import type { Listed, ListReader } from './list-rows.ts';
import type { OutboxListRow, StoredRow } from './outbox-rows.ts';
import { changedOutboxPut, outboxPartitions, outboxPrefix, storedRows } from './outbox-rows.ts';
import { chunksOf, MAX_TRANSACTION } from './requests.ts';

type Tools = {
  readonly table: DynamoTable;
  readonly contents: Contents;
  readonly reader: ListReader<OutboxListRow>;
  readonly clock: Clock;
};
type Wanted = {
  readonly destinationKey: string;
  readonly now: number;
  readonly limit: number;
  readonly token: string;
};

const MAX_TRIES = 8;
const PAGE = 100;
/** Every transaction also changes the lane. */
const ROWS_AT_ONCE = MAX_TRANSACTION - 1;

/** Claims rows of one destination; a large claim is several transactions, and is whole or shorter after a crash, never torn. */
export async function claimItems(tools: Tools, wanted: Wanted): Promise<readonly OutboxItem[]> {
  if (wanted.limit < 1) return [];
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    if (isOpen(await tools.table.get(laneItemKey(wanted.destinationKey)))) return [];
    const [first, ...others] = chunksOf(await claimable(tools, wanted), ROWS_AT_ONCE);
    if (first === undefined) return [];
    const opened = laneOpened(wanted.destinationKey, first.length, wanted.token);
    const failed = await claimRows(tools, wanted, first, opened);
    if (failed.includes(first.length)) return [];
    // A row alone changed: a person requeued it, so look again.
    if (failed.length === 0) return [...marked(first, wanted), ...(await claimMore(tools, wanted, others))];
  }
  throw new YaguraError(
    'store.conflict',
    `Cannot claim messages for ${wanted.destinationKey}: its queue changed ${MAX_TRIES} times meanwhile. Try again.`,
    { retryable: true },
  );
}

async function claimMore(
  tools: Tools,
  wanted: Wanted,
  chunks: readonly (readonly StoredRow[])[],
): Promise<readonly OutboxItem[]> {
  const claimed: OutboxItem[] = [];
  for (const chunk of chunks) {
    // A shorter claim is a claim; the rest stays queued, in its order.
    if (!(await isClaimed(tools, wanted, chunk))) break;
    claimed.push(...marked(chunk, wanted));
  }
  return claimed;
}

// What was claimed before must reach the caller, whatever happens to the rest: rows of unknown fate turn up as stale claims.
async function isClaimed(tools: Tools, wanted: Wanted, chunk: readonly StoredRow[]): Promise<boolean> {
  const lane = laneGrown(wanted.destinationKey, chunk.length, wanted.token);
  try {
    return (await claimRows(tools, wanted, chunk, lane)).length === 0;
  } catch (thrown) {
    if (thrown instanceof YaguraError && thrown.retryable) return false;
    throw thrown;
  }
}

/** The indexes of what was in the way; the lane's is the number of rows. */
async function claimRows(
  { table, clock }: Tools,
  wanted: Wanted,
  rows: readonly StoredRow[],
  lane: ReturnType<typeof laneOpened>,
): Promise<readonly number[]> {
  const items = marked(rows, wanted);
  const puts = rows.map((row, n) => changedOutboxPut(row, items[n] ?? row.item, clock.now()));
  return await table.transact([...puts, lane]);
}

function marked(rows: readonly StoredRow[], { token, now }: Wanted): OutboxItem[] {
  return rows.map(({ item }) => ({ ...item, state: 'sending', claim: { token, at: now } }));
}

/** Due rows in the order of delivery, without those behind an earlier message of their problem that waits. */
async function claimable({ contents, reader }: Tools, wanted: Wanted): Promise<StoredRow[]> {
  const [partition = ''] = outboxPartitions(['queued'], wanted.destinationKey);
  const pages = reader.pages(partition, { prefix: outboxPrefix(wanted.destinationKey), pageSize: PAGE });
  const waiting = new Set<string>();
  const taken: StoredRow[] = [];
  for await (const page of pages) {
    for (let rest = page; rest.length > 0 && taken.length < wanted.limit; ) {
      const stretch = upToDue(rest, wanted.limit - taken.length, wanted.now);
      rest = rest.slice(stretch.length);
      const due = stretch.filter(({ row }) => row.dueAt <= wanted.now);
      const rows = await storedRows(
        contents,
        due.map(({ key }) => key),
      );
      taken.push(...readyIn(stretch, rows, waiting, wanted.now));
    }
    if (taken.length >= wanted.limit) break;
  }
  return taken;
}

/** The first entries, with at most `count` due ones among them: no more rows are read than may be taken. */
function upToDue(
  entries: readonly Listed<OutboxListRow>[],
  count: number,
  now: number,
): readonly Listed<OutboxListRow>[] {
  let due = 0;
  const end = entries.findIndex(({ row }) => {
    due += row.dueAt <= now ? 1 : 0;
    return due > count;
  });
  return end === -1 ? entries : entries.slice(0, end);
}

function readyIn(
  entries: readonly Listed<OutboxListRow>[],
  rows: ReadonlyMap<string, StoredRow>,
  waiting: Set<string>,
  now: number,
): StoredRow[] {
  return entries.flatMap((entry) => {
    const row = rows.get(entry.key.pk);
    const { dueAt, isQueued } = latest(entry, row, now);
    if (!isQueued) return [];
    if (dueAt <= now) return row === undefined || waiting.has(entry.row.problem) ? [] : [row];
    // A digest waits by design; a message that waits for another try holds back what follows it.
    if (entry.row.mode === 'send') waiting.add(entry.row.problem);
    return [];
  });
}

// The index trails the table: a row that looks due, or claimed, is judged by what the table says.
function latest(
  { row: listed }: Listed<OutboxListRow>,
  row: StoredRow | undefined,
  now: number,
): { readonly dueAt: number; readonly isQueued: boolean } {
  if (listed.dueAt > now) return { dueAt: listed.dueAt, isQueued: true };
  return { dueAt: row?.item.dueAt ?? 0, isQueued: row?.item.state === 'queued' };
}
