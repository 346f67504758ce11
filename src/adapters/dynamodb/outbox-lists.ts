import { pageOf } from '#adapters/memory/problem-query.ts';
import type { OutboxState } from '#core/notification/outbox.ts';
import type { OutboxStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { Listed, ListReader } from './list-rows.ts';
import type { OutboxListRow } from './outbox-rows.ts';
import { orderOf, outboxPartitions, outboxPrefix, relatedPartition, storedRows } from './outbox-rows.ts';
import { keyOf } from './requests.ts';
import { RELATED_INDEX } from './table-definition.ts';

type Lists = Pick<OutboxStore, 'dueDestinations' | 'outboxPage' | 'outboxCounts'>;
type OutboxQuery = Parameters<OutboxStore['outboxPage']>[0];

/** The outbox as the sweeper and the console see it. */
export function createOutboxLists(table: DynamoTable, contents: Contents, reader: ListReader<OutboxListRow>): Lists {
  async function ofProblem(problemKey: string, { state, destinationKey }: OutboxQuery) {
    const related = await table.all({ pk: relatedPartition(problemKey), index: RELATED_INDEX });
    const rows = [...(await storedRows(contents, related.map(keyOf))).values()];
    return rows
      .filter(
        ({ item }) =>
          item.problemKey === problemKey &&
          (state?.includes(item.state) ?? true) &&
          (destinationKey === undefined || item.destinationKey === destinationKey),
      )
      .sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1))
      .map(({ item }) => item);
  }

  return {
    dueDestinations: async (now) => {
      const active = await reader.all(outboxPartitions(['queued']));
      const queued = active.filter(({ row }) => row.state === 'queued');
      return [...Map.groupBy(queued, ({ row }) => row.destinationKey)].flatMap(([destinationKey, listed]) => {
        const due = readyAmong(listed, now);
        const oldestDueAt = due.reduce((oldest, { row }) => Math.min(oldest, row.dueAt), Number.POSITIVE_INFINITY);
        return due.length === 0 ? [] : [{ destinationKey, count: due.length, oldestDueAt }];
      });
    },
    outboxPage: async (query) => {
      const { state, destinationKey, problemKey } = query;
      if (problemKey !== undefined) return pageOf(await ofProblem(problemKey, query), query);
      const prefix = destinationKey === undefined ? undefined : outboxPrefix(destinationKey);
      const listed = latestOfEach(await reader.all(outboxPartitions(state, destinationKey), prefix));
      const wanted = listed.filter(({ row }) => state?.includes(row.state) ?? true);
      const { items, ...page } = pageOf(wanted.sort(newestFirst), query);
      const rows = await storedRows(
        contents,
        items.map(({ key }) => key),
      );
      return { ...page, items: items.flatMap(({ key }) => rows.get(key.pk)?.item ?? []) };
    },
    outboxCounts: async () => {
      const counts = new Map<string, { destinationKey: string; state: OutboxState; count: number }>();
      for (const { row } of latestOfEach(await reader.all(outboxPartitions()))) {
        const { destinationKey, state } = row;
        const group = `${state} ${destinationKey}`;
        counts.set(group, { destinationKey, state, count: (counts.get(group)?.count ?? 0) + 1 });
      }
      return [...counts.values()];
    },
  };
}

/** Due, and not behind an earlier message of the same problem that waits for another try. */
function readyAmong(listed: readonly Listed<OutboxListRow>[], now: number): Listed<OutboxListRow>[] {
  const waiting = new Set<string>();
  return [...listed]
    .sort((a, b) => newestFirst(b, a))
    .filter(({ row }) => {
      if (row.dueAt > now && row.mode === 'send') waiting.add(row.problem);
      return row.dueAt <= now && !waiting.has(row.problem);
    });
}

// A row that changes its state while the lists are read may show up in both.
function latestOfEach(listed: readonly Listed<OutboxListRow>[]): Listed<OutboxListRow>[] {
  return [...new Map(listed.map((entry) => [entry.key.pk, entry])).values()];
}

function newestFirst(a: Listed<OutboxListRow>, b: Listed<OutboxListRow>): number {
  return orderIn(a) < orderIn(b) ? 1 : -1;
}

// A destination's part of the key holds no `#`.
function orderIn({ listSk }: Listed<OutboxListRow>): string {
  return listSk.slice(listSk.indexOf('#') + 1);
}
