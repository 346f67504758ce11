import type { Exception } from '#core/notification/exception.ts';
import type { ExceptionStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { inParallel } from './in-parallel.ts';
import { exceptionItemKey } from './keys.ts';
import type { Update } from './requests.ts';

const PARALLEL_COUNTS = 8;

/** Accepted risks, all in one partition: there are tens of them, and they are evidence, so they never expire. */
export function createExceptions(table: DynamoTable, contents: Contents): ExceptionStore {
  return {
    exceptions: async () => {
      const items = await table.all({ pk: 'E' });
      const found = await Promise.all(
        items.map(async (item) => ({
          // Exception items hold exceptions; the count lies beside, where it can grow without being read.
          ...((await contents.valueIn(item)) as Exception),
          silenced: Number(item['silenced']),
        })),
      );
      return found.sort((a, b) => b.createdAt - a.createdAt);
    },
    saveException: async (exception) => {
      await table.write({
        kind: 'update',
        key: exceptionItemKey(exception.id),
        update: 'SET #text = :text, #silenced = if_not_exists(#silenced, :silenced)',
        names: { '#text': 't', '#silenced': 'silenced' },
        values: { ':text': JSON.stringify(exception), ':silenced': exception.silenced },
      });
    },
    countSilenced: async (counts) => {
      // A transaction, although of one write: its token keeps a repeated request from counting twice.
      await inParallel(PARALLEL_COUNTS, [...counts], ([id, count]) => table.transact([silencing(id, count)]));
    },
  };
}

function silencing(id: string, count: number): Update {
  return {
    kind: 'update',
    key: exceptionItemKey(id),
    update: 'ADD #silenced :count',
    condition: 'attribute_exists(pk)',
    names: { '#silenced': 'silenced' },
    values: { ':count': count },
  };
}
