import type { Language } from '#core/notification/destination.ts';
import type { Words } from '#core/text/guardduty-advice.ts';

type HealthRow = readonly [pattern: RegExp, what: Words, advice: Words | null];

const keyExposed: Words = {
  en: 'Deactivate this access key now, replace it where it is used, and look in CloudTrail and billing for what it was used for.',
  ja: '直ちに該当のアクセスキーを無効化して使用箇所を差し替え、CloudTrail と請求で不正な使用がないかを確認してください。',
};
const answerAbuse: Words = {
  en: 'Find and stop the resource that caused the report, then answer AWS within the time it gives.',
  ja: '報告の原因となったリソースを特定して停止し、期限内に AWS へ返信してください。',
};
const instanceGoesAway: Words = {
  en: 'Stop and start the instance, or replace it, before the date below; otherwise AWS does it then.',
  ja: '下記の日時までにインスタンスを停止・起動するか、置き換えてください。対応しない場合は AWS が実施します。',
};
const ownWindow: Words = {
  en: 'Check that a restart in this window does no harm, or carry out the maintenance earlier yourself.',
  ja: 'この時間帯の再起動で問題がないかを確認し、必要であれば事前に自分でメンテナンスを実施してください。',
};
const upgrade: Words = {
  en: 'Plan the upgrade of the resources below before the date, and test it first.',
  ja: '期日までに下記リソースのアップグレードを計画し、事前に検証してください。',
};
const renew: Words = {
  en: 'Repair the validation of the certificate or import a new one before it expires.',
  ja: '期限切れの前に証明書の検証を修正するか、新しい証明書をインポートしてください。',
};

/** What the end of an event type code says; the first that fits. The codes are AWS's, the words are ours. */
// biome-ignore format: one kind of event a line reads as a table.
const KINDS: readonly HealthRow[] = [
  [/CREDENTIALS_EXPOSED|IAM_QUARANTINE|EXPOSED_KEY/, { en: 'access key exposed in public', ja: 'アクセスキーが公開の場に漏えい' }, keyExposed],
  [/^AWS_ABUSE|_ABUSE_/, { en: 'abuse report about your resources', ja: 'リソースの不正使用に関する報告' }, answerAbuse],
  [/OPERATIONAL_ISSUE$/, { en: 'operational issue', ja: '障害が発生' }, null],
  [/API_ISSUE$/, { en: 'API errors', ja: 'API エラーが発生' }, null],
  [/CONNECTIVITY_ISSUE$|NETWORK_CONNECTIVITY/, { en: 'network trouble', ja: 'ネットワーク障害が発生' }, null],
  [/RETIREMENT_SCHEDULED$|INSTANCE_STOP_SCHEDULED$|_RETIREMENT/, { en: 'retirement scheduled', ja: 'リタイア（廃止）の予定' }, instanceGoesAway],
  [/REBOOT.*SCHEDULED$/, { en: 'reboot scheduled', ja: '再起動の予定' }, ownWindow],
  [/STORE_DRIVE_PERFORMANCE|DEGRADED|VOLUME_LOST|DATA_LOSS/, { en: 'resource degraded', ja: 'リソースの劣化' }, null],
  [/UPGRADE|VERSION|DEPRECAT|END_OF_(?:LIFE|SUPPORT)|PLANNED_LIFECYCLE/, { en: 'upgrade or end of support ahead', ja: 'アップグレードまたはサポート終了の予定' }, upgrade],
  [/RENEWAL_STATE_CHANGE$/, { en: 'certificate renewal changed state', ja: '証明書の更新状況に変化' }, null],
  [/CERT.*(?:EXPIR|RENEW|ACTION)|RENEWAL_(?:REQUIRED|ACTION)/, { en: 'certificate needs attention', ja: '証明書の確認が必要' }, renew],
  [/PATCHING|MAINTENANCE/, { en: 'maintenance scheduled', ja: 'メンテナンスの予定' }, ownWindow],
  [/SECURITY_(?:NOTIFICATION|BULLETIN|ISSUE)/, { en: 'security notice', ja: 'セキュリティに関するお知らせ' }, null],
  [/BILLING|COST|CHARGE|PAYMENT/, { en: 'billing notice', ja: '請求に関するお知らせ' }, null],
];

const CATEGORIES: Readonly<Record<string, { readonly what: Words; readonly advice: Words }>> = {
  issue: {
    what: { en: 'issue', ja: '障害が発生' },
    advice: {
      en: 'Check whether your service is affected; if it is, move it to another Availability Zone or Region, and follow the updates here.',
      ja: '自分のサービスへの影響を確認し、影響がある場合は別のアベイラビリティーゾーンまたはリージョンへ切り替え、続報をご確認ください。',
    },
  },
  investigation: {
    what: { en: 'AWS is investigating an issue', ja: 'AWS が障害を調査中' },
    advice: {
      en: 'Check whether your service shows errors, and follow the updates here.',
      ja: '自分のサービスでエラーが発生していないかを確認し、続報をご確認ください。',
    },
  },
  scheduledChange: {
    what: { en: 'change scheduled', ja: '変更の予定' },
    advice: {
      en: 'Check what this change does to the resources below, and act before it starts if you need to.',
      ja: '下記リソースへの影響を確認し、必要であれば開始日時までに対応してください。',
    },
  },
  accountNotification: {
    what: { en: 'notice', ja: 'お知らせ' },
    advice: {
      en: 'Read the notice below, and note the date if it names one.',
      ja: '下記のお知らせを確認し、期日がある場合は予定に入れてください。',
    },
  },
};
const OTHER: Words = {
  en: 'Read the notice below and check whether your resources are affected.',
  ja: '下記の内容を確認し、自分のリソースに影響がないかを確認してください。',
};

/** What a Health event is about: what its type code says (null when it says nothing), what its category says, and what to do first. */
export function healthWords(
  typeCode: string,
  category: string,
  language: Language,
): { what: string | null; category: string | null; advice: string } {
  const code = typeCode.slice(0, 200);
  const [, what, advice] = KINDS.find(([pattern]) => pattern.test(code)) ?? [];
  const general = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : undefined;
  return {
    what: what?.[language] ?? null,
    category: general?.what[language] ?? null,
    advice: (advice ?? general?.advice ?? OTHER)[language],
  };
}
