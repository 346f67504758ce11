import type { enOrganization } from '../en/organization.ts';
import type { Translated } from '../translated.ts';

export const jaOrganization: Translated<typeof enOrganization> = {
  'accounts.description': '各アカウントの所有チームと、各チームの通知先を表示します。',
  'accounts.tab.accounts': 'アカウント',
  'accounts.tab.teams': 'チーム',
  'accounts.unowned': '所有チームのないアカウントが {count} 件あります',
  'accounts.unowned.text':
    '検出結果は中央チームのチャンネルに通知されます。yagura.yaml、アカウントのタグ、OU のいずれかで所有チームを設定してください。',
  'accounts.strangers': 'ほかに、台帳にないアカウントが {count} 件イベントで検出されています。',
  'accounts.filter': '名前、ID、OU、環境、チームで検索',
  'accounts.matches': '{count} 件が一致',
  'accounts.empty': 'アカウントがありません',
  'accounts.empty.text': 'yagura.yaml に記載するか、AWS Organizations から読み込むよう設定してください。',
  'accounts.no-match': '一致するアカウントがありません',
  'accounts.open': '未対応の検出結果',
  'accounts.open.label': '{name}: 未対応 {count} 件',
  'accounts.last-event': '最新のイベント',
  'accounts.unknown': '台帳にないアカウント（イベントで検出）',
  'owner-from.entry': 'yagura.yaml で指定',
  'owner-from.tag': 'アカウントのタグで指定',
  'owner-from.ou': 'OU で指定',
  'owner-from.none': '指定なし',

  'directory.config': 'yagura.yaml',
  'directory.organizations': 'AWS Organizations',
  'directory.fresh': '{source} の {count} アカウント（{time} 取得）',
  'directory.fresh.config': '{source} の {count} アカウント',
  'directory.stale': '{source} のアカウント情報が最新でない可能性があります',
  'directory.last': '{time} に取得した情報を使用しています。',
  'directory.never': 'まだ一度も取得できていません。',

  'teams.accounts': 'アカウント数',
  'teams.channels': '通知先',
  'teams.channel': '{kind}: {destination}（{severity}以上）',
  'teams.channel.all': '{kind}: {destination}（すべて）',
  'teams.no-channel': '通知先なし（中央チームにのみ通知）',
  'teams.language': '言語',
  'teams.empty': 'チームがありません',
  'teams.empty.text': 'yagura.yaml にチームと通知先を追加してください。',
};
