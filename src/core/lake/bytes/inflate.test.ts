import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodeLimits } from './compression.ts';
import { type InflateEnd, inflateChunks, inflateWhole } from './inflate.ts';

const generous: DecodeLimits = { maxBytes: 1024 ** 3, maxRatio: 200 };

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

type Inflated = { readonly content: Buffer; readonly end: InflateEnd };

async function stream(bytes: Buffer, size = Number.MAX_SAFE_INTEGER, limits = generous): Promise<Inflated> {
  const chunks = inflateChunks(pieces(bytes, size), limits);
  const content: Buffer[] = [];
  for (let next = await chunks.next(); ; next = await chunks.next()) {
    if (next.done === true) return { content: Buffer.concat(content), end: next.value };
    content.push(next.value);
  }
}

/** Inflates in every way there is and expects the same of all. */
async function inflate(
  bytes: Buffer,
): Promise<{ text: string; troubles: (readonly [string, number])[]; end: InflateEnd }> {
  const whole = inflateWhole(bytes, generous);
  const summary = ({ content, end }: Inflated) => ({
    text: content.toString('utf8'),
    troubles: end.troubles.map(({ reason, offset }) => [reason, offset] as const),
    first: end.trouble?.reason,
    compression: end.compression,
    encoding: end.encoding,
    bytesOut: end.bytesOut,
  });
  for (const size of [Number.MAX_SAFE_INTEGER, 10_007, ...(bytes.length < 2000 ? [1] : [])])
    expect(summary(await stream(bytes, size))).toEqual(summary(whole));
  const { text, troubles } = summary(whole);
  return { text, troubles, end: whole.end };
}

/** Lines that do not compress too well: about 60 bytes each. */
function lines(count: number): string {
  let state = 1;
  const random = (): string => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state.toString(36);
  };
  return Array.from({ length: count }, (_, n) => `line ${n} ${random()}${random()}${random()}${random()}\n`).join('');
}

const text = lines(20_000);
const skippable = Buffer.from('502a4d1803000000616161', 'hex');
const gzip = (content: string): Buffer => zlib.gzipSync(content);

describe('what is intact', () => {
  it.each<readonly [string, Buffer, string, string]>([
    ['plain text', Buffer.from('one\ntwo'), 'one\ntwo', 'none'],
    ['nothing', Buffer.alloc(0), '', 'none'],
    ['a gzip member', gzip(text), text, 'gzip'],
    ['an empty gzip member', gzip(''), '', 'gzip'],
    [
      'gzip members one behind the other',
      Buffer.concat([gzip('a\n'), gzip(''), gzip(text), gzip('b\n')]),
      `a\n${text}b\n`,
      'gzip',
    ],
    [
      'padding between and behind members',
      Buffer.concat([gzip('a\n'), Buffer.alloc(600), gzip('b\n'), Buffer.alloc(600)]),
      'a\nb\n',
      'gzip',
    ],
    ['zstd', zlib.zstdCompressSync(text), text, 'zstd'],
    ['zstd frames', Buffer.concat([zlib.zstdCompressSync('a\n'), zlib.zstdCompressSync(text)]), `a\n${text}`, 'zstd'],
    [
      'a zstd frame to be skipped',
      Buffer.concat([zlib.zstdCompressSync('a'), skippable, zlib.zstdCompressSync('b')]),
      'ab',
      'zstd',
    ],
  ])('is given whole: %s', async (_name, bytes, expected, compression) => {
    const { text: content, troubles, end } = await inflate(bytes);

    expect(troubles).toEqual([]);
    expect(end.compression).toBe(compression);
    expect(content === expected).toBe(true);
  });

  it('is given whole with every field a gzip header can have', async () => {
    const member = gzip('hello');
    const flags = 0x02 | 0x04 | 0x08 | 0x10;
    const fields = Buffer.from('\x05\0extra' + 'name.json\0' + 'a comment\0' + 'cc', 'latin1');
    const bytes = Buffer.concat([
      member.subarray(0, 3),
      Buffer.from([flags]),
      member.subarray(4, 10),
      fields,
      member.subarray(10),
    ]);

    expect(await inflate(bytes)).toMatchObject({ text: 'hello', troubles: [] });
  });
});

