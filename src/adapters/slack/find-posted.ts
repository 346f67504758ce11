import { listIn, nextCursor } from './channel-ids.ts';
import type { SlackApi } from './slack-api.ts';

/** Marks our messages; Slack keeps it beside the message and shows it to nobody. */
export const METADATA_EVENT_TYPE = 'yagura_notification';

const PAGE_SIZE = 500;
const MAX_PAGES = 10;
/** Our clock and Slack's may differ. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

export type Search = {
  readonly channel: string;
  readonly channelId: string;
  readonly idempotencyKey: string;
  readonly since: number;
  /** Look among the answers in this thread instead of the channel's messages. */
  readonly threadTs: string | undefined;
};

/** The ts of the message that carries this idempotency key, among at most 5,000 messages since `since`. */
export async function findByIdempotencyKey(api: SlackApi, search: Search): Promise<string | undefined> {
  const { channel, channelId, idempotencyKey, since, threadTs } = search;
  const method = threadTs === undefined ? 'conversations.history' : 'conversations.replies';
  const oldest = String(Math.max(0, since - CLOCK_DIFFERENCE_MS) / 1_000);
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await api.call(
      method,
      {
        channel: channelId,
        oldest,
        limit: PAGE_SIZE,
        include_all_metadata: true,
        ...(threadTs !== undefined && { ts: threadTs }),
        ...(cursor !== '' && { cursor }),
      },
      { what: 'Reading recent messages of', where: channel },
    );
    if (!answer.ok) return undefined;
    const found = listIn(answer.data, 'messages').find((message) => idempotencyKeyOf(message) === idempotencyKey);
    if (typeof found?.['ts'] === 'string') return found['ts'];
    cursor = nextCursor(answer.data);
    if (cursor === '') return undefined;
  }
  return undefined;
}

function idempotencyKeyOf(message: Record<string, unknown>): unknown {
  const metadata = asRecord(message['metadata']);
  if (metadata?.['event_type'] !== METADATA_EVENT_TYPE) return undefined;
  return asRecord(metadata['event_payload'])?.['id'];
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  // A JSON object: every property is unknown.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
