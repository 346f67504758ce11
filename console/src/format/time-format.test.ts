import { describe, expect, it } from 'vitest';
import { timeFormat, zoneOffset } from './time-format.ts';

const AT = Date.UTC(2026, 10, 23, 18, 3, 9);

describe('timeFormat', () => {
  it.each([
    {
      locale: 'ja',
      zone: 'Asia/Tokyo',
      minute: '2026/11/24 03:03 (UTC+09:00)',
      second: '2026/11/24 03:03:09 (UTC+09:00)',
    },
    {
      locale: 'en',
      zone: 'Asia/Tokyo',
      minute: 'Nov 24, 2026, 03:03 (UTC+09:00)',
      second: 'Nov 24, 2026, 03:03:09 (UTC+09:00)',
    },
    { locale: 'en', zone: 'UTC', minute: 'Nov 23, 2026, 18:03 (UTC)', second: 'Nov 23, 2026, 18:03:09 (UTC)' },
    {
      locale: 'en',
      zone: 'Asia/Kolkata',
      minute: 'Nov 23, 2026, 23:33 (UTC+05:30)',
      second: 'Nov 23, 2026, 23:33:09 (UTC+05:30)',
    },
  ])('writes times of $zone in $locale with their offset', ({ locale, zone, minute, second }) => {
    const format = timeFormat(locale, zone);

    expect([format.minute(AT), format.second(AT)]).toEqual([minute, second]);
  });

  it('gives each time the offset of its own season', () => {
    const format = timeFormat('en', 'Europe/Berlin');

    expect(format.minute(Date.UTC(2026, 6, 1, 12))).toContain('(UTC+02:00)');
    expect(format.minute(Date.UTC(2026, 0, 1, 12))).toContain('(UTC+01:00)');
  });

  it('puts times of one day of the zone together', () => {
    const tokyo = timeFormat('ja', 'Asia/Tokyo');

    expect(tokyo.dayKey(AT)).toBe('2026-11-24');
    expect(timeFormat('ja', 'UTC').dayKey(AT)).toBe('2026-11-23');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15])('shows a dash for %d, which is no time', (at) => {
    const format = timeFormat('ja', 'UTC');

    expect([format.minute(at), format.second(at), format.day(at)]).toEqual(['–', '–', '–']);
  });
});

describe('zoneOffset', () => {
  it('says UTC without a number for UTC itself', () => {
    expect(zoneOffset(AT, 'UTC')).toBe('UTC');
  });
});
