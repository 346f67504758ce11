import { Buffer } from 'node:buffer';
import {
  appendFile,
  chmod,
  open,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { all, bytesOf, describeObjectStore, read } from '../../../test/contract/object-store.contract.ts';
import { type LocalPlace, localPlace } from '../../../test/stand-ins/local-place.ts';
import { fileUri, pathOfUri } from './file-uri.ts';

const LONG_AGO = new Date(Date.UTC(2026, 0, 5));

describeObjectStore('a folder', async () => {
  const { folder, put, ...store } = await localPlace();
  return {
    store,
    place: `${folder}/`,
    put: async (name, bytes) => void (await put(name, bytes)),
    remove: (name) => rm(join(folder, name)),
  };
});

describe('what a path means', () => {
  test('a file that is named is listed, whatever it is called', async () => {
    const store = await localPlace();
    await store.put('.hidden.tmp');

    expect(await store.names('.hidden.tmp')).toEqual(['.hidden.tmp']);
  });

  test('a path and its address are the same object', async () => {
    const store = await localPlace();
    const path = await store.put('logs/a b%20#.log', 'one');

    const [info] = await all(store, path);

    expect(info?.uri).toBe(`file://${store.folder}/logs/a%20b%2520%23.log`);
    expect(await all(store, info?.uri ?? '')).toEqual([info]);
    expect((await bytesOf((await store.open('logs/a b%20#.log')).body)).toString()).toBe('one');
  });

  test('the tag of a file is its size, its time in nanoseconds and its inode', async () => {
    const store = await localPlace();
    const stats = await stat(await store.put('a.log', 'one'), { bigint: true });

    expect((await all(store, 'a.log'))[0]?.etag).toBe(`3-${stats.mtimeNs}-${stats.ino}`);
  });

  test.each(['absent.log', 'absent/', 'a.log/below'])('nothing at %s is an error that names it', async (path) => {
    const store = await localPlace();
    await store.put('a.log');

    await expect(all(store, path)).rejects.toMatchObject({
      code: 'object.gone',
      message: expect.stringContaining(join(store.folder, path).replace(/\/$/, '')),
    });
  });

  test('a folder that may not be read is an error when it is named and skipped when it is found', async () => {
    const store = await localPlace();
    await store.put('closed/a.log');
    await store.put('open.log');
    await chmod(join(store.folder, 'closed'), 0o000);
    // Nothing is closed to root.
    if ((await readdir(join(store.folder, 'closed')).catch(() => undefined)) !== undefined) return;

    expect(await store.names('.')).toEqual(['open.log']);
    expect(store.skipped.get('closed')).toBe('unreadable');
    await expect(all(store, 'closed')).rejects.toMatchObject({ code: 'object.unavailable' });
  });
});

describe('a folder', () => {
  test('leaves hidden files out, and those somebody is still writing, and says so', async () => {
    const store = await localPlace();
    for (const name of ['a.log', '.git/config', '.b.log', 'c.log.tmp', 'd.log.part', 'sub/.e', 'f.tmp/g.log'])
      await store.put(name);

    expect(await store.names('.')).toEqual(['a.log']);
    expect(Object.fromEntries(store.skipped)).toEqual({
      '.git': 'hidden',
      '.b.log': 'hidden',
      'c.log.tmp': 'unfinished',
      'd.log.part': 'unfinished',
      'sub/.e': 'hidden',
      'f.tmp': 'unfinished',
    });
  });

  test('follows no link that leads out of it, to a folder or to nothing', async () => {
    const store = await localPlace();
    const outside = await localPlace();
    const secret = await outside.put('secret.log');
    await store.put('logs/sub/a.log');
    await store.put('logs2/b.log');
    await symlink(secret, join(store.folder, 'logs/out.log'));
    await symlink('../logs2/b.log', join(store.folder, 'logs/beside.log'));
    await symlink(outside.folder, join(store.folder, 'logs/out'));
    await symlink('.', join(store.folder, 'logs/loop'));
    await symlink('nowhere', join(store.folder, 'logs/broken'));
    await symlink('self', join(store.folder, 'logs/self'));

    expect(await store.names('logs')).toEqual(['logs/sub/a.log']);
    expect(Object.fromEntries(store.skipped)).toEqual({
      'logs/out.log': 'link-to-outside',
      'logs/beside.log': 'link-to-outside',
      'logs/out': 'link-to-outside',
      'logs/loop': 'link-to-folder',
      'logs/broken': 'link-to-nothing',
      'logs/self': 'link-to-nothing',
    });
  });

  test('takes a link to one of its own files for that file', async () => {
    const store = await localPlace();
    await store.put('.data/2026-11-20.log', 'one');
    await symlink('.data/2026-11-20.log', join(store.folder, 'latest.log'));

    const [info] = await all(store, store.folder);

    expect(info?.key).toBe(join(store.folder, 'latest.log'));
    expect(info?.uri).toBe(`file://${store.folder}/.data/2026-11-20.log`);
    expect((await read(store, info)).toString()).toBe('one');
  });

  test('may be a link itself, and its files keep their own addresses', async () => {
    const store = await localPlace();
    await store.put('2026/a.log');
    await symlink('2026', join(store.folder, 'now'));

    const [info] = await all(store, 'now');

    expect(info?.key).toBe(join(store.folder, 'now/a.log'));
    expect(info?.uri).toBe(`file://${store.folder}/2026/a.log`);
  });

  test('has sockets that are not read', async () => {
    const store = await localPlace();
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(join(store.folder, 's'), resolve));

    expect(await store.names('.')).toEqual([]);
    expect(store.skipped.get('s')).toBe('no-file');
    await expect(store.open(join(store.folder, 's'))).rejects.toMatchObject({ code: 'object.unavailable' });
    await new Promise((resolve) => socket.close(resolve));
  });

  test('has files whose names are not UTF-8, which keep their bytes', async () => {
    const store = await localPlace();
    const name = Buffer.concat([Buffer.from(`${store.folder}/`), Buffer.from([0x83, 0x8d, 0x2e, 0xff])]);
    const file = await open(name, 'w').catch(() => undefined);
    // Some file systems have no such names.
    if (file === undefined) return;
    await file.writeFile('one');
    await file.close();

    const [info] = await all(store, store.folder);

    expect(info?.uri).toBe(`file://${store.folder}/%83%8D.%FF`);
    expect((await read(store, info)).toString()).toBe('one');
  });
});

