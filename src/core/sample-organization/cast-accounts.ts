export type SampleTeam = {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly language: 'ja' | 'en';
  readonly minimumSeverity: Readonly<Record<string, string>>;
};

export type SampleUnit = { readonly id: string; readonly path: string; readonly parent: string };

export type SampleAccount = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly ou: string;
  readonly environment: 'prod' | 'non-prod' | 'sandbox';
  readonly team: string | null;
};

export const HOME_REGION = 'ap-northeast-1';

/** Ids of the organization itself. */
export const organizationIds = { id: 'o-exampleorg01', root: 'r-ex01', workloads: 'ou-ex01-workloads' } as const;

export const teams: readonly SampleTeam[] = [
  { id: 'payments', name: '決済チーム', nameEn: 'Payments', language: 'ja', minimumSeverity: { securityhub: 'HIGH' } },
  { id: 'storefront', name: 'ストアフロントチーム', nameEn: 'Storefront', language: 'ja', minimumSeverity: {} },
  {
    id: 'data',
    name: 'データ基盤チーム',
    nameEn: 'Data Platform',
    language: 'en',
    minimumSeverity: { guardduty: 'MEDIUM' },
  },
  { id: 'platform', name: 'クラウド基盤チーム', nameEn: 'Cloud Platform', language: 'ja', minimumSeverity: {} },
  {
    id: 'security',
    name: 'セキュリティチーム',
    nameEn: 'Security',
    language: 'en',
    minimumSeverity: { securityhub: 'LOW' },
  },
];

export const units: readonly SampleUnit[] = [
  { id: 'ou-ex01-security', path: 'Security', parent: organizationIds.root },
  { id: 'ou-ex01-infrastr', path: 'Infrastructure', parent: organizationIds.root },
  { id: 'ou-ex01-workprod', path: 'Workloads/Prod', parent: organizationIds.workloads },
  { id: 'ou-ex01-worknonp', path: 'Workloads/NonProd', parent: organizationIds.workloads },
  { id: 'ou-ex01-sandboxs', path: 'Sandbox', parent: organizationIds.root },
];

export const accounts: readonly SampleAccount[] = [
  account('222233334444', 'security-audit', 'Security', 'prod', 'security'),
  account('333344445555', 'log-archive', 'Security', 'prod', 'security'),
  account('999988887777', 'org-management', 'Infrastructure', 'prod', 'platform'),
  account('555566667777', 'network-hub', 'Infrastructure', 'prod', 'platform'),
  account('666677778888', 'shared-services', 'Infrastructure', 'prod', 'platform'),
  account('111122223333', 'payments-prod', 'Workloads/Prod', 'prod', 'payments'),
  account('777788889999', 'storefront-prod', 'Workloads/Prod', 'prod', 'storefront'),
  account('123456789012', 'data-prod', 'Workloads/Prod', 'prod', 'data'),
  account('444455556666', 'payments-dev', 'Workloads/NonProd', 'non-prod', 'payments'),
  account('888899990000', 'storefront-stg', 'Workloads/NonProd', 'non-prod', 'storefront'),
  account('210987654321', 'sandbox-data', 'Sandbox', 'sandbox', 'data'),
  // Nobody owns this one: it is created within the fourteen days, and the story shows what comes of that.
  account('101020203030', 'sandbox-hackathon', 'Sandbox', 'sandbox', null),
];

/** The id of an account by its name. */
export function accountIdOf(name: string): string {
  return accountNamed(name).id;
}

/** An account by its name. */
export function accountNamed(name: string): SampleAccount {
  const found = accounts.find((candidate) => candidate.name === name);
  if (found === undefined) throw new RangeError(`no account named ${name} in the sample organization`);
  return found;
}

/** The name of an account by its id. */
export function accountNameOf(id: string): string {
  return accounts.find((candidate) => candidate.id === id)?.name ?? id;
}

/** The delegated administrator of GuardDuty, Security Hub and Health. */
export const adminAccount = accountIdOf('security-audit');
export const managementAccount = accountIdOf('org-management');

function account(
  id: string,
  name: string,
  ou: string,
  environment: SampleAccount['environment'],
  team: string | null,
): SampleAccount {
  return { id, name, email: `aws+${name}@example.com`, ou, environment, team };
}
