import type { Language } from '#core/notification/destination.ts';
import type { AcceptRiskForm } from '#ports/slack-actions.ts';
import { clipped } from './message-text.ts';
import { hashOf } from './problem-reference.ts';

export const ACCEPT_RISK_CALLBACK = 'yagura.accept-risk';
export const DAYS = [7, 14, 30, 60, 90] as const;
const DEFAULT_DAYS = 30;
export const SCOPES = ['problem', 'resource', 'account-type'] as const;
export const MIN_REASON = 10;
export const MAX_REASON = 1_000;

const MAX_PRIVATE_METADATA = 3_000;
const MAX_SUBJECT = 500;

export type FormTexts = {
  readonly title: string;
  readonly submit: string;
  readonly close: string;
  readonly reason: string;
  readonly reasonHint: string;
  readonly scope: string;
  readonly scopes: Readonly<Record<(typeof SCOPES)[number], string>>;
  readonly days: string;
  readonly daysHint: string;
  readonly dayCount: (days: number) => string;
  readonly reasonTooShort: string;
  readonly reasonTooLong: string;
  readonly chooseOne: string;
  readonly outdated: string;
  readonly notRecorded: string;
};

/** Slack allows 24 characters for a title and a button of a form. */
export const FORM_TEXTS: Readonly<Record<Language, FormTexts>> = {
  en: {
    title: 'Accept this risk',
    submit: 'Accept risk',
    close: 'Cancel',
    reason: 'Why is this acceptable?',
    reasonHint: 'At least 10 characters. It is kept in the audit log and shown to the central team.',
    scope: 'What does it cover?',
    scopes: {
      problem: 'This problem only',
      resource: 'Every problem of this resource',
      'account-type': 'This kind of problem in the whole account',
    },
    days: 'For how long?',
    daysHint: 'After that you are told again.',
    dayCount: (days) => `${days} days`,
    reasonTooShort: 'Please give a reason of at least 10 characters.',
    reasonTooLong: 'Please keep the reason within 1,000 characters.',
    chooseOne: 'Please choose one.',
    outdated: 'This form is out of date. Close it and press the button again.',
    notRecorded: 'This could not be recorded just now. Please try again in a minute.',
  },
  ja: {
    title: 'リスクを受け入れる',
    submit: '受け入れる',
    close: 'キャンセル',
    reason: '受け入れてよい理由',
    reasonHint: '10 文字以上で入力してください。監査ログに残り、中央チームにも表示されます。',
    scope: '対象の範囲',
    scopes: {
      problem: 'この問題のみ',
      resource: 'このリソースのすべての問題',
      'account-type': 'アカウント全体のこの種類の問題',
    },
    days: '期間',
    daysHint: '期限が過ぎると再び通知されます。',
    dayCount: (days) => `${days} 日間`,
    reasonTooShort: '理由を 10 文字以上で入力してください。',
    reasonTooLong: '理由は 1,000 文字以内で入力してください。',
    chooseOne: '1 つ選んでください。',
    outdated: 'このフォームは古くなっています。閉じて、もう一度ボタンを押してください。',
    notRecorded: '現在は記録できませんでした。少し待ってからもう一度お試しください。',
  },
};

/** The modal behind *accept risk*, as views.open takes it. */
export function acceptRiskView(form: AcceptRiskForm): Record<string, unknown> {
  const texts = FORM_TEXTS[form.language];
  const scopes = SCOPES.map((scope) => option(texts.scopes[scope], scope));
  const days = DAYS.map((count) => option(texts.dayCount(count), String(count)));
  return {
    type: 'modal',
    callback_id: ACCEPT_RISK_CALLBACK,
    private_metadata: privateMetadata(form),
    title: plain(texts.title),
    submit: plain(texts.submit),
    close: plain(texts.close),
    blocks: [
      { type: 'section', text: plain(clipped(form.subject.trim() || form.problem, MAX_SUBJECT)) },
      {
        type: 'input',
        block_id: 'reason',
        label: plain(texts.reason),
        hint: plain(texts.reasonHint),
        element: {
          type: 'plain_text_input',
          action_id: 'reason',
          multiline: true,
          min_length: MIN_REASON,
          max_length: MAX_REASON,
        },
      },
      {
        type: 'input',
        block_id: 'scope',
        label: plain(texts.scope),
        element: { type: 'static_select', action_id: 'scope', options: scopes, initial_option: scopes[0] },
      },
      {
        type: 'input',
        block_id: 'days',
        label: plain(texts.days),
        hint: plain(texts.daysHint),
        element: {
          type: 'static_select',
          action_id: 'days',
          options: days,
          initial_option: days[DAYS.indexOf(DEFAULT_DAYS)],
        },
      },
    ],
  };
}

function privateMetadata(form: AcceptRiskForm): string {
  const { problem, channel, messageTs, threadTs, language } = form;
  const remembered = {
    problemKey: problem,
    channel: channel.id,
    ...(channel.name !== null && { channelName: channel.name }),
    messageTs,
    ...(threadTs !== null && { threadTs }),
    language,
  };
  const text = JSON.stringify(remembered);
  return text.length <= MAX_PRIVATE_METADATA ? text : JSON.stringify({ ...remembered, problemKey: hashOf(problem) });
}

function plain(text: string): { readonly type: 'plain_text'; readonly text: string } {
  return { type: 'plain_text', text };
}

function option(text: string, value: string): { readonly text: ReturnType<typeof plain>; readonly value: string } {
  return { text: plain(text), value };
}
