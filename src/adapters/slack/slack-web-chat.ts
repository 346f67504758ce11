import type { Destination } from '#core/notification/destination.ts';
import type { Chat, ChatFailure, ChatMessage, ChatResult, PostedLookup, PostedSearch } from '#ports/chat.ts';
import { createChannelIds } from './channel-ids.ts';
import { findByIdempotencyKey, METADATA_EVENT_TYPE } from './find-posted.ts';
import { sendableText } from './message-text.ts';
import { createSlackApi, type SlackApi, type SlackApiOptions } from './slack-api.ts';
import { unavailable } from './slack-errors.ts';

/** Posts, edits and recognises messages with a bot token. */
export function createSlackWebChat(options: SlackApiOptions): Chat {
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
    findPosted: (search) => findPosted(api, channelIds, search),
  };
}

async function findPosted(
  api: SlackApi,
  channelIds: ReturnType<typeof createChannelIds>,
  search: PostedSearch,
): Promise<PostedLookup> {
  const channel = channelOf(search.destination);
  if (channel === undefined) return { kind: 'unknown', failure: wrongKind(search.destination) };
  const channelId = await channelIds.resolve(channel);
  if (typeof channelId !== 'string') return { kind: 'unknown', failure: channelId };
  const found = await findByIdempotencyKey(api, { ...search, channel, channelId });
  if (found === null) return { kind: 'none' };
  return typeof found === 'string' ? { kind: 'found', channelId, ts: found } : { kind: 'unknown', failure: found };
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

function wrongKind(destination: Destination): ChatFailure {
  return { kind: 'rejected', error: `The Slack bot cannot deliver to a destination of kind ${destination.kind}.` };
}
