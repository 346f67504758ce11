import { describe, expect, it } from 'vitest';
import type { Reason } from '#core/notification/reason.ts';
import { reasonText } from './reason-text.ts';

const until = Date.UTC(2026, 10, 30, 12, 30);
const reasons: readonly [Reason, string, string][] = [
  [{ code: 'route', route: 'soc' }, 'route "soc"', 'ルート「soc」に一致'],
  [
    { code: 'route', route: 'soc', floor: 'HIGH' },
    'route "soc": reaches its floor HIGH',
    'ルート「soc」に一致（重要度「高」以上）',
  ],
  [
    { code: 'team-floor', team: 'payments', floor: 'MEDIUM' },
    'team "payments" owns the account and wants MEDIUM and above',
    'チーム「payments」が所有するアカウントで、重要度が「中」以上',
  ],
  [
    { code: 'told-before', changed: ['severity', 'count'] },
    'an update of what this destination was told: severity, count',
    'この通知先へ通知済みの検出結果の更新: 重要度、検出回数',
  ],
  [
    { code: 'exception', exception: 'ex-1', owner: 'aiko', expiresAt: until },
    'exception ex-1: risk accepted by aiko until 2026-11-30',
    '例外 ex-1: aiko が 2026-11-30 までリスクを受容',
  ],
  [
    { code: 'quiet-hours', until },
    'quiet hours until 2026-11-30 12:30 UTC',
    '通知休止時間帯（2026-11-30 12:30 UTC まで）',
  ],
];

const others: readonly Reason[] = [
  { code: 'route-drop', route: 'r' },
  { code: 'central-floor', floor: 'LOW' },
  { code: 'no-owner' },
  { code: 'unknown-account', account: '444455556666' },
  { code: 'team-without-channel', team: 't' },
  { code: 'public-health' },
  { code: 'account-lifecycle' },
  { code: 'below-floor', severity: 'LOW', floor: 'HIGH' },
  { code: 'no-destination' },
  { code: 'told-before', changed: [] },
  { code: 'no-owner-yet', days: 3 },
  { code: 'over' },
  { code: 'duplicate', timesSeen: 3 },
  { code: 'copy', origin: 'ocsf:1' },
  { code: 'older-copy' },
  { code: 'never-seen', state: 'resolved' },
  { code: 'never-seen', state: 'suppressed' },
  { code: 'resolved-unannounced' },
  { code: 'suppressed' },
  { code: 'undetermined', status: 'WARNING' },
  { code: 'digest', route: 'r' },
  { code: 'unknown-kind', detailType: 'EC2 State-change' },
  { code: 'not-understood', detail: 'no id' },
];

describe('a reason', () => {
  it.each(reasons)('%o is said in both languages', (reason, english, japanese) => {
    expect(reasonText(reason, 'en')).toBe(english);
    expect(reasonText(reason, 'ja')).toBe(japanese);
  });

  it('never shares its words with another one', () => {
    for (const language of ['en', 'ja'] as const) {
      const said = others.map((reason) => reasonText(reason, language));

      expect(new Set(said).size).toBe(others.length);
      expect(said.filter((text) => text === '' || text.includes('undefined'))).toEqual([]);
    }
  });

  it('survives a time that is none', () => {
    expect(reasonText({ code: 'quiet-hours', until: Number.NaN }, 'en')).toContain('–');
  });
});
