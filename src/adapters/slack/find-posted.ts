import type { ChatFailure, PostedSearch } from '#ports/chat.ts';
import { listIn, nextCursor } from './channel-ids.ts';
import type { SlackApi } from './slack-api.ts';
import { unavailable } from './slack-errors.ts';

/** Marks our messages; Slack keeps it beside the message and shows it to nobody. */
export const METADATA_EVENT_TYPE = 'yagura_notification';

const PAGE_SIZE = 500;
const MAX_PAGES = 10;
/** Our clock and Slack's may differ. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

type Search = Omit<PostedSearch, 'destination'> & { readonly channel: string; readonly channelId: string };

/** The ts of the message that carries this idempotency key, null when there is none, or why nobody could look. */
export async function findByIdempotencyKey(api: SlackApi, search: Search): Promise<string | null | ChatFailure> {
  const { channel, channelId, idempotencyKey, since, until, threadTs } = search;
  const method = threadTs === undefined ? 'conversations.history' : 'conversations.replies';
  const args = {
    channel: channelId,
    oldest: seconds(since - CLOCK_DIFFERENCE_MS),
    ...(until !== undefined && { latest: seconds(until + CLOCK_DIFFERENCE_MS) }),
    limit: PAGE_SIZE,
    include_all_metadata: true,
    ...(threadTs !== undefined && { ts: threadTs }),
  };
  const attempt = { what: 'Reading recent messages of', where: channel };
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await api.call(method, { ...args, ...(cursor !== '' && { cursor }) }, attempt);
    // Where there is no thread there is no answer in it.
    if (!answer.ok) return answer.code === 'thread_not_found' ? null : answer.result;
    const found = listIn(answer.data, 'messages').find((message) => idempotencyKeyOf(message) === idempotencyKey);
    if (typeof found?.['ts'] === 'string') return found['ts'];
    cursor = nextCursor(answer.data);
    if (cursor === '') return null;
  }
  return unavailable(`${attempt.what} ${channel}: more than ${PAGE_SIZE * MAX_PAGES} messages came in that time.`);
}

function seconds(ms: number): string {
  return String(Math.max(0, ms) / 1_000);
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
