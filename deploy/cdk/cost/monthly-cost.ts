/** A text in both languages of the guides. */
export type Bilingual = { readonly en: string; readonly ja: string };

/** What a line counts in the templates, so that a test can hold the table against them. */
export type Counted = 'dashboards' | 'hub-alarms' | 'region-alarms' | 'secrets' | 'kms-keys';

/** One line of the table; amounts are for one month of 730 hours. */
export type CostLine = {
  readonly what: Bilingual;
  /** `fixed` is billed for existing; `idle` for what runs although nothing happens. */
  readonly part: 'fixed' | 'idle';
  readonly quantity: number;
  readonly unit: Bilingual;
  readonly unitPrice: number;
  readonly counted?: Counted;
};

/** The deployment the table is about. */
export const reference = {
  accounts: 100,
  webhooks: 30,
  homeRegion: 'ap-northeast-1',
  governedRegions: ['ap-northeast-1', 'us-east-1', 'us-west-2'],
} as const;

const hours = 730;
const minutes = hours * 60;

// Lambda keeps about five long polls of 20 seconds open on an idle queue, and SQS bills every empty answer.
export const emptyReceives = 5 * 3 * minutes;

const sweeps = minutes;
const healthPolls = minutes / 5;
const refreshes = hours;
const runs = sweeps + healthPolls + refreshes;
// Seconds by memory of 256 MB: a sweep that finds nothing, a poll without changes, a walk through 100 accounts.
const gigabyteSeconds = (sweeps * 0.15 + healthPolls * 0.5 + refreshes * 8) * 0.25;
// Counted with an empty table: a sweep asks the list index 65 times (half a unit each) and reads the exceptions; every run
// reads the directory, about 25 KB for 100 accounts.
const readUnits = sweeps * (65 * 0.5 + 1) + runs * 7 + (healthPolls + refreshes) * 5;

const each: Bilingual = { en: '', ja: '個' };
const requests: Bilingual = { en: 'requests', ja: 'リクエスト' };
const gigabytes: Bilingual = { en: 'GB', ja: 'GB' };
const million = 1_000_000;

/**
 * AWS's list prices in USD for Asia Pacific (Tokyo), which are those of US East (N. Virginia) or above, without any free
 * tier: the free allowances are shared by all accounts of an organization, and one with 100 accounts has often used them up.
 */
