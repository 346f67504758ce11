import { describe, expect, test } from 'vitest';
import type { ObjectInfo, ObjectStore } from '#ports/object-store.ts';
import { createSeededRandom } from '../stand-ins/time.ts';

export type PreparedObjects = {
  readonly store: ObjectStore;
  /** Lists all that was put, and nothing else; ends in a slash. */
  readonly place: string;
  put(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
};

// In the order of their bytes: a slash is before a letter, and U+FF5E before U+1F600 although UTF-16 has them the other way.
const NAMES = [
  '111122223333_CloudTrail_us-east-1.json.gz',
  'a b+c%20d #1?x=[y]{z}*.json',
  'a-b/one.log',
  'a.log',
  'a/b/c/deep.log',
  'a/b0.log',
  'a0/one.log',
  'Ångström.log',
  '決済/ログ.csv',
  '～.log',
  '😀.log',
];

/** What every ObjectStore must do. */
export function describeObjectStore(name: string, prepare: () => Promise<PreparedObjects>): void {
  describe(`${name} as an object store`, () => {
    test('lists every object once, in the order of the bytes of its key', async () => {
      const { store, place, put } = await prepare();
      for (const one of [...NAMES].reverse()) await put(one, text(one));

      const listed = await all(store, place);

      expect(listed.map((info) => info.key.slice(-tail(info, NAMES).length))).toEqual(inByteOrder(NAMES));
      expect(new Set(listed.map((info) => info.uri)).size).toBe(NAMES.length);
    });

    test('opens each by its address, with the bytes, size, tag and time that were listed', async () => {
      const { store, place, put } = await prepare();
      for (const one of NAMES) await put(one, text(`content of ${one}`));

      for (const info of await all(store, place)) {
        const opened = await store.open(info.uri, { etag: info.etag });

        expect({ size: opened.size, etag: opened.etag }).toEqual({ size: info.size, etag: info.etag });
        // HTTP tells whole seconds only.
        expect(Math.floor(opened.modifiedAt / 1000)).toBe(Math.floor(info.modifiedAt / 1000));
        expect((await bytesOf(opened.body)).toString()).toBe(`content of ${tail(info, NAMES)}`);
      }
    });

    test('tells the same of an object that nobody touched', async () => {
      const { store, place, put } = await prepare();
      await put('a.log', text('one'));

      const first = await all(store, place);

      expect(await all(store, place)).toEqual(first);
      expect(first[0]?.modifiedAt).toBeGreaterThan(Date.UTC(2020, 0, 1));
      expect(first[0]?.etag).not.toBe('');
    });

    test.each([0, 1, 65_536, 3 * 1024 * 1024 + 7])('gives all of %d bytes', async (size) => {
      const { store, place, put } = await prepare();
      const bytes = noise(size);
      await put('a.bin', bytes);

      const [info] = await all(store, place);
      const opened = await store.open(info?.uri ?? '');

      expect(info?.size).toBe(size);
      expect((await bytesOf(opened.body)).equals(bytes)).toBe(true);
    });

    test('lists what is below a folder, nothing beside it, and nothing in an empty one', async () => {
      const { store, place, put, remove } = await prepare();
      for (const one of ['in/a.log', 'in/deeper/b.log', 'inside.log', 'other/c.log']) await put(one, text(one));
      await remove('other/c.log');

      const below = await all(store, `${place}in/`);

      expect(below.map((info) => info.key.slice(info.key.indexOf('in/')))).toEqual(['in/a.log', 'in/deeper/b.log']);
      expect((await all(store, place)).length).toBe(3);
    });

    test('does not open another object in the place of the one asked for', async () => {
      const { store, place, put } = await prepare();
      await put('a.log', text('first'));
      const [listed] = await all(store, place);

      await put('a.log', text('other'));

      await expect(read(store, listed)).rejects.toMatchObject({ code: 'object.changed', retryable: true });
      const [now] = await all(store, place);
      expect(now?.uri).toBe(listed?.uri);
      expect(now?.etag).not.toBe(listed?.etag);
      expect((await read(store, now)).toString()).toBe('other');
    });

    test('never mixes two objects when one is replaced while it is read', async () => {
      const { store, place, put } = await prepare();
      const bytes = noise(6 * 1024 * 1024);
      await put('a.bin', bytes);
      const [info] = await all(store, place);
      const { body } = await store.open(info?.uri ?? '', { etag: info?.etag ?? '' });
      const parts: Uint8Array[] = [];

      const outcome = await (async () => {
        for await (const part of body) {
          if (parts.length === 0) await put('a.bin', noise(6 * 1024 * 1024, 2));
          parts.push(part);
        }
      })().catch((thrown: unknown) => thrown);

      // Either the old bytes to their end, or an error that says so.
      if (outcome === undefined) expect(Buffer.concat(parts).equals(bytes)).toBe(true);
      else expect(outcome).toMatchObject({ code: 'object.changed' });
    });

    test('says that an object is gone, and which', async () => {
      const { store, place, put, remove } = await prepare();
      await put('a.log', text('one'));
      const [info] = await all(store, place);

      await remove('a.log');

      await expect(read(store, info)).rejects.toMatchObject({
        code: 'object.gone',
        retryable: false,
        message: expect.stringContaining('a.log'),
      });
    });

    test('can be left in the middle of an object and read again', async () => {
      const { store, place, put } = await prepare();
      const bytes = noise(2 * 1024 * 1024);
      await put('a.bin', bytes);
      const [info] = await all(store, place);

      for await (const part of (await store.open(info?.uri ?? '')).body) {
        expect(bytes.subarray(0, part.length).equals(part)).toBe(true);
        break;
      }

      expect((await read(store, info)).equals(bytes)).toBe(true);
    });

    test('gives all bytes again on a second reading, or says that it cannot', async () => {
      const { store, place, put } = await prepare();
      await put('a.log', text('one'));
      const [info] = await all(store, place);
      const { body } = await store.open(info?.uri ?? '');
      await bytesOf(body);

      const second = await bytesOf(body).catch((thrown: unknown) => String(thrown));

      expect(String(second)).toMatch(/^one$|open the object again/);
    });
  });
}

/** Everything that a store lists. */
export async function all(store: ObjectStore, prefix: string): Promise<ObjectInfo[]> {
  return collected(store.list(prefix));
}

/** The bytes of what was listed, if they are still the same. */
export async function read(store: ObjectStore, info: ObjectInfo | undefined): Promise<Buffer> {
  if (info === undefined) throw new Error('nothing was listed');
  return bytesOf((await store.open(info.uri, { etag: info.etag })).body);
}

/** All bytes of a body. */
export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collected(body));
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function text(value: string): Uint8Array {
  return Buffer.from(value);
}

/** Bytes that no neighbour repeats, the same for the same seed. */
function noise(size: number, seed = 1): Buffer {
  const random = createSeededRandom(seed);
  const bytes = Buffer.alloc(size);
  for (let place = 0; place + 4 <= size; place += 4) bytes.writeUInt32LE(Math.floor(random.next() * 2 ** 32), place);
  return bytes;
}

function tail(info: ObjectInfo, names: readonly string[]): string {
  const fitting = names.filter((name) => info.key.endsWith(`/${name}`) || info.key === name);
  return fitting.sort((a, b) => b.length - a.length)[0] ?? info.key;
}

function inByteOrder(names: readonly string[]): string[] {
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
