import type { Language } from '#core/notification/destination.ts';
import { type GuardDutyAdvice, guardDutyAdvice, type Words } from '#core/text/guardduty-advice.ts';
import { type GuardDutyType, guardDutyTypes } from '#core/text/guardduty-types.ts';

/** The kinds of resource in finding types, as a service owner calls them. */
const RESOURCES: Readonly<Record<string, Words>> = {
  EC2: { en: 'EC2 instance', ja: 'EC2 インスタンス' },
  IAMUser: { en: 'IAM credentials', ja: 'IAM 認証情報' },
  S3: { en: 'S3 bucket', ja: 'S3 バケット' },
  Kubernetes: { en: 'Kubernetes cluster', ja: 'Kubernetes クラスター' },
  EKS: { en: 'EKS cluster', ja: 'EKS クラスター' },
  ECS: { en: 'ECS task', ja: 'ECS タスク' },
  Container: { en: 'container', ja: 'コンテナ' },
  Runtime: { en: 'workload', ja: 'ワークロード' },
  RDS: { en: 'database', ja: 'データベース' },
  Lambda: { en: 'Lambda function', ja: 'Lambda 関数' },
};
const ANY_RESOURCE: Words = { en: 'resource', ja: 'リソース' };

/** What to do for a type nobody has described yet, by its resource. */
const BY_RESOURCE: Readonly<Record<string, GuardDutyAdvice>> = {
  EC2: 'checkTraffic',
  IAMUser: 'askUser',
  IAM: 'askUser',
  S3: 'bucketAccess',
  Kubernetes: 'clusterChange',
  EKS: 'clusterIncident',
  ECS: 'stopWorkload',
  Container: 'stopWorkload',
  Runtime: 'stopWorkload',
  RDS: 'databaseLogin',
  Lambda: 'stopFunction',
};

/** What a finding type means (null for one that is not known) and what to do first. */
export function guardDutyWords(type: string, language: Language): { what: string | null; advice: string } {
  const { purpose, resource, families } = partsOf(type);
  const known = families.map((family) => find(purpose, resource, family)).find((found) => found !== undefined);
  if (known === undefined) {
    const key = Object.hasOwn(BY_RESOURCE, resource) ? BY_RESOURCE[resource] : undefined;
    return { what: null, advice: guardDutyAdvice[key ?? 'unknown'][language] };
  }
  const [en, ja, advice] = known;
  const it =
    (Object.hasOwn(RESOURCES, resource) ? RESOURCES[resource] : undefined)?.[language] ?? ANY_RESOURCE[language];
  const what = (language === 'ja' ? ja : en)
    .replace('{It}', it.charAt(0).toUpperCase() + it.slice(1))
    .replace('{it}', language === 'ja' ? it : withArticle(it));
  return { what, advice: guardDutyAdvice[advice][language] };
}

/** `Backdoor:EC2/C&CActivity.B!DNS`; copies through Security Hub may lack the purpose. */
function partsOf(type: string): { purpose: string; resource: string; families: readonly string[] } {
  const slash = type.search(/[/-]/);
  const [head, rest] = slash < 0 ? [type, ''] : [type.slice(0, slash), type.slice(slash + 1)];
  const colon = head.indexOf(':');
  const plain = rest.replace(/!.*$/, '');
  return {
    purpose: colon < 0 ? '' : head.slice(0, colon),
    resource: head.slice(colon + 1),
    families: [plain, plain.replace(/\..*$/, ''), '*'],
  };
}

function find(purpose: string, resource: string, family: string): GuardDutyType | undefined {
  const names = [
    `${purpose}:${resource}/${family}`,
    `*:${resource}/${family}`,
    `${purpose}:*/${family}`,
    `*:*/${family}`,
  ];
  const name = names.find((candidate) => Object.hasOwn(guardDutyTypes, candidate));
  return name === undefined ? undefined : guardDutyTypes[name];
}

function withArticle(noun: string): string {
  return noun === 'IAM credentials' ? noun : `${/^(?:EC2|ECS|EKS|IAM|S3|RDS)/.test(noun) ? 'an' : 'a'} ${noun}`;
}
