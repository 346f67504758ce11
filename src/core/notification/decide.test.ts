import { describe, expect, it } from 'vitest';
import { type FateCase, fateCases, fatesOf } from '../../../test/stand-ins/events/fates.ts';

const tables: Readonly<Record<string, readonly FateCase[]>> = {
  'who is told': fateCases(new URL('routing.cases.json', import.meta.url)),
  GuardDuty: fateCases(new URL('../finding/guardduty.cases.json', import.meta.url)),
  'Security Hub': fateCases(new URL('../finding/security-hub.cases.json', import.meta.url)),
  Health: fateCases(new URL('../finding/health.cases.json', import.meta.url)),
  'account lifecycle': fateCases(new URL('../finding/account.cases.json', import.meta.url)),
};

describe.each(Object.entries(tables))('%s', (_table, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { fates, problems } = fatesOf(one);

    expect(fates.map((fate) => fate.line)).toEqual(one.expected);
    if (one.severity !== undefined)
      expect(fates.map((fate) => fate.problem?.observation.severity ?? null)).toEqual(one.severity);
    if (one.status !== undefined) expect(fates.map((fate) => fate.problem?.status ?? null)).toEqual(one.status);
    if (one.problems !== undefined) expect(problems.size).toBe(one.problems);
  });
});
