import { settledItem } from '#adapters/memory/outbox-settled.ts';
import { THREAD_DAYS } from '#core/finding/retention.ts';
import type { Thread } from '#core/notification/outbox.ts';
import type { Clock } from '#ports/clock.ts';
import type { OutboxStore, Settlement } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey } from './keys.ts';
import { outboxItemKey, threadItemKey } from './keys.ts';
import { laneShrunk } from './lane.ts';
import { messageItems } from './messages.ts';
import type { StoredRow } from './outbox-rows.ts';
import { changedOutboxPut, storedRows } from './outbox-rows.ts';
import { packedInline } from './parcel.ts';
import type { Item, Write } from './requests.ts';
import { lastOfEach, MAX_TRANSACTION } from './requests.ts';
import { expiry } from './retention.ts';

// Each row may be of another destination, whose lane is a write too.
const ROWS_AT_ONCE = MAX_TRANSACTION / 2;

type Tools = { readonly table: DynamoTable; readonly contents: Contents; readonly clock: Clock };

/**
 * Ends claims. One transaction when it fits, as it does for single messages. A digest of many problems does not: then what was
 * delivered is written first and the outcomes after it, so that a crash between leaves claimed rows whose message is on record,
 * never settled rows without one.
 */
export function createSettlement(tools: Tools): Pick<OutboxStore, 'settle'> {
  const { table, contents, clock } = tools;

  async function claimedUnder(token: string, outcomes: Settlement['outcomes']): Promise<StoredRow[]> {
    const rows = await storedRows(
      contents,
      outcomes.map(({ id }) => outboxItemKey(id)),
    );
    return [...rows.values()].filter(({ item }) => item.state === 'sending' && item.claim?.token === token);
  }

  return {
    settle: async (token, { outcomes, threads, messages }) => {
      const records = lastOfEach([
        ...threads.map((thread) => threadItem(thread, clock.now())),
        ...(await messageItems(contents, messages, clock.now())),
      ]);
      let unwritten = records;
      let left = outcomes;
      for (;;) {
        const rows = await claimedUnder(token, left);
        const all = [
          ...settling(rows, left, clock.now()),
          ...unwritten.map((item) => ({ kind: 'put', item }) as const),
        ];
        if (all.length === 0) return;
        if (all.length <= MAX_TRANSACTION) {
          // A row that changed since it was read belongs to somebody else now, or is read again.
          if ((await table.transact(all)).length === 0) return;
        } else if (unwritten.length > 0) {
          await table.putMany(unwritten);
          unwritten = [];
        } else {
          const some = rows.slice(0, ROWS_AT_ONCE);
          const failed = await table.transact(settling(some, left, clock.now()));
          const settled = new Set(failed.length === 0 ? some.map(({ item }) => item.id) : []);
          left = left.filter(({ id }) => !settled.has(id));
        }
      }
    },
  };
}

/** The writes that give claimed rows their outcomes and take them off their lanes. */
function settling(rows: readonly StoredRow[], outcomes: Settlement['outcomes'], now: number): Write[] {
  const outcomeOf = new Map(outcomes.map(({ id, outcome }) => [id, outcome]));
  const puts = rows.flatMap((row) => {
    const outcome = outcomeOf.get(row.item.id);
    return outcome === undefined ? [] : [changedOutboxPut(row, settledItem(row.item, outcome), now)];
  });
  const lanes = Map.groupBy(rows, ({ item }) => item.destinationKey);
  return [...puts, ...[...lanes].map(([destinationKey, { length }]) => laneShrunk(destinationKey, length))];
}

function threadItem(thread: Thread, now: number): Item & ItemKey {
  return {
    ...threadItemKey(thread.problemKey, thread.destinationKey),
    ...packedInline(thread, `the thread of ${thread.problemKey}`),
    ttl: expiry(now, THREAD_DAYS),
  };
}
