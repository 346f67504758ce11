import type { Destination } from '#core/notification/destination.ts';
import type { Chat, ChatMessage, ChatResult } from '#ports/chat.ts';
import { createChannelIds } from './channel-ids.ts';
import { findByIdempotencyKey, METADATA_EVENT_TYPE } from './find-posted.ts';
import { sendableText } from './message-text.ts';
import { createSlackApi, type SlackApi, type SlackApiOptions } from './slack-api.ts';
import { unavailable } from './slack-errors.ts';

/** The Slack bot token as a destination, with one thing more: `findPosted` looks in a thread when it is told which. */
export interface SlackWebChat extends Chat {
  findPosted(
    destination: Destination,
    idempotencyKey: string,
    since: number,
    threadTs?: string,
  ): Promise<{ channelId: string; ts: string } | undefined>;
}

/** Posts, edits and recognises messages with a bot token. */
export function createSlackWebChat(options: SlackApiOptions): SlackWebChat {
  const api = createSlackApi(options);
  const channelIds = createChannelIds(api);
  return {
    canEdit: (destination) => destination.kind === 'slack',
    async post({ destination, message, idempotencyKey, threadTs }) {
      const channel = channelOf(destination);
      if (channel === undefined) return wrongKind(destination);
      const answer = await api.call(
        'chat.postMessage',
        {
          channel: channel.replace(/^#/, ''),
          ...contentOf(message),
          metadata: { event_type: METADATA_EVENT_TYPE, event_payload: { id: idempotencyKey } },
          unfurl_links: false,
          unfurl_media: false,
          ...(threadTs !== undefined && { thread_ts: threadTs }),
        },
        { what: 'Posting to', where: channel },
      );
      if (!answer.ok) return answer.result;
      const sent = sentFrom(answer.data);
      if (sent.kind === 'sent' && sent.channelId !== null) channelIds.learn(channel, sent.channelId);
      return sent;
    },
    async edit({ destination, channelId, ts, message }) {
      const channel = channelOf(destination);
      if (channel === undefined) return wrongKind(destination);
      const answer = await api.call(
        'chat.update',
        { channel: channelId, ts, ...contentOf(message) },
        { what: 'Editing a message in', where: channel },
      );
      return answer.ok ? sentFrom(answer.data) : answer.result;
    },
    findPosted: (destination, idempotencyKey, since, threadTs) =>
      findPosted(api, channelIds, { destination, idempotencyKey, since, threadTs }),
  };
}

type Wanted = {
  readonly destination: Destination;
  readonly idempotencyKey: string;
  readonly since: number;
  readonly threadTs: string | undefined;
};

async function findPosted(
  api: SlackApi,
  channelIds: ReturnType<typeof createChannelIds>,
  { destination, idempotencyKey, since, threadTs }: Wanted,
): Promise<{ channelId: string; ts: string } | undefined> {
  const channel = channelOf(destination);
  if (channel === undefined) return undefined;
  const channelId = await channelIds.resolve(channel);
  if (channelId === undefined) return undefined;
  const ts = await findByIdempotencyKey(api, { channel, channelId, idempotencyKey, since, threadTs });
  return ts === undefined ? undefined : { channelId, ts };
}

/** Text and blocks as both posting and editing take them; an edit without `blocks` would keep the old ones. */
export function contentOf({ text, blocks }: ChatMessage): ChatMessage & { readonly parse: 'none' } {
  // chat.update turns names and mentions in the text into links unless told not to; hostile text must not mention anyone.
  return { text: sendableText(text, blocks), blocks, parse: 'none' };
}

/** Reads channel id and ts from Slack's answer. */
export function sentFrom(data: Readonly<Record<string, unknown>>): ChatResult {
  const { channel, ts } = data;
  if (typeof channel === 'string' && typeof ts === 'string') return { kind: 'sent', channelId: channel, ts };
  return unavailable('Slack took the message but named no channel and timestamp.');
}

function channelOf(destination: Destination): string | undefined {
  return destination.kind === 'slack' ? destination.channel : undefined;
}

function wrongKind(destination: Destination): ChatResult {
  return { kind: 'rejected', error: `The Slack bot cannot deliver to a destination of kind ${destination.kind}.` };
}
