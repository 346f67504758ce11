import type { ProblemKey } from '#core/finding/observation.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { problemItemKey } from './keys.ts';
import type { StoredRow } from './outbox-rows.ts';
import { changedOutboxPut } from './outbox-rows.ts';
import type { Item, Put, Update } from './requests.ts';
import { keyOf } from './requests.ts';

// A problem ends before its threads and what was parked do. When it comes back it is new, and what is left of its earlier life must not
// be taken for news already told: neither a thread in which it seems to be told, nor an outbox row that has the id of the new one.

/** The writes that make the threads of an earlier life count for nothing; for a problem that is new. */
export async function endedThreads(table: DynamoTable, key: ProblemKey): Promise<Update[]> {
  const left = await table.all({ pk: problemItemKey(key).pk, prefix: 'T#' });
  return left.filter(isOfThisLife).map((item) => ({
    kind: 'update',
    key: keyOf(item),
    update: 'SET #over = :over',
    names: { '#over': 'over' },
    values: { ':over': true },
  }));
}

/** False for a thread of an earlier life of its problem. */
export function isOfThisLife(item: Item): boolean {
  return item['over'] !== true;
}

/** The write that replaces a row of an earlier life by the new one of the same id; undefined when the row is none. */
export function replacedRow(row: StoredRow, item: OutboxItem, now: number): Put | undefined {
  const { state, problemKey } = row.item;
  const isLeft = problemKey === item.problemKey && state !== 'queued' && state !== 'sending';
  return isLeft ? changedOutboxPut(row, item, now) : undefined;
}
