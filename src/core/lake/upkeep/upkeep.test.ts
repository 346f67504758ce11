import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedBytes } from './escaped-bytes.ts';
import { planCompaction } from './plan-compaction.ts';
import { silentSources } from './silent-sources.ts';
import { cutByRows } from './time-slices.ts';
import { utcDay } from './utc-day.ts';

describe('planCompaction', () => {
  const base = {
    table: 'VPC_FLOW',
    source: 'aws.vpc-flow',
    shape: 's',
    region: 'r',
    account: '111122223333',
    day: '20260921',
  };
  const rule = { targetBytes: 100, mostFiles: 4 };
  const file = (path: string, bytes: number, minTime = 0, other = {}) => ({ ...base, path, bytes, minTime, ...other });

  it('merges neighbours in time up to the target', () => {
    const groups = planCompaction([file('c', 40, 3), file('a', 40, 1), file('b', 30, 2), file('d', 10, 4)], rule);

    expect(groups.map((group) => group.map(({ path }) => path))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it.each(['table', 'source', 'shape', 'region', 'account', 'day'])('never merges files of another %s', (name) => {
    expect(planCompaction([file('a', 1), file('b', 1, 0, { [name]: 'other' })], rule)).toEqual([]);
  });

  it('leaves files alone that are half of the target or more', () => {
    expect(planCompaction([file('a', 50), file('b', 50), file('c', 1)], rule)).toEqual([]);
  });

  it('takes no more files at once than told', () => {
    const files = Array.from({ length: 9 }, (_, index) => file(String(index), 1));

    expect(planCompaction(files, rule).map((group) => group.length)).toEqual([4, 4]);
  });
});

describe('cutByRows', () => {
  it('keeps every row, the order, and the limit except for a slice that has more alone', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 50 });
    fc.assert(
      fc.property(counts, (rows) => {
        const slices = rows.map((count, index) => ({ from: index * 10, to: index * 10 + 10, rows: count }));

        const cut = cutByRows(slices, 20);

        expect(cut.reduce((sum, slice) => sum + slice.rows, 0)).toBe(rows.reduce((sum, count) => sum + count, 0));
        expect(cut.every((slice) => slice.rows <= 20 || slice.to - slice.from === 10)).toBe(true);
        expect(cut.every((slice, index) => index === 0 || slice.from >= (cut[index - 1]?.to ?? 0))).toBe(true);
      }),
      { seed: 7 },
    );
  });
});

describe('silentSources', () => {
  const hour = 3_600_000;
  const now = 100 * hour;

  it('names sources without a new event for longer than told, longest silence first', () => {
    const volumes = [
      { source: 'aws.waf', newestEvent: now - 30 * hour, lastIngest: now },
      { source: 'aws.config', newestEvent: now - 40 * hour, lastIngest: now },
      { source: 'aws.vpc-flow', newestEvent: now - 24 * hour, lastIngest: now },
      { source: '', lastIngest: 0 },
    ];

    const silent = silentSources(volumes, now, { afterMs: 24 * hour });

    expect(silent).toEqual([
      { source: 'aws.config', heardAt: 60 * hour, silentForMs: 40 * hour, afterMs: 24 * hour },
      { source: 'aws.waf', heardAt: 70 * hour, silentForMs: 30 * hour, afterMs: 24 * hour },
    ]);
  });

  it('has other times for some sources', () => {
    const volumes = [{ source: 'aws.config', newestEvent: now - 40 * hour, lastIngest: now }];

    expect(silentSources(volumes, now, { afterMs: hour, bySource: { 'aws.config': 48 * hour } })).toEqual([]);
  });

  it('is not deceived by a clock that runs ahead', () => {
    const volumes = [{ source: 'aws.waf', newestEvent: now + 20 * hour, lastIngest: now - 30 * hour }];

    expect(silentSources(volumes, now, { afterMs: 24 * hour })).toHaveLength(1);
  });

  it('counts from the last ingest where no event is in the lake', () => {
    const volumes = [{ source: 'aws.waf', lastIngest: now - 30 * hour }];

    expect(silentSources(volumes, now, { afterMs: 24 * hour })).toMatchObject([{ silentForMs: 30 * hour }]);
  });
});

describe('escapedBytes', () => {
  it.each([
    ['plain text', Buffer.from('a 日本 "b"'), 'a 日本 "b"'],
    ['control characters', Buffer.from('\u001b[31m\u0000\u007f'), '\\x1b[31m\\x00\\x7f'],
    ['line breaks', Buffer.from('a\r\nb\tc\\'), 'a\\r\\n\nb\\tc\\\\'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]), 'a\\xff\\xc3(\\xed\\xa0\\x80'],
    ['text that would run backwards', Buffer.from('\u202eabc\u2028'), '\\u{202e}abc\\u{2028}'],
    ['a character cut off', Buffer.from('日').subarray(0, 2), '\\xe6\\x97'],
  ])('shows %s', (_, bytes, expected) => {
    expect(escapedBytes(bytes)).toBe(expected);
  });

  it('never gives what a terminal would obey', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(escapedBytes(bytes).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
      { seed: 7 },
    );
  });
});

describe('utcDay', () => {
  it('is the day in UTC', () => {
    expect([utcDay(Date.UTC(2026, 0, 1)), utcDay(Date.UTC(2026, 0, 1) - 1)]).toEqual(['20260101', '20251231']);
  });
});
