import type { BeatLine } from './beat-line.ts';

const rootLogin: readonly BeatLine[] = [
  {
    id: 'root-login/signed-in',
    day: 6,
    clock: '22:41',
    minutes: 17,
    en: 'Somebody signs in as root user and changes the contact of the account',
    ja: '誰かがルートユーザーでサインインし、アカウントの連絡先を変える',
    account: 'shared-services',
    region: 'us-east-1',
    actor: 'root/shared-services',
    from: 'home-tokyo',
    resources: ['account/shared-services'],
    calls: [
      [0, 'signin', 'ConsoleLogin', ['account/shared-services']],
      [212, 'account', 'PutAlternateContact', ['account/shared-services']],
      [640, 'iam', 'GetAccountSummary', ['account/shared-services']],
    ],
  },
  {
    id: 'root-login/explained',
    day: 7,
    clock: '09:50',
    minutes: 5,
    en: 'The platform lead explains it: the contact could not be changed in any other way she knew',
    ja: '基盤チームのリーダーが説明する: 他の変更方法を知らなかった',
    account: 'security-audit',
    actor: 'suzuki-ken@security-audit',
    from: 'office-tokyo',
    resources: ['account/shared-services'],
    calls: [[0, 'guardduty', 'ArchiveFindings', ['detector/shared-services/ap-northeast-1']]],
    after: ['root-login/signed-in'],
  },
];

const payments = ['rds/payments-orders', 'rds/payments-ledger', 'rds/payments-reporting'];

const rdsMaintenance: readonly BeatLine[] = [
  {
    id: 'rds-maintenance/announced',
    day: 1,
    clock: '10:00',
    en: 'AWS announces maintenance of the payments databases',
    ja: 'AWS が決済データベースのメンテナンスを予告する',
    account: 'payments-prod',
    resources: payments,
  },
  {
    id: 'rds-maintenance/moved',
    day: 7,
    clock: '10:15',
    en: 'The maintenance is moved by an hour',
    ja: 'メンテナンスの時刻が 1 時間ずれる',
    account: 'payments-prod',
    resources: payments,
    after: ['rds-maintenance/announced'],
  },
  {
    id: 'rds-maintenance/carried-out',
    day: 11,
    clock: '03:00',
    minutes: 85,
    en: 'The databases are patched and restart',
    ja: 'データベースにパッチが当たり再起動する',
    account: 'payments-prod',
    resources: payments,
    after: ['rds-maintenance/moved'],
  },
  {
    id: 'rds-maintenance/closed',
    day: 11,
    clock: '04:40',
    en: 'AWS closes the event',
    ja: 'AWS がイベントを閉じる',
    account: 'payments-prod',
    resources: payments,
    after: ['rds-maintenance/carried-out'],
  },
];

const impaired = ['instance/payments-api-1', 'instance/storefront-web-2'];

const ec2Issue: readonly BeatLine[] = [
  {
    id: 'ec2-issue/opened',
    day: 5,
    clock: '13:05',
    en: 'EC2 has errors in one Availability Zone of Tokyo',
    ja: '東京の 1 つのアベイラビリティーゾーンで EC2 に障害が起きる',
    account: 'org-management',
    resources: impaired,
  },
  {
    id: 'ec2-issue/identified',
    day: 5,
    clock: '13:45',
    en: 'AWS names the cause and works on it',
    ja: 'AWS が原因を特定し対応する',
    account: 'org-management',
    resources: impaired,
    after: ['ec2-issue/opened'],
  },
  {
    id: 'ec2-issue/resolved',
    day: 5,
    clock: '15:20',
    en: 'EC2 works as it should again',
    ja: 'EC2 が正常に戻る',
    account: 'org-management',
    resources: impaired,
    after: ['ec2-issue/identified'],
  },
];

const posture: readonly BeatLine[] = [
  {
    id: 'posture/ebs-encryption-rollout',
    day: 2,
    clock: '10:30',
    minutes: 90,
    en: 'The platform team switches on default EBS encryption in every account',
    ja: '基盤チームが全アカウントで EBS のデフォルト暗号化を有効にする',
    account: 'org-management',
    actor: 'ito-mai@org-management',
    from: 'office-tokyo',
    calls: [[0, 'cloudformation', 'CreateStackInstances']],
  },
  {
    id: 'posture/recorder-stopped',
    day: 4,
    clock: '09:10',
    minutes: 1,
    en: 'A clean-up script stops the AWS Config recorder of the staging account',
    ja: '掃除用のスクリプトがステージングの AWS Config レコーダーを止めてしまう',
    account: 'storefront-stg',
    actor: 'takahashi-ryo@storefront-stg',
    from: 'office-tokyo',
    resources: ['account/storefront-stg'],
    calls: [[0, 'config', 'StopConfigurationRecorder', ['account/storefront-stg']]],
  },
  {
    id: 'posture/recorder-restored',
    day: 5,
    clock: '17:30',
    minutes: 1,
    en: 'The recorder runs again',
    ja: 'レコーダーが再び動く',
    account: 'storefront-stg',
    actor: 'takahashi-ryo@storefront-stg',
    from: 'office-tokyo',
    resources: ['account/storefront-stg'],
    calls: [[0, 'config', 'StartConfigurationRecorder', ['account/storefront-stg']]],
    after: ['posture/recorder-stopped'],
  },
  {
    id: 'posture/consolidated-findings',
    day: 6,
    clock: '08:00',
    en: 'The security team turns on consolidated control findings',
    ja: 'セキュリティチームが統合コントロール検出結果を有効にする',
    account: 'security-audit',
    actor: 'suzuki-ken@security-audit',
    from: 'office-tokyo',
    calls: [[0, 'securityhub', 'UpdateSecurityHubConfiguration']],
  },
];

/** What AWS and the company's own people do on ordinary days. */
export const operationBeats: readonly BeatLine[] = [...rootLogin, ...rdsMaintenance, ...ec2Issue, ...posture];
