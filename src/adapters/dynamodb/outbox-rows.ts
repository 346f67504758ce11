import { FINISHED_OUTBOX_DAYS } from '#core/finding/retention.ts';
import type { OutboxItem, OutboxState } from '#core/notification/outbox.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey, OutboxGroup } from './keys.ts';
import { digest, keyPart, listPartition, outboxItemKey, padded, SHARDS, shardOf } from './keys.ts';
import type { ListReader } from './list-rows.ts';
import { createListReader, rowAttribute } from './list-rows.ts';
import { packedInline } from './parcel.ts';
import type { Item, Put } from './requests.ts';
import { expiry } from './retention.ts';

/** What lists and claims look at in an outbox row. */
export type OutboxListRow = {
  readonly destinationKey: string;
  readonly state: OutboxState;
  readonly mode: OutboxItem['mode'];
  readonly dueAt: number;
  /** Stands for the problem key where only sameness matters. */
  readonly problem: string;
  readonly claimedAt: number | null;
};

/** An outbox row as stored. `revision` grows with every write, so that a writer knows whether it still knows the row. */
export type StoredRow = {
  readonly item: OutboxItem;
  readonly revision: number;
  /** Its place among rows of the same `createdAt`. */
  readonly sequence: string;
};

const STATES: readonly OutboxState[] = ['queued', 'sending', 'sent', 'covered', 'parked'];

/** Puts a new row; fails when its id was written before. */
export function newOutboxPut(item: OutboxItem, sequence: string): Put {
  return {
    kind: 'put',
    item: { ...rowItem({ item, revision: 1, sequence }) },
    condition: 'attribute_not_exists(pk)',
  };
}

/** Replaces a row; fails when somebody else did meanwhile. What is over gets an end, counted from `now`. */
export function changedOutboxPut(row: StoredRow, item: OutboxItem, now: number): Put {
  const isOver = item.state === 'sent' || item.state === 'covered';
  return {
    kind: 'put',
    item: {
      ...rowItem({ ...row, item, revision: row.revision + 1 }),
      ...(isOver ? { ttl: expiry(now, FINISHED_OUTBOX_DAYS) } : {}),
    },
    condition: '#revision = :revision',
    names: { '#revision': 'revision' },
    values: { ':revision': row.revision },
  };
}

/** Where a row stands in the order of delivery. */
export function orderOf({ item, sequence }: StoredRow): string {
  return `${padded(item.createdAt)}#${sequence}`;
}

/** Reads rows by id, from the table itself. */
export async function storedRows(
  contents: Contents,
  keys: readonly ItemKey[],
): Promise<ReadonlyMap<string, StoredRow>> {
  const found = await contents.valuesAt(keys);
  return new Map(found.map(({ item, value }) => [String(item['pk']), storedRow(item, value)]));
}

/** Partitions in which rows of some states lie, for one destination or all. */
export function outboxPartitions(states: readonly OutboxState[] = STATES, destinationKey?: string): string[] {
  const shards = destinationKey === undefined ? SHARDS : [shardOf(destinationKey)];
  const groups = [...new Set(states.map(groupOf))];
  return groups.flatMap((group) => shards.map((shard) => listPartition.outbox(group, shard)));
}

/** The sort keys of one destination. */
export function outboxPrefix(destinationKey: string): string {
  return `${keyPart(destinationKey)}#`;
}

/** Reads the outbox lists. */
export function createOutboxListReader(table: DynamoTable, contents: Contents): ListReader<OutboxListRow> {
  // Items of the outbox lists hold outbox items.
  return createListReader(table, contents, (value) => listRow(value as OutboxItem));
}

/** The value a problem's rows are found by. */
export function relatedPartition(problemKey: string): string {
  return `P#${digest(problemKey)}`;
}

function rowItem(row: StoredRow): Item & ItemKey {
  const { item, revision, sequence } = row;
  return {
    ...outboxItemKey(item.id),
    ...packedInline(item, `outbox item ${item.id}`),
    ...rowAttribute(listRow(item)),
    listPk: listPartition.outbox(groupOf(item.state), shardOf(item.destinationKey)),
    listSk: `${outboxPrefix(item.destinationKey)}${orderOf(row)}`,
    relatedPk: relatedPartition(item.problemKey),
    relatedSk: orderOf(row),
    revision,
    sequence,
  };
}

function groupOf(state: OutboxState): OutboxGroup {
  return state === 'queued' || state === 'sending' ? 'active' : state;
}

function listRow(item: OutboxItem): OutboxListRow {
  const { destinationKey, state, mode, dueAt, problemKey, claim } = item;
  return { destinationKey, state, mode, dueAt, problem: digest(problemKey), claimedAt: claim?.at ?? null };
}

function storedRow(item: Item, value: unknown): StoredRow {
  // Outbox items are written by `rowItem` alone.
  return { item: value as OutboxItem, revision: Number(item['revision']), sequence: String(item['sequence']) };
}
