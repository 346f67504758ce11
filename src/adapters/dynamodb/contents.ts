import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Random } from '#ports/clock.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey } from './keys.ts';
import { padded } from './keys.ts';
import type { ParcelAttributes } from './parcel.ts';
import { joined, opened, packed } from './parcel.ts';
import type { Item } from './requests.ts';
import { keyOf } from './requests.ts';

/** A value ready to be written; the parts of a large one lie in the table already. */
export type Packed = { readonly attributes: ParcelAttributes; readonly parts: readonly ItemKey[] };

/** Values of any size in a table of 400 KB items. */
export type Contents = {
  /**
   * Packs a value for the item `key`. Parts are written first, under a generation of their own, and count only once the item
   * points to them: a reader sees the old value whole or the new one. `version` orders generations for `discardBefore`.
   */
  pack(key: ItemKey, value: unknown, options?: { readonly ttl?: number; readonly version?: number }): Promise<Packed>;
  /** Removes parts that no item points to: of a write that failed, or of an item that was replaced. */
  discard(parts: readonly ItemKey[]): Promise<void>;
  /** Removes the parts of versions before `version`. */
  discardBefore(key: ItemKey, version: number): Promise<void>;
  /** The value of an item just read. */
  valueIn(item: Item): Promise<unknown>;
  valueAt(key: ItemKey): Promise<unknown>;
  /** Values of many items with the items; missing ones are left out. */
  valuesAt(keys: readonly ItemKey[]): Promise<readonly { readonly item: Item; readonly value: unknown }[]>;
};

const MAX_READS = 4;

/** Contents of the items of one table. */
export function createContents(table: DynamoTable, random: Random): Contents {
  async function textOf(item: Item): Promise<string> {
    let head: Item | undefined = item;
    for (let read = 1; head !== undefined && read <= MAX_READS; read += 1) {
      const content = opened(head);
      if (typeof content === 'string') return content;
      const found = await table.getMany(partKeys(keyOf(head), content.gen, content.parts));
      if (found.length === content.parts) return joined(inOrder(found));
      // The item was replaced between the two reads, and its old parts removed.
      head = await table.get(keyOf(head));
    }
    throw changing(keyOf(item), table.name);
  }

  const valueIn = async (item: Item): Promise<unknown> => JSON.parse(await textOf(item));

  return {
    pack: async (key, value, { ttl, version = 0 } = {}) => {
      const generation = `${padded(version)}-${random.id()}`;
      const { attributes, parts } = packed(value, generation);
      const keys = partKeys(key, generation, parts.length);
      const common = ttl === undefined ? { version } : { version, ttl };
      await table.putMany(keys.map((part, n) => ({ ...part, z: parts[n], ...common })));
      return { attributes, parts: keys };
    },
    discard: (parts) => table.deleteMany(parts),
    discardBefore: async (key, version) => {
      const limit = `${key.sk}#${padded(version)}`;
      const parts = await table.all({ pk: key.pk, prefix: `${key.sk}#` });
      await table.deleteMany(parts.map(keyOf).filter(({ sk }) => sk < limit));
    },
    valueIn,
    valueAt: async (key) => {
      const item = await table.get(key);
      return item === undefined ? undefined : await valueIn(item);
    },
    valuesAt: async (keys) => {
      const items = await table.getMany(keys);
      return await Promise.all(items.map(async (item) => ({ item, value: await valueIn(item) })));
    },
  };
}

/** The keys of the parts that an item's attributes point to. */
export function partsOf(item: Item): readonly ItemKey[] {
  const { gen, parts } = item;
  return typeof gen === 'string' && typeof parts === 'number' ? partKeys(keyOf(item), gen, parts) : [];
}

function partKeys({ pk, sk }: ItemKey, generation: string, count: number): ItemKey[] {
  return Array.from({ length: count }, (_, n) => ({ pk, sk: `${sk}#${generation}#${String(n).padStart(4, '0')}` }));
}

function inOrder(parts: readonly Item[]): Uint8Array[] {
  return [...parts]
    .sort((a, b) => (keyOf(a).sk < keyOf(b).sk ? -1 : 1))
    .flatMap(({ z }) => (z instanceof Uint8Array ? [z] : []));
}

function changing({ pk, sk }: ItemKey, table: string): YaguraError {
  return new YaguraError(
    'store.unavailable',
    `Cannot read item ${pk} ${sk} of table ${table}: it changed ${MAX_READS} times while it was read. Try again.`,
    { retryable: true },
  );
}
