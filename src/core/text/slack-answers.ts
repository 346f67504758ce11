import { clipped, escapeMrkdwn, section } from '#core/notification/block-kit.ts';
import type { Language } from '#core/notification/destination.ts';
import type { SlackMessage } from '#core/notification/message.ts';
import { texts } from '#core/text/texts.ts';

type SlackAnswerKind = 'unknown-problem' | 'failed' | 'acknowledged' | 'assigned' | 'why' | 'risk-accepted';

const MAX_VALUE = 1_200;

/** The short answer to a person who pressed a button. Values come from outside and are escaped. */
export function slackAnswer(
  kind: SlackAnswerKind,
  language: Language,
  values: Readonly<Record<string, string>>,
): SlackMessage {
  const t = texts(language);
  const cut = (missing: number) => t.message.cut(String(missing));
  const safe = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, clipped(value, MAX_VALUE, escapeMrkdwn, cut)]),
  );
  const text = t.answers[kind](safe);
  return { text, blocks: [section(text)] };
}
