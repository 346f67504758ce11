import type { OutboxItem } from '#core/notification/outbox.ts';
import type { Clock } from '#ports/clock.ts';
import type { OutboxStore } from '#ports/state-store.ts';
import { claimItems } from './claim.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { outboxItemKey } from './keys.ts';
import { laneMoved } from './lane.ts';
import { createOutboxLists } from './outbox-lists.ts';
import type { StoredRow } from './outbox-rows.ts';
import { changedOutboxPut, createOutboxListReader, orderOf, outboxPartitions, storedRows } from './outbox-rows.ts';
import { chunksOf, MAX_TRANSACTION } from './requests.ts';

type Tools = { readonly table: DynamoTable; readonly contents: Contents; readonly clock: Clock };
type Outbox = Omit<
  OutboxStore,
  'settle' | 'threads' | 'threadsOf' | 'saveMessages' | 'messagePage' | 'replies' | 'messageCounts'
>;

/** The outbox: rows found through the list index, judged by what the table itself says. */
export function createOutbox({ table, contents, clock }: Tools): Outbox {
  const reader = createOutboxListReader(table, contents);
  const rowsOf = async (ids: readonly string[]): Promise<StoredRow[]> => [
    ...(await storedRows(contents, ids.map(outboxItemKey))).values(),
  ];

  return {
    ...createOutboxLists(table, contents, reader),
    claim: (destinationKey, now, limit, token) =>
      claimItems({ table, contents, reader, clock }, { destinationKey, now, limit, token }),
    staleClaims: async (before) => {
      const listed = await reader.all(outboxPartitions(['sending']));
      const old = listed.filter(({ row }) => row.state === 'sending' && (row.claimedAt ?? before) < before);
      const rows = [
        ...(
          await storedRows(
            contents,
            old.map(({ key }) => key),
          )
        ).values(),
      ];
      return inOrder(rows)
        .map(({ item }) => item)
        .filter(({ state, claim }) => state === 'sending' && claim !== null && claim.at < before);
    },
    takeOver: async (items, token, now) => {
      const held = new Map(items.map(({ id, claim }) => [id, claim?.token]));
      const isHeld = ({ item }: StoredRow): boolean =>
        item.state === 'sending' && item.claim !== null && item.claim.token === held.get(item.id);
      const rows = inOrder((await rowsOf([...held.keys()])).filter(isHeld));
      const taken: OutboxItem[] = [];
      for (const [destinationKey, group] of Map.groupBy(rows, ({ item }) => item.destinationKey))
        for (const chunk of chunksOf(group, MAX_TRANSACTION - 1))
          taken.push(...(await takeChunk(destinationKey, chunk, token, now)));
      return taken;
    },
    outboxItem: async (id) => (await rowsOf([id]))[0]?.item,
    requeue: async (id, now) => {
      for (;;) {
        const [row] = await rowsOf([id]);
        if (row?.item.state !== 'parked' && row?.item.state !== 'queued') return false;
        const next: OutboxItem = { ...row.item, state: 'queued', dueAt: now, attempts: 0 };
        if ((await table.write(changedOutboxPut(row, next, clock.now()))).written) return true;
      }
    },
  };

  /** The rows of a chunk that are still as they were, all moved to the new claim at once. */
  async function takeChunk(
    destinationKey: string,
    chunk: readonly StoredRow[],
    token: string,
    now: number,
  ): Promise<readonly OutboxItem[]> {
    let rows = chunk;
    while (rows.length > 0) {
      const next = rows.map(({ item }): OutboxItem => ({ ...item, claim: { token, at: now } }));
      const puts = rows.map((row, n) => changedOutboxPut(row, next[n] ?? row.item, clock.now()));
      const failed = await table.transact([...puts, laneMoved(destinationKey, token)]);
      if (failed.length === 0) return next;
      rows = rows.filter((_, n) => !failed.includes(n));
    }
    return [];
  }
}

function inOrder(rows: readonly StoredRow[]): StoredRow[] {
  return [...rows].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}