describe('a file that changes while it is read', () => {
  const size = 600_000;

  async function readWhile(change: (path: string, store: LocalPlace) => Promise<unknown>): Promise<unknown> {
    const store = await localPlace();
    const path = await store.put('a.bin', Buffer.alloc(size, 'a'));
    await utimes(path, LONG_AGO, LONG_AGO);
    const [info] = await all(store, path);
    const { body } = await store.open(info?.uri ?? '', { etag: info?.etag ?? '' });
    let bytes = 0;
    for await (const chunk of body) {
      if (bytes === 0) await change(path, store);
      bytes += chunk.length;
    }
    return bytes;
  }

  test.each<[string, (path: string, store: LocalPlace) => Promise<unknown>]>([
    ['written in place', (path) => writeFile(path, Buffer.alloc(size, 'b'))],
    ['appended to', (path) => appendFile(path, 'more')],
    ['cut', (path) => truncate(path, 10)],
    ['replaced by another', async (path, store) => rename(await store.put('new', Buffer.alloc(size, 'a')), path)],
    [
      'replaced by a link',
      async (path, store) => {
        await rename(path, `${path}.old`);
        await symlink(await store.put('new', Buffer.alloc(size, 'a')), path);
      },
    ],
  ])('is not taken when it is %s', async (_name, change) => {
    await expect(readWhile(change)).rejects.toMatchObject({
      code: 'object.changed',
      message: expect.stringContaining('a.bin'),
    });
  });

  test('is taken when it is only deleted: all its bytes were read', async () => {
    expect(await readWhile((path) => rm(path))).toBe(size);
  });

  test('is not taken when a link has come to its place since it was listed', async () => {
    const store = await localPlace();
    const path = await store.put('a.log', 'one');
    const [info] = await all(store, path);
    await rm(path);
    await symlink('/etc/hostname', path);

    await expect(store.open(info?.uri ?? '')).rejects.toMatchObject({ code: 'object.unavailable' });
  });
});

test.each(['file://example.com/a', 'https://example.com/a', '/a', 'file://a', 'file:///a%00b'])(
  'the address %s is no file of this machine',
  (uri) => {
    expect(pathOfUri(uri)).toBeUndefined();
  },
);

test('the address of a path leads back to it, whatever its bytes', () => {
  const path = Buffer.from(['/'.charCodeAt(0), ...Array.from({ length: 255 }, (_empty, index) => index + 1)]);

  expect(pathOfUri(fileUri(path))?.equals(path)).toBe(true);
  expect(new URL(fileUri(path)).href).toBe(fileUri(path));
});
