import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../../test/stand-ins/time.ts';
import type { Contents } from './contents.ts';
import { createContents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey } from './keys.ts';
import type { Item } from './requests.ts';

const HEAD: ItemKey = { pk: 'P#a', sk: 'R' };
const OLD = `old ${noise(1_000_000)}`;
const NEW = `new ${noise(1_000_000)}`;

/** The same hard-to-compress text in every run. */
function noise(length: number): string {
  let text = '';
  for (let n = 0; text.length < length; n += 1) text += createHash('sha512').update(String(n)).digest('base64');
  return text.slice(0, length);
}

/** The four calls that contents make, over a map; `beforeParts` runs each time before many items are read. */
function mapTable(beforeParts: (read: number) => Promise<void> = async () => undefined) {
  const items = new Map<string, Item>();
  const name = ({ pk, sk }: ItemKey): string => `${pk} ${sk}`;
  let reads = 0;
  const table = {
    name: 'yagura',
    get: async (key) => items.get(name(key)),
    getMany: async (keys) => {
      reads += 1;
      await beforeParts(reads);
      return keys
        .flatMap((key): readonly Item[] => {
          const item = items.get(name(key));
          return item === undefined ? [] : [item];
        })
        .reverse();
    },
    putMany: async (given) => {
      for (const item of given) items.set(name(item), item);
    },
    deleteMany: async (keys) => {
      for (const key of keys) items.delete(name(key));
    },
    all: async ({ pk, prefix }) =>
      [...items.values()].filter((item) => item['pk'] === pk && String(item['sk']).startsWith(prefix ?? '')),
  } satisfies Partial<DynamoTable>;
  // Contents use no other call.
  const contents = createContents(table as unknown as DynamoTable, createSeededRandom(5));
  const put = (attributes: object): Map<string, Item> => items.set(name(HEAD), { ...HEAD, ...attributes });
  return { items, contents, put };
}

async function write(
  { contents, put }: { contents: Contents; put(attributes: object): unknown },
  text: string,
  version: number,
) {
  const { attributes } = await contents.pack(HEAD, text, { version });
  put(attributes);
  await contents.discardBefore(HEAD, version);
}

describe('a value in several items', () => {
  test('comes back whole, whatever the order its parts are read in', async () => {
    const table = mapTable();
    await write(table, OLD, 1);

    expect((await table.contents.valueAt(HEAD)) === OLD).toBe(true);
  });

  test('replaced while it is read comes back as the new one, never as a mixture', async () => {
    const table = mapTable(async (read) => {
      if (read === 1) await write(table, NEW, 2);
    });
    await write(table, OLD, 1);

    expect((await table.contents.valueAt(HEAD)) === NEW).toBe(true);
  });

  test('that was half written by a crash stays the old one', async () => {
    const table = mapTable();
    await write(table, OLD, 1);

    await table.contents.pack(HEAD, NEW, { version: 2 });

    expect((await table.contents.valueAt(HEAD)) === OLD).toBe(true);
  });

  test('leaves nothing of the one before, and nothing of a rival that crashed', async () => {
    const table = mapTable();
    await table.contents.pack(HEAD, `crashed ${OLD}`, { version: 1 });
    await write(table, OLD, 1);

    await write(table, NEW, 2);

    expect([...table.items.keys()].filter((key) => key.includes('R#0000000000000001'))).toEqual([]);
    expect((await table.contents.valueAt(HEAD)) === NEW).toBe(true);
  });

  test('keeps the parts that a later writer has put already', async () => {
    const table = mapTable();
    const { attributes } = await table.contents.pack(HEAD, NEW, { version: 3 });

    await write(table, OLD, 2);
    table.put(attributes);

    expect((await table.contents.valueAt(HEAD)) === NEW).toBe(true);
  });

  test('that changes with every look is an error that says so, not an endless loop', async () => {
    const table = mapTable(async (read) => await write(table, `${read} ${OLD}`, read + 1));
    await write(table, OLD, 1);

    await expect(table.contents.valueAt(HEAD)).rejects.toMatchObject({ code: 'store.unavailable', retryable: true });
  });
});
