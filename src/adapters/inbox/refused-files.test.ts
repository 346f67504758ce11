import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceptLines, createInboxBench, type InboxBench } from '../../../test/stand-ins/inbox-bench.ts';
import type { InboxText } from './read-inbox-file.ts';

let bench: InboxBench;

beforeEach(async () => {
  bench = await createInboxBench();
});
afterEach(async () => {
  await bench.remove();
});

describe('left alone', () => {
  test.each(['.a.json', 'a.txt', 'a.json.part', 'a.json.gz.tmp', 'README'])('is %s', async (name) => {
    await bench.put(name, 'x');

    await bench.looks(3, acceptLines());

    expect(await bench.tree()).toEqual([name]);
    expect(bench.logged).toEqual([]);
  });

  test('is a folder with the name of a file, said once', async () => {
    await mkdir(join(bench.dir, 'a.json'));

    await bench.looks(5, acceptLines());

    expect(await readdir(bench.dir)).toEqual(['a.json']);
    expect(bench.logged).toHaveLength(1);
  });
});

describe('refused', () => {
  test('is a symbolic link; what it points to is neither read nor moved', async () => {
    const taken: InboxText[] = [];
    await bench.put('secret.txt', 'private');
    await symlink(join(bench.dir, 'secret.txt'), join(bench.dir, 'a.json'));

    await bench.looks(2, acceptLines(taken));

    expect(taken).toEqual([]);
    expect(await bench.tree()).toEqual(['failed/a.json', 'failed/a.json.reason.txt', 'secret.txt']);
    expect((await lstat(join(bench.dir, 'failed/a.json'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(bench.dir, 'failed/a.json.reason.txt'), 'utf8')).toContain(
      'is a symbolic link, not a file',
    );
  });

  test('is a pipe, without waiting for somebody to write into it', async () => {
    execFileSync('/usr/bin/env', ['mkfifo', join(bench.dir, 'a.json')]);

    await bench.looks(2, acceptLines());

    expect(await readFile(join(bench.dir, 'failed/a.json.reason.txt'), 'utf8')).toContain('device, pipe or socket');
  });

  test.skipIf(process.getuid?.() === 0)('is a file this process may not read', async () => {
    await writeFile(join(bench.dir, 'a.json'), 'x', { mode: 0o000 });

    await bench.looks(2, acceptLines());

    expect(await readFile(join(bench.dir, 'failed/a.json.reason.txt'), 'utf8')).toContain('cannot be opened (EACCES)');
  });

  test('is a file that is too large, before a byte of it is read', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.json', 'x'.repeat(101));

    await bench.looks(2, acceptLines(taken), { maxBytes: 100 });

    expect(taken).toEqual([]);
    expect(await readFile(join(bench.dir, 'failed/a.json.reason.txt'), 'utf8')).toContain(
      'has 101 bytes, more than the 100 that are allowed',
    );
  });
});

describe('gzip', () => {
  test('is unpacked, several members one after the other', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.jsonl.gz', Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]));

    await bench.looks(2, acceptLines(taken));

    expect(taken.map((input) => input.text)).toEqual(['one\ntwo\n']);
    expect(await bench.tree()).toEqual(['done/2026-01-05/a.jsonl.gz']);
  });

  test('is recognised by its bytes, also under another name', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.json', gzipSync('one\n'));
    await bench.put('b.json.gz', 'two\n');

    await bench.looks(2, acceptLines(taken));

    expect(taken.map((input) => input.text).sort()).toEqual(['one\n', 'two\n']);
  });

  test('that was cut off gives what is there, and fails with the reason', async () => {
    const taken: InboxText[] = [];
    const packed = gzipSync(Array.from({ length: 5_000 }, (_empty, index) => `{"n":${index * 7919}}`).join('\n'));
    await bench.put('a.jsonl.gz', packed.subarray(0, packed.length / 2));

    await bench.looks(2, acceptLines(taken));

    expect(taken[0]?.text.split('\n').length).toBeGreaterThan(100);
    expect(await readFile(join(bench.dir, 'failed/a.jsonl.gz.reason.txt'), 'utf8')).toMatch(
      /file: is damaged gzip after \d+ unpacked bytes/,
    );
  });

  test('that is a bomb is stopped early and fails', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.json.gz', gzipSync(Buffer.alloc(64 * 1024 * 1024)));

    await bench.looks(2, acceptLines(taken));

    expect(taken).toEqual([]);
    expect(await readFile(join(bench.dir, 'failed/a.json.gz.reason.txt'), 'utf8')).toContain('looks like a zip bomb');
  });

  test('that unpacks to too much is stopped and fails', async () => {
    await bench.put(
      'a.json.gz',
      gzipSync(Array.from({ length: 2_000 }, (_empty, index) => `{"n":${index * 7919}}`).join('\n')),
    );

    await bench.looks(2, acceptLines(), { maxBytes: 16_000 });

    expect(await readFile(join(bench.dir, 'failed/a.json.gz.reason.txt'), 'utf8')).toContain(
      'unpacks to more than the 16000 bytes',
    );
  });
});
