import type { Destination } from '#core/notification/destination.ts';
import type { Chat, ChatFailure } from '#ports/chat.ts';

export type ChatRouterOptions = { readonly slack?: Chat; readonly webhook?: Chat; readonly amazonQ?: Chat };

const MISSING: Readonly<Record<Destination['kind'], string>> = {
  slack: 'no Slack bot token is configured. Set it (docs: Slack app set-up) or send to a webhook.',
  'slack-webhook': 'no webhook URLs are configured. Store the URL of each webhook that yagura.yaml names.',
  'amazon-q': 'sending to Amazon Q is not configured. Allow publishing to the SNS topic and name it in yagura.yaml.',
};

/**
 * Sends each message through the adapter of its destination's kind. A kind without adapter is `rejected` with what to
 * configure, so that the message is parked and shown, never dropped.
 */
export function createChatRouter(options: ChatRouterOptions): Chat {
  const chatFor = ({ kind }: Destination): Chat | undefined =>
    ({ slack: options.slack, 'slack-webhook': options.webhook, 'amazon-q': options.amazonQ })[kind];
  return {
    canEdit: (destination) => chatFor(destination)?.canEdit(destination) ?? false,
    post: async (post) => (await chatFor(post.destination)?.post(post)) ?? missing(post.destination),
    edit: async (edit) => (await chatFor(edit.destination)?.edit(edit)) ?? missing(edit.destination),
    findPosted: async (search) =>
      (await chatFor(search.destination)?.findPosted(search)) ?? {
        kind: 'unknown',
        failure: missing(search.destination),
      },
  };
}

function missing({ kind }: Destination): ChatFailure {
  return { kind: 'rejected', error: `Cannot deliver: ${MISSING[kind]}` };
}
