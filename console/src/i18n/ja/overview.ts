import type { enOverview } from '../en/overview.ts';
import type { Translated } from '../translated.ts';

export const jaOverview: Translated<typeof enOverview> = {
  'overview.description': '未対応の検出結果と所有チーム、対応を待っている項目を表示します。',
  'overview.open': '未対応の検出結果',
  'overview.open.label': '{severity}: 未対応 {count} 件',
  'overview.by-team': 'チーム別の未対応件数',
  'overview.by-team.all': 'すべてのチーム',
  'overview.by-team.empty': '未対応の検出結果はありません',
  'overview.by-team.empty.text': 'どのチームにも未対応の検出結果はありません。',
  'overview.worst': '直近の重大・高の検出結果',
  'overview.worst.all': 'すべて表示',
  'overview.worst.empty': '未対応の重大・高の検出結果はありません',
  'overview.attention': '対応待ち',
  'overview.none': 'なし',
  'overview.unowned': '所有者なしのアカウント',
  'overview.parked': '保留中の配信',
  'overview.unknown': '不明なイベント',
  'overview.waiting': '処理中の配信',
  'overview.intake': '稼働開始からの累計',
  'overview.events': '受信イベント',
  'overview.problems': '検出結果',
  'overview.sent': '完了した配信',
};
