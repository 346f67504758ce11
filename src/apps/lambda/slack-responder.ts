import { createSlackResponder } from '#adapters/slack/slack-responder.ts';
import type { Hub } from '#apps/lambda/hub.ts';
import type { SlackResponder } from '#ports/slack-actions.ts';

/** Answers people with the bot token of the secrets. */
export function responderOf(hub: Pick<Hub, 'env' | 'secrets'>): SlackResponder {
  const base = hub.env['YAGURA_SLACK_API_URL'];
  return createSlackResponder({
    token: () => hub.secrets.secret('slackBotToken'),
    ...(base === undefined ? {} : { baseUrl: base }),
  });
}
