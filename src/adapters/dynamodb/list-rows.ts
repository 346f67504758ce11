import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { inParallel } from './in-parallel.ts';
import type { ItemKey } from './keys.ts';
import { opened, packed } from './parcel.ts';
import type { Item } from './requests.ts';
import { keyOf } from './requests.ts';
import { LIST_INDEX } from './table-definition.ts';

/** What a list shows and filters by, without reading the items themselves. */
export type Listed<Row> = { readonly key: ItemKey; readonly listSk: string; readonly row: Row };

const LARGEST_ROW = 60_000;
const PARALLEL_PARTITIONS = 16;

/** The `row` attribute for a list; none for a row so large that the item itself is read instead. */
export function rowAttribute(row: unknown): { readonly row?: string | Uint8Array } {
  const { attributes } = packed(row, '');
  if ('t' in attributes && attributes.t.length <= LARGEST_ROW) return { row: attributes.t };
  if ('z' in attributes && attributes.z.length <= LARGEST_ROW) return { row: attributes.z };
  return {};
}

/** Reads list entries; `rowOfValue` makes the row of an item that carries none. */
export type ListReader<Row> = {
  /** All entries of some partitions, in any order. */
  all(partitions: readonly string[], prefix?: string): Promise<readonly Listed<Row>[]>;
  /** Entries of one partition in order, as the caller asks for more. */
  pages(
    partition: string,
    range: { readonly pageSize: number; readonly prefix?: string; readonly descending?: boolean },
  ): AsyncGenerator<readonly Listed<Row>[], void>;
};

/** A reader for one kind of entries. */
export function createListReader<Row>(
  table: DynamoTable,
  contents: Contents,
  rowOfValue: (value: unknown) => Row,
): ListReader<Row> {
  async function listed(items: readonly Item[]): Promise<Listed<Row>[]> {
    const bare = items.filter((item) => item['row'] === undefined);
    const values = new Map(
      (await contents.valuesAt(bare.map(keyOf))).map(({ item, value }) => [keyOf(item).pk, value]),
    );
    return items.flatMap((item) => {
      const key = keyOf(item);
      const listSk = String(item['listSk']);
      // Rows are written by `rowAttribute` from the same type.
      if (item['row'] !== undefined) return [{ key, listSk, row: JSON.parse(rowText(item['row'])) as Row }];
      return values.has(key.pk) ? [{ key, listSk, row: rowOfValue(values.get(key.pk)) }] : [];
    });
  }

  return {
    all: async (partitions, prefix) => {
      const found = await inParallel(PARALLEL_PARTITIONS, partitions, (pk) =>
        table.all({ pk, index: LIST_INDEX, ...(prefix === undefined ? {} : { prefix }) }),
      );
      return await listed(found.flat());
    },
    async *pages(partition, range) {
      for await (const page of table.pages({ ...range, pk: partition, index: LIST_INDEX })) yield await listed(page);
    },
  };
}

function rowText(row: unknown): string {
  const text = opened(row instanceof Uint8Array ? { z: row } : { t: row });
  return typeof text === 'string' ? text : '';
}
