import { accountIdOf, HOME_REGION, managementAccount } from './cast-accounts.ts';
import { stableHex, stableUuid } from './random.ts';

/** A person in IAM Identity Center. */
type Person = {
  readonly key: string;
  readonly userName: string;
  readonly displayName: string;
  readonly displayNameEn: string;
  readonly userId: string;
  readonly team: string | null;
};

/** Who can call AWS: an IAM user, a role session of a person, an instance role, or root. */
export type Principal = {
  readonly key: string;
  readonly kind: 'iam-user' | 'person-session' | 'service-role' | 'root';
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  readonly principalId: string;
  readonly accessKeyId: string;
  /** Key of the person behind a session. */
  readonly person: string | null;
};

const people: readonly Person[] = [
  person('sato-haruka', 'h.sato', '佐藤 はるか', 'Haruka Sato', 'payments'),
  person('takahashi-ryo', 'r.takahashi', '高橋 亮', 'Ryo Takahashi', 'storefront'),
  person('tanaka-kenji', 'k.tanaka', '田中 健二', 'Kenji Tanaka', 'data'),
  person('ito-mai', 'm.ito', '伊藤 舞', 'Mai Ito', 'platform'),
  person('suzuki-ken', 'k.suzuki', '鈴木 健', 'Ken Suzuki', 'security'),
  person('kato-minoru', 'm.kato', '加藤 実', 'Minoru Kato', null),
];

export const principals: readonly Principal[] = [
  iamUser('ci-deployer', 'payments-prod', 'AKIAIOSFODNN7EXAMPLE'),
  iamUser('svc-backup', 'payments-prod', 'AKIAI44QH8DHBEXAMPLE'),
  iamUser('receipts-sync', 'payments-prod', exampleKey('RECEIPTSN')),
  iamUser('jenkins', 'storefront-prod', exampleKey('JENKINSAB')),
  iamUser('tableau-export', 'data-prod', exampleKey('TABLEAUEX')),
  iamUser('terraform-bootstrap', 'shared-services', exampleKey('TERRAFORM')),
  iamUser('load-test', 'payments-dev', exampleKey('LOADTESTX')),
  root('root/shared-services', 'shared-services', exampleKey('ROOTSHARE', 'ASIA')),
  session('sato-haruka', 'payments-prod', 'PaymentsDeveloper', 'SATOHARUK'),
  session('takahashi-ryo', 'storefront-prod', 'StorefrontDeveloper', 'TAKAHASHI'),
  session('takahashi-ryo', 'storefront-stg', 'StorefrontDeveloper', 'TAKAHASHS'),
  session('tanaka-kenji', 'data-prod', 'DataEngineer', 'TANAKAKEN'),
  session('ito-mai', 'shared-services', 'PlatformAdministrator', 'ITOMAISHA'),
  session('ito-mai', 'org-management', 'PlatformAdministrator', 'ITOMAIORG'),
  session('suzuki-ken', 'payments-prod', 'SecurityResponder', 'SUZUKIKEN'),
  session('suzuki-ken', 'security-audit', 'SecurityResponder', 'SUZUKIAUD'),
  session('kato-minoru', 'sandbox-hackathon', 'SandboxAdministrator', 'KATOMINOR'),
  serviceRole('payments-batch-instance', 'payments-prod', 'PAYBATCHX'),
  serviceRole('storefront-eks-node', 'storefront-prod', 'EKSNODEXX'),
  serviceRole('data-airflow-instance', 'data-prod', 'AIRFLOWXX'),
];

/** A principal by its key, such as `ci-deployer` or `sato-haruka@payments-prod`. */
export function principal(key: string): Principal {
  const found = principals.find((candidate) => candidate.key === key);
  if (found === undefined) throw new RangeError(`no principal ${key} in the sample organization`);
  return found;
}

function person(key: string, user: string, displayName: string, displayNameEn: string, team: string | null): Person {
  return {
    key,
    userName: `${user}@example.com`,
    displayName,
    displayNameEn,
    userId: stableUuid(`identity-store|${key}`),
    team,
  };
}

function iamUser(name: string, accountName: string, accessKeyId: string): Principal {
  const account = accountIdOf(accountName);
  return {
    key: name,
    kind: 'iam-user',
    account,
    name,
    arn: `arn:aws:iam::${account}:user/${name}`,
    principalId: exampleId('AIDA', name),
    accessKeyId,
    person: null,
  };
}

function root(key: string, accountName: string, accessKeyId: string): Principal {
  const account = accountIdOf(accountName);
  return {
    key,
    kind: 'root',
    account,
    name: 'Root',
    arn: `arn:aws:iam::${account}:root`,
    principalId: account,
    accessKeyId,
    person: null,
  };
}

function session(personKey: string, accountName: string, permissionSet: string, keyLabel: string): Principal {
  const account = accountIdOf(accountName);
  const role = `AWSReservedSSO_${permissionSet}_${stableHex(`${managementAccount}|${permissionSet}`, 16)}`;
  const userName = people.find((candidate) => candidate.key === personKey)?.userName ?? personKey;
  return {
    key: `${personKey}@${accountName}`,
    kind: 'person-session',
    account,
    name: role,
    arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${HOME_REGION}/${role}`,
    principalId: `${exampleId('AROA', `${accountName}${permissionSet}`)}:${userName}`,
    accessKeyId: exampleKey(keyLabel, 'ASIA'),
    person: personKey,
  };
}

function serviceRole(name: string, accountName: string, keyLabel: string): Principal {
  const account = accountIdOf(accountName);
  return {
    key: name,
    kind: 'service-role',
    account,
    name,
    arn: `arn:aws:iam::${account}:role/${name}`,
    principalId: exampleId('AROA', name),
    accessKeyId: exampleKey(keyLabel, 'ASIA'),
    person: null,
  };
}

/** The documentation form: it ends in EXAMPLE, so that no scanner and no reader takes it for a real key. */
function exampleKey(label: string, prefix: 'AKIA' | 'ASIA' = 'AKIA'): string {
  return `${prefix}${label.padEnd(9, 'X').slice(0, 9)}EXAMPLE`;
}

function exampleId(prefix: 'AIDA' | 'AROA', label: string): string {
  return `${prefix}${stableHex(`unique-id|${label}`, 10).toUpperCase()}EXAMPLE`;
}
