import type { Language } from '#core/notification/destination.ts';

type LifecycleRow = readonly [whatEn: string, whatJa: string, adviceEn: string, adviceJa: string];

const ASSIGN_EN =
  'Set the owner of the account, so that its findings reach a team; until then they come to this channel.';
const ASSIGN_JA =
  '検出結果が担当チームに届くよう、アカウントの所有チームを設定してください。設定までは、このチャンネルに届きます。';
const GONE_EN = 'Check that this was agreed; if it was not, contact AWS Support now.';
const GONE_JA = '合意済みの操作かどうかを確認し、そうでなければ直ちに AWS サポートへ連絡してください。';
const RETRY_EN = 'Read the reason below and try again, or contact AWS Support.';
const RETRY_JA = '下記の理由を確認して再度実行するか、AWS サポートへ連絡してください。';

/** What happened to an account and what to do first. The keys are the words of the `lifecycle` fact. */
// biome-ignore format: one event a line reads as a table.
const EVENTS: Readonly<Record<string, LifecycleRow>> = {
  created: ['New account', '新しいアカウントを作成', ASSIGN_EN, ASSIGN_JA],
  updated: ['Account updated', 'アカウントの設定を更新', 'Check that the OU and owner of the account are still right.', 'アカウントの OU と所有チームが正しいかを確認してください。'],
  invited: ['Account invited to the organization', 'アカウントを組織に招待', 'Check that this invitation was agreed.', '合意済みの招待かどうかを確認してください。'],
  joined: ['Account joined the organization', 'アカウントが組織に参加', ASSIGN_EN, ASSIGN_JA],
  moved: ['Account moved to another OU', 'アカウントが別の OU に移動', 'Check that the policies and owner of the new OU are right for this account.', '移動先の OU のポリシーと所有チームがこのアカウントに適切かを確認してください。'],
  closing: ['Account is being closed', 'アカウントの解約手続きを開始', GONE_EN, GONE_JA],
  closed: ['Account closed', 'アカウントを解約', GONE_EN, GONE_JA],
  removed: ['Account removed from the organization', 'アカウントを組織から削除', GONE_EN, GONE_JA],
  left: ['Account left the organization', 'アカウントが組織から離脱', GONE_EN, GONE_JA],
  'created-failed': ['Account could not be created', 'アカウントの作成に失敗', RETRY_EN, RETRY_JA],
  'updated-failed': ['Account could not be updated', 'アカウントの更新に失敗', RETRY_EN, RETRY_JA],
  'closing-failed': ['Account could not be closed', 'アカウントの解約に失敗', RETRY_EN, RETRY_JA],
  'closed-failed': ['Account could not be closed', 'アカウントの解約に失敗', RETRY_EN, RETRY_JA],
};

/** Words for an account lifecycle event; undefined for one that is not known. */
export function lifecycleWords(event: string, language: Language): { what: string; advice: string } | undefined {
  const row = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  if (row === undefined) return undefined;
  return language === 'ja' ? { what: row[1], advice: row[3] } : { what: row[0], advice: row[2] };
}