describe('broken gzip', () => {
  it('keeps every byte that was decoded when it is truncated', async () => {
    const bytes = gzip(text);

    const { text: content, troubles } = await inflate(bytes.subarray(0, bytes.length >> 1));

    expect(troubles).toEqual([['gzip.truncated', bytes.length >> 1]]);
    expect(text.startsWith(content)).toBe(true);
    expect(content.length).toBeGreaterThan(text.length * 0.4);
  });

  it('is given whole when only the checksum is truncated, with the trouble', async () => {
    expect(await inflate(gzip('hello\n').subarray(0, -3))).toMatchObject({
      text: 'hello\n',
      troubles: [['gzip.truncated', 18]],
    });
  });

  it('quarantines a truncated member and keeps the rest', async () => {
    const torn = gzip(text).subarray(0, 20_000);

    const { text: content, troubles } = await inflate(Buffer.concat([torn, gzip('whole\n'.repeat(3))]));

    expect(troubles).toHaveLength(1);
    expect(content.endsWith('\nwhole\nwhole\nwhole\n')).toBe(true);
    expect(content.slice(0, 20_000)).toBe(text.slice(0, 20_000));
  });

  it('keeps what was decoded before the data is wrong, to the byte', async () => {
    const whole = gzip(text);
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * n * 31) % 251));
    const bytes = Buffer.concat([whole.subarray(0, 100_000), noise, whole.subarray(105_000)]);

    const { text: content, troubles, end } = await inflate(bytes);

    const right = zlib.inflateRawSync(whole.subarray(10, 100_000), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
    expect(content.startsWith(right.toString('utf8'))).toBe(true);
    expect(troubles.map(([reason]) => reason)).toEqual(['gzip.corrupt']);
    expect(troubles[0]?.[1]).toBeGreaterThanOrEqual(100_000);
    expect(end.trouble?.tail.length).toBe(65_536);
  });

  it('tells of a wrong checksum and goes on', async () => {
    const wrong = gzip('first\n');
    wrong.writeUInt32LE(1, wrong.length - 8);

    const { text: content, troubles } = await inflate(Buffer.concat([wrong, gzip('second\n')]));

    expect(content).toBe('first\n\nsecond\n');
    expect(troubles).toEqual([['gzip.corrupt', wrong.length - 8]]);
  });

  it('tells of bytes behind the last member, which cost nothing before them', async () => {
    const bytes = Buffer.concat([gzip(text), Buffer.from('what is this')]);

    const { text: content, troubles, end } = await inflate(bytes);

    expect(content === text).toBe(true);
    expect(troubles).toEqual([['gzip.trailing-bytes', bytes.length - 12]]);
    expect(end.trouble?.tail.toString()).toBe('what is this');
  });

  it('finds the members behind bytes that belong to none', async () => {
    const { text: content, troubles } = await inflate(Buffer.concat([gzip('a\n'), Buffer.from('junk'), gzip('b\n')]));

    expect(content).toBe('a\nb\n');
    expect(troubles.map(([reason]) => reason)).toEqual(['gzip.trailing-bytes']);
  });

  it.each([
    ['a magic number alone', Buffer.from([0x1f, 0x8b]), 'gzip.truncated'],
    ['half a header', gzip('hello').subarray(0, 7), 'gzip.truncated'],
    ['an unknown method', Buffer.from([0x1f, 0x8b, 7, 0, 1, 2, 3]), 'gzip.corrupt'],
    ['flags from the future', Buffer.from([0x1f, 0x8b, 8, 0xe0, 0, 0, 0, 0, 0, 0, 1]), 'gzip.corrupt'],
    [
      'a name without end',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(300, 'n')]),
      'gzip.truncated',
    ],
  ])('gives nothing of %s', async (_name, bytes, reason) => {
    expect(await inflate(bytes)).toMatchObject({ text: '', troubles: [[reason, 0]] });
  });

  it('is decoded up to any place where it may be cut, and the beginnings of members are never lost', async () => {
    const bytes = Buffer.concat([gzip('first\n'), gzip(lines(50)), gzip('last\n')]);
    const all = `first\n${lines(50)}last\n`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: bytes.length - 1 }), async (length) => {
        const { text: content, troubles } = await inflate(bytes.subarray(0, length));

        expect(all.startsWith(content)).toBe(true);
        expect(troubles.every(([reason]) => reason === 'gzip.truncated')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('never throws and never hangs, whatever bytes are changed', async () => {
    const bytes = Buffer.concat([gzip('first\n'), gzip(lines(30)), gzip('last\n')]);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const broken = Buffer.from(bytes);
        for (const [at, byte] of changes) broken[at] = byte;

        await inflate(broken);
      }),
      { numRuns: 100 },
    );
  });
});

