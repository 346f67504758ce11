/** `webhook:<name>` is the URL of a Slack incoming webhook named in `yagura.yaml`. */
export type SecretName = 'slackBotToken' | 'slackAppToken' | 'slackSigningSecret' | 'eventsToken' | `webhook:${string}`;

/**
 * Where tokens and webhook URLs come from. A value may change while the program runs, so ask each time it is needed.
 * @example const token = await secrets.secret('slackBotToken');
 */
export interface SecretSource {
  /** Undefined when nobody has set it (an empty value counts as not set). Throws `secrets.unavailable`; no error ever holds a value. */
  secret(name: SecretName): Promise<string | undefined>;
}
