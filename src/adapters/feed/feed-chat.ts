import { destinationKey } from '#core/notification/destination.ts';
import type { Chat } from '#ports/chat.ts';

/**
 * The console's feed as the only reader: what would go to Slack is kept as delivered, for an installation without a Slack token.
 * Messages can be edited and answered there like in Slack.
 */
export function createFeedChat(): Chat {
  return {
    canEdit: () => true,
    post: async ({ destination, idempotencyKey, threadTs }) => ({
      kind: 'sent',
      channelId: destinationKey(destination),
      ts: threadTs === undefined ? idempotencyKey : `${threadTs}/${idempotencyKey}`,
    }),
    edit: async ({ channelId, ts }) => ({ kind: 'sent', channelId, ts }),
    // Nothing left this process: what was not recorded was not delivered.
    findPosted: async () => ({ kind: 'none' }),
  };
}
