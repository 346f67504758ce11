/** Where messages go. `slack` needs a bot token; `slack-webhook` and `amazon-q` cannot edit what they sent. */
export type Destination =
  | { readonly kind: 'slack'; readonly channel: string }
  | { readonly kind: 'slack-webhook'; readonly webhook: string }
  | { readonly kind: 'amazon-q'; readonly topicArn: string };

export type Language = 'en' | 'ja';

/** One string per destination: the queue, the rate limit and the remembered thread hang on it. */
export function destinationKey(destination: Destination): string {
  switch (destination.kind) {
    case 'slack':
      return `slack:${destination.channel}`;
    case 'slack-webhook':
      return `slack-webhook:${destination.webhook}`;
    case 'amazon-q':
      return `amazon-q:${destination.topicArn}`;
  }
}

/** What a person calls it. */
export function destinationLabel(destination: Destination): string {
  switch (destination.kind) {
    case 'slack':
      return destination.channel;
    case 'slack-webhook':
      return `webhook ${destination.webhook}`;
    case 'amazon-q':
      return `Amazon Q ${destination.topicArn.slice(destination.topicArn.lastIndexOf(':') + 1)}`;
  }
}

/** The destination a key was made of. */
export function destinationOfKey(key: string): Destination {
  const rest = key.slice(key.indexOf(':') + 1);
  if (key.startsWith('slack:')) return { kind: 'slack', channel: rest };
  return key.startsWith('slack-webhook:')
    ? { kind: 'slack-webhook', webhook: rest }
    : { kind: 'amazon-q', topicArn: rest };
}
