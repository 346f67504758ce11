import { describe, expect, it } from 'vitest';
import { slackDate } from './slack-date.ts';

const AT = Date.UTC(2026, 10, 24, 6, 12, 17);

describe('slackDate', () => {
  it.each([
    ['{date_num} {time_secs}', 'ja', '2026-11-24 15:12:17 (UTC+09:00)'],
    ['{date_short_pretty} {time}', 'en', 'Nov 24, 2026 15:12 (UTC+09:00)'],
    ['{date_short_pretty} {time}', 'ja', '2026/11/24 15:12 (UTC+09:00)'],
    ['{date_long}', 'ja', '2026年11月24日火曜日'],
    ['{date}', 'en', 'November 24, 2026'],
    ['since {unknown}', 'en', 'since {unknown}'],
  ])('draws %s in %s', (format, locale, expected) => {
    expect(slackDate(AT, format, 'fallback', locale, 'Asia/Tokyo')).toBe(expected);
  });

  it('falls back to the words of the message for a time that is none', () => {
    expect(slackDate(9e15, '{date}', 'fallback', 'en', 'UTC')).toBe('fallback');
  });
});