describe('broken zstd', () => {
  const bytes = zlib.zstdCompressSync(text, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } });

  it('keeps every block that was decoded when it is truncated', async () => {
    const { text: content, troubles } = await inflate(bytes.subarray(0, bytes.length - 1000));

    expect(troubles).toEqual([['zstd.truncated', bytes.length - 1000]]);
    expect(text.startsWith(content)).toBe(true);
    expect(content.length).toBeGreaterThan(128 * 1024);
  });

  it('keeps the blocks before wrong data', async () => {
    const wrong = Buffer.from(bytes);
    wrong.fill(0xff, wrong.length - 50_000, wrong.length - 10_000);

    const { text: content, troubles } = await inflate(wrong);

    expect(troubles.map(([reason]) => reason)).toEqual(['zstd.corrupt']);
    expect(content.slice(0, 200_000) === text.slice(0, 200_000)).toBe(true);
  });

  it('tells of bytes behind the last frame', async () => {
    const { text: content, troubles } = await inflate(
      Buffer.concat([zlib.zstdCompressSync('hello'), Buffer.from('xyz')]),
    );

    expect(content).toBe('hello');
    expect(troubles).toEqual([['zstd.trailing-bytes', 14]]);
  });
});

describe('what is not decoded', () => {
  it.each([
    ['zip', 'PK\x03\x04 and so on'],
    ['bzip2', 'BZh91AY&SY and so on'],
    ['xz', '\xfd7zXZ\0 and so on'],
    ['lz4', '\x04"M\x18 and so on'],
    ['snappy', '\xff\x06\0\0sNaPpY and so on'],
  ])('is named: %s', async (name, head) => {
    const bytes = Buffer.from(head, 'latin1');

    const { text: content, troubles, end } = await inflate(bytes);

    expect(content).toBe('');
    expect(troubles).toEqual([['compression.unsupported', 0]]);
    expect(end.trouble?.detail).toContain(`compressed as ${name}`);
    expect(end.trouble?.tail).toEqual(bytes);
  });

  it('is a bomb by ratio', async () => {
    const bytes = gzip('\0'.repeat(50_000_000));

    const whole = inflateWhole(bytes, generous);
    const { content, end } = await stream(bytes);

    expect(whole.end.trouble).toMatchObject({ reason: 'bomb.ratio', offset: 0 });
    expect(whole.content.length).toBe(0);
    expect(end.trouble?.reason).toBe('bomb.ratio');
    expect(content.length).toBe(bytes.length * 200);
  });

  it('is a bomb by size', async () => {
    const limits = { maxBytes: 100_000, maxRatio: 1000 };

    const { content, end } = await stream(gzip(text), 1000, limits);

    expect(inflateWhole(gzip(text), limits).end.trouble?.reason).toBe('bomb.size');
    expect(end.trouble?.reason).toBe('bomb.size');
    expect(content.toString('utf8')).toBe(text.slice(0, 100_000));
  });

  it('is no bomb when it is small, however well it was compressed', async () => {
    const { troubles } = await inflate(gzip('\0'.repeat(1_000_000)));

    expect(troubles).toEqual([]);
  });

  it('is left to the stream when it is more than may be held', () => {
    expect(inflateWhole(gzip(text), generous, text.length - 1)).toBeUndefined();
    expect(inflateWhole(gzip(text), generous, text.length)?.content.length).toBe(text.length);
  });
});

