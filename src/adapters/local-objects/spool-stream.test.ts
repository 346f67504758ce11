import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { all, read } from '../../../test/contract/object-store.contract.ts';
import { localPlace } from '../../../test/stand-ins/local-place.ts';

describe('standard input', () => {
  async function* stream(...parts: string[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield Buffer.from(part);
  }
  const digest = '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed';

  test('is an object by its content, with the key it is given', async () => {
    const store = await localPlace({ stream: stream('on', 'e'), key: 'AWSLogs/111122223333/a.json' });

    const [info] = await all(store, '-');

    expect(info).toMatchObject({ uri: `stdin:${digest}`, key: 'AWSLogs/111122223333/a.json', size: 3, etag: digest });
    expect((await read(store, info)).toString()).toBe('one');
    expect((await read(store, info)).toString()).toBe('one');
    await store.close();
  });

  test('is read once, however often it is listed', async () => {
    const store = await localPlace({ stream: stream('one') });

    const first = await all(store, '-');

    expect(await all(store, '-')).toEqual(first);
    expect(first[0]?.key).toBe('stdin');
    await store.close();
  });

  test('leaves no file behind, not even while it is open', async () => {
    const store = await localPlace({ stream: stream('one') });

    await all(store, '-');

    expect(await readdir(join(store.folder, 'spool'))).toEqual([]);
    await store.close();
  });

  test('may be empty', async () => {
    const store = await localPlace({ stream: stream() });
    const [info] = await all(store, '-');

    expect(info?.size).toBe(0);
    expect(await read(store, info)).toHaveLength(0);
    await store.close();
  });

  test('of another run is gone, and another content is not it', async () => {
    const store = await localPlace({ stream: stream('one') });
    await expect(store.open(`stdin:${digest}`)).rejects.toMatchObject({ code: 'object.gone' });
    await all(store, '-');

    await expect(store.open(`stdin:${digest}`, { etag: 'another' })).rejects.toMatchObject({ code: 'object.changed' });
    await store.close();
  });

  test('cannot be kept in a folder that is a file, and says so', async () => {
    const store = await localPlace({ stream: stream('one') });
    await store.put('spool');

    await expect(all(store, '-')).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining('spool'),
    });
  });

  test('that nobody gave is wrong usage', async () => {
    await expect(all(await localPlace(), '-')).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
