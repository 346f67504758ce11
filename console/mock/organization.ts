import type { AccountRow, FindingSummary, TeamRow } from '../../src/ports/http-api.ts';

type Severity = FindingSummary['severity'];

/** The moment at which the mock's world stands still. */
export const NOW = Date.UTC(2026, 10, 24, 6, 12, 17);
export const SEVERITIES: readonly Severity[] = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

export type Team = { readonly id: string; readonly name: string; readonly language: 'ja' | 'en' };
export const TEAMS: readonly Team[] = [
  { id: 'payments', name: '決済チーム', language: 'ja' },
  { id: 'storefront', name: 'ストアフロント開発', language: 'ja' },
  { id: 'data', name: 'Data Platform', language: 'en' },
  { id: 'mobile', name: 'モバイルアプリ', language: 'ja' },
  { id: 'infra', name: 'Cloud Infrastructure', language: 'en' },
];

type SeedAccount = Omit<AccountRow, 'open' | 'lastSeenAt' | 'team'> & { team: string | null };

const account = (
  id: string,
  name: string,
  ou: string,
  environment: string,
  team: string | null,
  ownerFrom: AccountRow['ownerFrom'],
): SeedAccount => ({ id, name, ou, environment, team, ownerFrom, known: true });

export const ACCOUNTS: readonly SeedAccount[] = [
  account('111122223333', 'prod-payments', 'Workloads/Prod', 'prod', 'payments', 'entry'),
  account('444455556666', 'stg-payments', 'Workloads/NonProd', 'non-prod', 'payments', 'tag'),
  account('777788889999', 'prod-storefront', 'Workloads/Prod', 'prod', 'storefront', 'tag'),
  account('123456789012', 'dev-storefront', 'Workloads/NonProd', 'non-prod', 'storefront', 'ou'),
  account('210987654321', 'prod-data-lake', 'Workloads/Prod', 'prod', 'data', 'tag'),
  account('345678901234', 'dev-data', 'Workloads/NonProd', 'non-prod', 'data', 'ou'),
  account('456789012345', 'prod-mobile-api', 'Workloads/Prod', 'prod', 'mobile', 'entry'),
  account('567890123456', 'network-hub', 'Infrastructure', 'prod', 'infra', 'entry'),
  account('678901234567', 'security-audit', 'Security', 'prod', 'infra', 'entry'),
  account('789012345678', 'log-archive', 'Security', 'prod', 'infra', 'entry'),
  account('890123456789', 'sandbox-hackathon', 'Sandbox', 'sandbox', null, 'none'),
  account('901234567890', 'sandbox-ml', 'Sandbox', 'sandbox', null, 'none'),
  {
    id: '999900001111',
    name: '',
    ou: '',
    environment: '',
    team: null,
    ownerFrom: 'none',
    known: false,
  },
];

/** A count of zero for every severity. */
export function noneOpen(): Record<Severity, number> {
  return { INFORMATIONAL: 0, LOW: 0, MEDIUM: 0, HIGH: 0, CRITICAL: 0 };
}

/** The open findings a predicate selects, by severity. */
export function openBySeverity(
  findings: readonly FindingSummary[],
  selects: (finding: FindingSummary) => boolean,
): Record<Severity, number> {
  const open = noneOpen();
  for (const finding of findings) if (finding.status === 'open' && selects(finding)) open[finding.severity] += 1;
  return open;
}

/** The accounts with what is open in each; unowned first. */
export function accountRows(findings: readonly FindingSummary[]): AccountRow[] {
  return ACCOUNTS.map((seed) => {
    const own = findings.filter((finding) => finding.account.id === seed.id);
    const team = TEAMS.find((each) => each.id === seed.team);
    return {
      ...seed,
      team: team === undefined ? null : { id: team.id, name: team.name },
      open: openBySeverity(own, () => true),
      lastSeenAt: own.length === 0 ? null : Math.max(...own.map((finding) => finding.lastSeenAt)),
    };
  }).sort((a, b) => Number(a.team !== null) - Number(b.team !== null) || a.name.localeCompare(b.name));
}

/** The teams with their channels. */
export function teamRows(findings: readonly FindingSummary[]): TeamRow[] {
  return TEAMS.map((team) => ({
    id: team.id,
    name: team.name,
    language: team.language,
    accounts: ACCOUNTS.filter((seed) => seed.team === team.id).length,
    channels:
      team.id === 'mobile'
        ? []
        : [
            { kind: 'guardduty', destination: { kind: 'slack', channel: `#${team.id}-guardduty` }, floor: 'LOW' },
            {
              kind: 'securityhub',
              destination: { kind: 'slack', channel: `#${team.id}-securityhub` },
              floor: 'MEDIUM',
            },
            { kind: 'health', destination: { kind: 'slack', channel: `#${team.id}-health` }, floor: null },
          ],
    open: openBySeverity(findings, (finding) => finding.team?.id === team.id),
  }));
}