describe('text', () => {
  const windows = '<Event>日本 é</Event>\r\n';
  const utf16 = (content: string): Buffer => Buffer.from(content, 'utf16le');

  it.each<readonly [string, Buffer, string, string]>([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${windows}`), windows, 'utf-8'],
    ['UTF-16LE with a byte order mark', utf16(`\ufeff${windows}`), windows, 'utf-16le'],
    ['UTF-16BE with a byte order mark', utf16(`\ufeff${windows}`).swap16(), windows, 'utf-16be'],
    ['UTF-16LE without one', utf16('<Event/>\r\n'), '<Event/>\r\n', 'utf-16le'],
    ['UTF-16BE without one', utf16('<Event/>\r\n').swap16(), '<Event/>\r\n', 'utf-16be'],
    ['compressed UTF-16', zlib.gzipSync(utf16(`\ufeff${text}`)), text, 'utf-16le'],
    ['half a surrogate pair at the end', utf16('\ufeffa\ud83d'), 'a\ufffd', 'utf-16le'],
    ['a lone byte order mark', Buffer.from('\ufeff'), '', 'utf-8'],
  ])('becomes UTF-8: %s', async (_name, bytes, expected, encoding) => {
    const { text: content, troubles, end } = await inflate(bytes);

    expect(content === expected).toBe(true);
    expect(troubles).toEqual([]);
    expect(end.encoding).toBe(encoding);
  });

  it.each<readonly [string, Buffer]>([
    ['NUL bytes', Buffer.from('\0\0\0\0\0\0')],
    ['a NUL byte among letters', Buffer.from('a\0b\0cd')],
    ['Latin-1', Buffer.from('caf\xe9', 'latin1')],
    ['a mark that is not at the beginning', Buffer.from('a\ufeff')],
    ['one byte', Buffer.from('a')],
  ])('passes through as it is: %s', async (_name, bytes) => {
    expect((await stream(bytes)).content).toEqual(bytes);
    expect(inflateWhole(bytes, generous).content).toEqual(bytes);
  });

  it('of UTF-16 that ends within a character is told', async () => {
    const { text: content, troubles } = await inflate(Buffer.concat([utf16('\ufeffone'), Buffer.from('x')]));

    expect(content).toBe('one');
    expect(troubles).toEqual([['text.truncated', 9]]);
  });
});

describe('a stream', () => {
  it('holds little, however much comes of it', async () => {
    const source = pieces(zlib.gzipSync(Buffer.alloc(100_000_000)), 65_536);
    let [largest, total] = [0, 0];

    const chunks = inflateChunks(source, { maxBytes: 1e9, maxRatio: 2000 });
    for await (const chunk of chunks) {
      largest = Math.max(largest, chunk.length);
      total += chunk.length;
    }

    expect(total).toBe(100_000_000);
    expect(largest).toBeLessThanOrEqual(1024 * 1024);
  });

  it('is closed when its reader stops early', async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield Buffer.from('endless text\n');
      } finally {
        isClosed = true;
      }
    }

    for await (const chunk of inflateChunks(source(), generous)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }

    expect(isClosed).toBe(true);
  });

  it('passes on what goes wrong with its source', async () => {
    async function* source(): AsyncGenerator<Buffer> {
      yield gzip(text).subarray(0, 100);
      throw new Error('connection lost');
    }
    const reading = async (): Promise<void> => {
      for await (const chunk of inflateChunks(source(), generous)) expect(chunk.length).toBeGreaterThan(0);
    };

    await expect(reading()).rejects.toThrow('connection lost');
  });
});
