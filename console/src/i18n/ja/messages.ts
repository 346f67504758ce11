import type { enMessages } from '../en/messages.ts';
import type { Translated } from '../translated.ts';

export const jaMessages: Translated<typeof enMessages> = {
  'messages.description': '各チャンネルへの通知を Slack と同じ見た目で表示します。ボタンはここでも使えます。',
  'messages.channels': 'チャンネル',
  'messages.all': 'すべてのチャンネル',
  'messages.feed': 'メッセージ（新しい順）',
  'messages.audience': '対象: {audience}',
  'audience.central': '中央チーム',
  'audience.route': 'ルートで指定',
  'messages.no-slack': 'Slack は未設定です。メッセージはこのページにのみ表示されます。',
  'messages.empty': 'メッセージはまだありません',
  'messages.empty.text': '検出結果が通知されると、ここに表示されます。',
  'messages.older': '以前のメッセージを表示',
  'messages.older.failed': '以前のメッセージを読み込めませんでした',
  'messages.shown': '{total} 件中 {shown} 件',
  'message.feed-only': 'コンソールのみ',
  'message.earlier-thread': '以前のメッセージへの返信',
  'message.edited': '（{time} に編集）',
  'message.replies': '返信 {count} 件',
  'message.unknown-block': 'このメッセージには、ここで表示できない部分があります（{type}）。',
  'why.header': '通知の理由',
  'why.unknown':
    '現在の通知ルートでは、この検出結果は {channel} に通知されません。送信後にルートが変更された可能性があります。',
  'why.open': '検出結果を開く',
};
