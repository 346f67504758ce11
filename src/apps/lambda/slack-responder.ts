import { createSlackResponder } from '#adapters/slack/slack-responder.ts';
import type { Env } from '#apps/lambda/container.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import type { SlackResponder } from '#ports/slack-actions.ts';

/** Answers people with the bot token of the secrets. */
export function responderOf(env: Env, secrets: SecretSource): SlackResponder {
  const base = env['YAGURA_SLACK_API_URL'];
  return createSlackResponder({
    token: () => secrets.secret('slackBotToken'),
    ...(base === undefined ? {} : { baseUrl: base }),
  });
}
