import { describe, expect, it } from 'vitest';
import { expiryAt, readAcceptRisk } from './accept-risk-input.ts';

const good = { reason: 'Public product images only', scope: 'problem', days: '30' } as const;

describe('readAcceptRisk', () => {
  it('makes a request of a complete form', () => {
    expect(readAcceptRisk({ ...good, reason: '  Public product images only ' })).toEqual({
      ok: true,
      request: { reason: 'Public product images only', scope: 'problem', days: 30 },
    });
  });

  it.each([
    ['', 'empty'],
    ['   \n', 'empty'],
    ['fine', 'short'],
    ['x'.repeat(1_001), 'long'],
  ])('refuses the reason %j', (reason, problem) => {
    expect(readAcceptRisk({ ...good, reason })).toEqual({ ok: false, problems: { reason: problem } });
  });

  it.each([
    ['', 'not-a-number'],
    ['1.5', 'not-a-number'],
    ['-1', 'not-a-number'],
    ['1e1', 'not-a-number'],
    ['0', 'range'],
    ['91', 'range'],
  ])('refuses %j days', (days, problem) => {
    expect(readAcceptRisk({ ...good, days })).toEqual({ ok: false, problems: { days: problem } });
  });

  it.each(['1', '90'])('accepts %s days', (days) => {
    expect(readAcceptRisk({ ...good, days }).ok).toBe(true);
  });

  it('names every problem at once', () => {
    expect(readAcceptRisk({ ...good, reason: '', days: '91' })).toEqual({
      ok: false,
      problems: { reason: 'empty', days: 'range' },
    });
  });
});

it('ends an exception whole days later', () => {
  expect(expiryAt(1_000, 2)).toBe(172_801_000);
});
