import type { AcceptRisk } from '#ports/http-api.ts';

export const MAX_DAYS = 90;
export const MIN_REASON_LENGTH = 10;
export const MAX_REASON_LENGTH = 1_000;

export type AcceptRiskInput = { readonly reason: string; readonly scope: AcceptRisk['scope']; readonly days: string };
export type AcceptRiskProblems = {
  readonly reason?: 'empty' | 'short' | 'long';
  readonly days?: 'not-a-number' | 'range';
};

/** The request when the form is right, else what is wrong with which field. */
export function readAcceptRisk(
  input: AcceptRiskInput,
): { ok: true; request: AcceptRisk } | { ok: false; problems: AcceptRiskProblems } {
  const reason = input.reason.trim();
  const typed = input.days.trim();
  const days = /^\d{1,4}$/.test(typed) ? Number(typed) : Number.NaN;
  const problems = { ...problemOfReason(reason), ...problemOfDays(days) };
  if (problems.reason !== undefined || problems.days !== undefined) return { ok: false, problems };
  return { ok: true, request: { reason, scope: input.scope, days } };
}

function problemOfReason(reason: string): Pick<AcceptRiskProblems, 'reason'> {
  if (reason === '') return { reason: 'empty' };
  if (reason.length < MIN_REASON_LENGTH) return { reason: 'short' };
  return reason.length > MAX_REASON_LENGTH ? { reason: 'long' } : {};
}

function problemOfDays(days: number): Pick<AcceptRiskProblems, 'days'> {
  if (Number.isNaN(days)) return { days: 'not-a-number' };
  return days < 1 || days > MAX_DAYS ? { days: 'range' } : {};
}

/** When an exception made now would end. */
export function expiryAt(now: number, days: number): number {
  return now + days * 86_400_000;
}
