import { UNKNOWN_EVENT_DAYS } from '#core/finding/retention.ts';
import type { Clock } from '#ports/clock.ts';
import type { UnknownEvent, UnknownEventStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { inParallel } from './in-parallel.ts';
import { digest, listPartition, padded, SHARDS, shardOf, unknownItemKey } from './keys.ts';
import type { Listed } from './list-rows.ts';
import { createListReader, rowAttribute } from './list-rows.ts';
import { expiry } from './retention.ts';

type Tools = { readonly table: DynamoTable; readonly contents: Contents; readonly clock: Clock };
type UnknownRow = Pick<UnknownEvent, 'detailType' | 'reason'>;

const PARALLEL_EVENTS = 16;
const LARGEST_PAGE = 500;

/** Events nobody understood. */
export function createUnknownEvents({ table, contents, clock }: Tools): UnknownEventStore {
  // Items of these lists hold unknown events.
  const reader = createListReader<UnknownRow>(table, contents, (value) => rowOf(value as UnknownEvent));
  const partitions = SHARDS.map(listPartition.unknown);

  async function keep(event: UnknownEvent): Promise<void> {
    const key = unknownItemKey(event.id);
    const end = { ttl: expiry(clock.now(), UNKNOWN_EVENT_DAYS) };
    const { attributes } = await contents.pack(key, event, end);
    // Parts of a copy that is not kept run out by themselves.
    await table.write({
      kind: 'put',
      item: {
        ...{ ...key, ...attributes, ...end, ...rowAttribute(rowOf(event)) },
        listPk: listPartition.unknown(shardOf(event.id)),
        listSk: `${padded(event.at)}#${digest(event.id)}`,
      },
      condition: 'attribute_not_exists(pk)',
    });
  }

  async function newestOf(partition: string, limit: number): Promise<Listed<UnknownRow>[]> {
    const newest: Listed<UnknownRow>[] = [];
    for await (const page of reader.pages(partition, { descending: true, pageSize: Math.min(limit, LARGEST_PAGE) })) {
      newest.push(...page);
      if (newest.length >= limit) break;
    }
    return newest;
  }

  return {
    keepUnknown: async (events) => {
      const once = new Map([...events].reverse().map((event) => [event.id, event]));
      await inParallel(PARALLEL_EVENTS, [...once.values()], keep);
    },
    unknownCounts: async () => {
      const counts = new Map<string, UnknownRow & { count: number }>();
      for (const { row } of await reader.all(partitions)) {
        const group = JSON.stringify([row.detailType, row.reason]);
        counts.set(group, { ...row, count: (counts.get(group)?.count ?? 0) + 1 });
      }
      return [...counts.values()];
    },
    unknownEvents: async (limit) => {
      if (limit < 1) return [];
      const candidates = (await inParallel(PARALLEL_EVENTS, partitions, (one) => newestOf(one, limit))).flat();
      const newest = candidates.sort((a, b) => (a.listSk < b.listSk ? 1 : -1)).slice(0, limit);
      const found = await contents.valuesAt(newest.map(({ key }) => key));
      // Unknown items hold unknown events.
      return found.map(({ value }) => value as UnknownEvent).sort((a, b) => b.at - a.at);
    },
  };
}

function rowOf({ detailType, reason }: UnknownEvent): UnknownRow {
  return { detailType, reason };
}