export const costLines: readonly CostLine[] = [
  {
    what: { en: 'CloudWatch dashboard', ja: 'CloudWatch ダッシュボード' },
    part: 'fixed',
    quantity: 1,
    unit: each,
    unitPrice: 3,
    counted: 'dashboards',
  },
  {
    what: { en: 'CloudWatch alarms in the home Region', ja: 'ホームリージョンの CloudWatch アラーム' },
    part: 'fixed',
    quantity: 6,
    unit: each,
    unitPrice: 0.1,
    counted: 'hub-alarms',
  },
  {
    what: {
      en: 'CloudWatch alarms, one in each further governed Region',
      ja: 'CloudWatch アラーム（その他の管理対象リージョンごとに 1 個）',
    },
    part: 'fixed',
    quantity: reference.governedRegions.length - 1,
    unit: each,
    unitPrice: 0.1,
    counted: 'region-alarms',
  },
  {
    what: {
      en: 'Secrets Manager: one secret with all 30 webhook URLs and tokens',
      ja: 'Secrets Manager：30 個の Webhook URL とトークンをまとめた 1 個のシークレット',
    },
    part: 'fixed',
    quantity: 1,
    unit: each,
    unitPrice: 0.4,
    counted: 'secrets',
  },
  {
    what: { en: 'KMS customer managed keys', ja: 'KMS カスタマーマネージドキー' },
    part: 'fixed',
    quantity: 0,
    unit: each,
    unitPrice: 1,
    counted: 'kms-keys',
  },
  {
    what: { en: 'SQS: Lambda polling the intake queue', ja: 'SQS：Lambda による受信キューのポーリング' },
    part: 'idle',
    quantity: emptyReceives,
    unit: requests,
    unitPrice: 0.4 / million,
  },
  {
    what: { en: 'SQS FIFO: Lambda polling the delivery queue', ja: 'SQS FIFO：Lambda による配信キューのポーリング' },
    part: 'idle',
    quantity: emptyReceives,
    unit: requests,
    unitPrice: 0.5 / million,
  },
  {
    what: {
      en: 'Lambda requests: sweeper each minute, Health poller each 5 minutes, directory each hour',
      ja: 'Lambda リクエスト：毎分のスイープ、5 分ごとの Health ポーリング、毎時のアカウント更新',
    },
    part: 'idle',
    quantity: runs,
    unit: requests,
    unitPrice: 0.2 / million,
  },
  {
    what: { en: 'Lambda compute (arm64) of these runs', ja: '上記の Lambda 実行時間（arm64）' },
    part: 'idle',
    quantity: gigabyteSeconds,
    unit: { en: 'GB-seconds', ja: 'GB 秒' },
    unitPrice: 0.0000133334,
  },
  {
    what: { en: 'DynamoDB on-demand reads of these runs', ja: '上記の実行による DynamoDB オンデマンド読み込み' },
    part: 'idle',
    quantity: readUnits,
    unit: { en: 'read units', ja: '読み込みユニット' },
    unitPrice: 0.1425 / million,
  },
  {
    what: { en: 'DynamoDB on-demand writes of these runs', ja: '上記の実行による DynamoDB オンデマンド書き込み' },
    part: 'idle',
    quantity: (healthPolls + refreshes) * 2,
    unit: { en: 'write units', ja: '書き込みユニット' },
    unitPrice: 0.715 / million,
  },
  {
    what: { en: 'DynamoDB storage', ja: 'DynamoDB ストレージ' },
    part: 'idle',
    quantity: 0.05,
    unit: gigabytes,
    unitPrice: 0.285,
  },
  {
    what: { en: 'DynamoDB point-in-time recovery', ja: 'DynamoDB ポイントインタイムリカバリ' },
    part: 'idle',
    quantity: 0.05,
    unit: gigabytes,
    unitPrice: 0.228,
  },
  {
    what: {
      en: 'Secrets Manager calls, with the KMS call of each',
      ja: 'Secrets Manager API 呼び出し（KMS 呼び出しを含む）',
    },
    part: 'idle',
    quantity: 100,
    unit: { en: 'calls', ja: '回' },
    unitPrice: 0.08 / 10_000,
  },
  {
    what: { en: 'CloudWatch Logs of these runs, kept 30 days', ja: '上記の実行の CloudWatch Logs（30 日保持）' },
    part: 'idle',
    quantity: 0.04,
    unit: gigabytes,
    unitPrice: 0.793,
  },
  {
    what: { en: 'S3: each run reads the configuration', ja: 'S3：実行ごとの設定の読み込み' },
    part: 'idle',
    quantity: runs,
    unit: requests,
    unitPrice: 0.37 / million,
  },
  {
    what: { en: 'S3: uploaded code and configuration', ja: 'S3：アップロードしたコードと設定' },
    part: 'idle',
    quantity: 0.02,
    unit: gigabytes,
    unitPrice: 0.025,
  },
];

/** With the Slack app (channels and buttons instead of webhooks) these come on top. */
export const slackAppLines: readonly CostLine[] = [
  {
    what: {
      en: 'CloudWatch alarm on the dead letters of the buttons',
      ja: 'ボタン操作のデッドレターに対する CloudWatch アラーム',
    },
    part: 'fixed',
    quantity: 1,
    unit: each,
    unitPrice: 0.1,
  },
  {
    what: {
      en: 'SQS FIFO: Lambda polling the queue of the buttons',
      ja: 'SQS FIFO：Lambda によるボタン操作キューのポーリング',
    },
    part: 'idle',
    quantity: emptyReceives,
    unit: requests,
    unitPrice: 0.5 / million,
  },
];

/** What one line costs in a month. */
export function costOf(line: CostLine): number {
  return line.quantity * line.unitPrice;
}

/** Sum of the lines, or of one part of them. */
export function totalOf(lines: readonly CostLine[], part?: CostLine['part']): number {
  return lines.filter((line) => part === undefined || line.part === part).reduce((sum, line) => sum + costOf(line), 0);
}
