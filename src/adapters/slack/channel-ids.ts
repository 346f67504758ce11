import type { ChatFailure } from '#ports/chat.ts';
import type { SlackApi } from './slack-api.ts';
import { resultOfSlackError } from './slack-errors.ts';

const PAGE_SIZE = 999;
const MAX_PAGES = 20;
const CHANNEL_ID = /^[CGD][A-Z0-9]{7,}$/;

/** Slack posts to a name but reads history and edits by id only. */
export type ChannelIds = {
  /** Remembers what an answer told. */
  learn(channel: string, id: string): void;
  /** The id of a channel the app is in, or why it is not known. */
  resolve(channel: string): Promise<string | ChatFailure>;
};

/** Remembers channel ids, and asks Slack for the app's own channels when one is missing. */
export function createChannelIds(api: SlackApi): ChannelIds {
  const known = new Map<string, string>();
  return {
    learn: (channel, id) => void known.set(bareName(channel), id),
    async resolve(channel) {
      if (CHANNEL_ID.test(channel)) return channel;
      const name = bareName(channel);
      const failure = known.has(name) ? undefined : await readOwnChannels(api, known, name);
      return (
        known.get(name) ?? failure ?? resultOfSlackError('channel_not_found', { what: 'Looking for', where: channel })
      );
    },
  };
}

async function readOwnChannels(
  api: SlackApi,
  known: Map<string, string>,
  wanted: string,
): Promise<ChatFailure | undefined> {
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await api.call(
      'users.conversations',
      {
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: PAGE_SIZE,
        ...(cursor !== '' && { cursor }),
      },
      { what: 'Listing', where: 'the channels of the app' },
    );
    if (!answer.ok) return answer.result;
    for (const channel of listIn(answer.data, 'channels')) {
      const { id, name } = channel;
      if (typeof id === 'string' && typeof name === 'string') known.set(name, id);
    }
    cursor = nextCursor(answer.data);
    if (cursor === '' || known.has(wanted)) return undefined;
  }
  return undefined;
}

/** The objects in a list of an answer; anything else is skipped. */
export function listIn(data: Readonly<Record<string, unknown>>, key: string): readonly Record<string, unknown>[] {
  const list = data[key];
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) : [];
}

/** The cursor of the next page; '' when this was the last. */
export function nextCursor(data: Readonly<Record<string, unknown>>): string {
  const metadata = data['response_metadata'];
  const cursor =
    typeof metadata === 'object' && metadata !== null && 'next_cursor' in metadata ? metadata.next_cursor : '';
  return typeof cursor === 'string' ? cursor : '';
}

function bareName(channel: string): string {
  return channel.replace(/^#/, '');
}
