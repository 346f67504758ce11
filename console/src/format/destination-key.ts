import type { Destination } from '../api/api-types.ts';

/** The name under which the server files a destination. */
export function destinationKeyOf(destination: Destination): string {
  switch (destination.kind) {
    case 'slack':
      return `slack:${destination.channel}`;
    case 'slack-webhook':
      return `slack-webhook:${destination.webhook}`;
    case 'amazon-q':
      return `amazon-q:${destination.topicArn}`;
  }
}

/** Where a message is shown in the console. */
export function messagePath(destination: Destination, messageId: string): string {
  return `/messages?${new URLSearchParams({ channel: destinationKeyOf(destination), message: messageId })}`;
}
