import type { Language } from '#core/notification/destination.ts';
import type { Words } from '#core/text/guardduty-advice.ts';

type FindingRow = readonly [product: string, type: RegExp, what: Words | null, advice: Words];

const sensitiveData: Words = {
  en: 'Check whether this data may be kept here; if not, move or encrypt it, and check who can read the bucket.',
  ja: 'このデータをここに保管してよいかを確認し、不適切であれば移動または暗号化したうえで、バケットの閲覧権限を確認してください。',
};
const publicBucket: Words = {
  en: 'Turn on Block Public Access for the bucket unless it has to be public.',
  ja: '公開の必要がなければ、バケットのブロックパブリックアクセスを有効にしてください。',
};
const outsideAccess: Words = {
  en: 'If this access is not wanted, remove it from the policy of the resource; if it is, archive the finding in IAM Access Analyzer.',
  ja: '意図しないアクセスであればリソースのポリシーから削除し、意図したものであれば IAM Access Analyzer で検出結果をアーカイブしてください。',
};
const unusedAccess: Words = {
  en: 'Remove the role, key, password or permission that nobody uses.',
  ja: '使用されていないロール、アクセスキー、パスワードまたは権限を削除してください。',
};
const configRule: Words = {
  en: 'Bring the resource back in line with the rule, or ask the owner of the rule for an exception.',
  ja: 'リソースをルールに適合させるか、ルールの管理者に例外を申請してください。',
};
const patches: Words = {
  en: 'Install the missing patches with Patch Manager.',
  ja: 'Patch Manager で未適用のパッチを適用してください。',
};
const firewallManager: Words = {
  en: 'Bring the resource back in line with the Firewall Manager policy, or ask the central team for an exception.',
  ja: 'リソースを Firewall Manager のポリシーに適合させるか、中央チームに例外を申請してください。',
};

/** Findings of other AWS services in Security Hub; the first that fits. */
// biome-ignore format: one kind of finding a line reads as a table.
const KINDS: readonly FindingRow[] = [
  ['aws/macie', /SensitiveData:S3Object.Credentials/, { en: 'Credentials found in an S3 object', ja: 'S3 オブジェクトから認証情報を検出' }, sensitiveData],
  ['aws/macie', /SensitiveData:S3Object.Personal/, { en: 'Personal data found in an S3 object', ja: 'S3 オブジェクトから個人情報を検出' }, sensitiveData],
  ['aws/macie', /SensitiveData:S3Object.Financial/, { en: 'Financial data found in an S3 object', ja: 'S3 オブジェクトから金融情報を検出' }, sensitiveData],
  ['aws/macie', /SensitiveData/, { en: 'Sensitive data found in an S3 object', ja: 'S3 オブジェクトから機密データを検出' }, sensitiveData],
  ['aws/macie', /S3BucketPublic/, { en: 'S3 bucket is public', ja: 'S3 バケットが公開状態' }, publicBucket],
  ['aws/macie', /S3BlockPublicAccessDisabled/, { en: 'Block Public Access was turned off for an S3 bucket', ja: 'S3 バケットのブロックパブリックアクセスが無効化' }, publicBucket],
  ['aws/macie', /S3Bucket(?:Shared|Replicated)Externally|SharedWithCloudFront/, { en: 'S3 bucket is shared outside the organization', ja: 'S3 バケットが組織外に共有' }, outsideAccess],
  ['aws/macie', /S3BucketEncryptionDisabled/, { en: 'Default encryption of an S3 bucket was reset', ja: 'S3 バケットのデフォルト暗号化がリセット' }, configRule],
  ['aws/macie', /(?:)/, null, sensitiveData],
  ['aws/access-analyzer', /Unused/i, { en: 'Unused access', ja: '未使用のアクセス権' }, unusedAccess],
  ['aws/access-analyzer', /External|Cross.?account|Public/i, { en: 'Resource can be used from outside', ja: '外部からリソースにアクセス可能' }, outsideAccess],
  ['aws/access-analyzer', /(?:)/, null, outsideAccess],
  ['aws/config', /(?:)/, { en: 'Rule {title} is violated', ja: 'ルール {title} に違反' }, configRule],
  ['aws/ssm-patch-manager', /(?:)/, { en: 'Patches are missing', ja: 'パッチが未適用' }, patches],
  ['aws/firewall-manager', /(?:)/, null, firewallManager],
];

/** What a finding of another product means (null when only its title says it; `{title}` stands for it) and what to do first (null when only the product knows). */
export function findingWords(
  product: string,
  type: string,
  language: Language,
): { what: string | null; advice: string | null } {
  const kind = type.slice(0, 300);
  const row = KINDS.find(([name, pattern]) => name === product && pattern.test(kind));
  if (row === undefined) return { what: null, advice: null };
  return { what: row[2]?.[language] ?? null, advice: row[3][language] };
}

/** Names of products as their makers write them; of others, the last part of the product id. */
export function productName(product: string): string {
  return Object.hasOwn(NAMES, product) ? (NAMES[product] ?? product) : (product.split('/').at(-1) ?? product);
}

const NAMES: Readonly<Record<string, string>> = {
  'aws/guardduty': 'GuardDuty',
  'aws/securityhub': 'Security Hub',
  'aws/inspector': 'Inspector',
  'aws/macie': 'Macie',
  'aws/access-analyzer': 'IAM Access Analyzer',
  'aws/config': 'AWS Config',
  'aws/health': 'AWS Health',
  'aws/firewall-manager': 'Firewall Manager',
  'aws/ssm-patch-manager': 'Patch Manager',
  'aws/controltower': 'Control Tower',
  'aws/organizations': 'AWS Organizations',
};
