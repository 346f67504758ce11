import { escapeMrkdwn } from '#core/notification/block-kit.ts';
import type { Language } from '#core/notification/destination.ts';
import { texts } from '#core/text/texts.ts';

export type SlackAnswerKind = 'unknown-problem' | 'failed' | 'acknowledged' | 'assigned' | 'why' | 'risk-accepted';

/** The short answer to a person who pressed a button. Values come from outside and are escaped. */
export function slackAnswer(
  kind: SlackAnswerKind,
  language: Language,
  values: Readonly<Record<string, string>>,
): { text: string; blocks: { type: string; text: { type: 'mrkdwn'; text: string } }[] } {
  const safe = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, escapeMrkdwn(value)]));
  const text = texts(language).answers[kind](safe).slice(0, 2_900);
  return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] };
}
