import { type Destination, destinationKey } from '#core/notification/destination.ts';
import type { Chat, ChatFailure, ChatMessage } from '#ports/chat.ts';

/** A message as it is now. */
export type RememberedMessage = {
  readonly destination: Destination;
  readonly idempotencyKey: string;
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly threadName: string | null;
  readonly postedAt: number;
  message: ChatMessage;
  edits: number;
};

export type MemoryChat = Chat & {
  /** In the order of arrival. */
  readonly messages: readonly RememberedMessage[];
  /** The next `times` calls get this instead; `afterwards` does the work first, as a network that loses the answer. */
  failNext(result: ChatFailure, more?: { times?: number; afterwards?: boolean }): void;
  /** The next `times` look-ups cannot look. */
  failLookups(failure: ChatFailure, times?: number): void;
};

type Planned = { readonly result: ChatFailure; readonly afterwards: boolean; left: number };

/** A chat that remembers instead of sending, for tests and for running without Slack. Only destinations of kind `slack` can be edited and searched, as in reality. */
export function createMemoryChat({ now = () => 0 }: { readonly now?: () => number } = {}): MemoryChat {
  const messages: RememberedMessage[] = [];
  const planned: Planned[] = [];
  const plannedLookups: Planned[] = [];
  return {
    messages,
    failNext: (result, { times = 1, afterwards = false } = {}) =>
      void planned.push({ result, afterwards, left: times }),
    failLookups: (result, times = 1) => void plannedLookups.push({ result, afterwards: false, left: times }),
    canEdit: ({ kind }) => kind === 'slack',
    async post({ destination, message, idempotencyKey, threadTs, threadName }) {
      const failure = nextFailure(planned);
      if (failure?.afterwards === false) return failure.result;
      const ts = `${Math.floor(now() / 1_000)}.${String(messages.length + 1).padStart(6, '0')}`;
      const channelId = `memory:${destinationKey(destination)}`;
      messages.push({
        destination,
        idempotencyKey,
        channelId,
        ts,
        threadTs: threadTs ?? null,
        threadName: threadName ?? null,
        postedAt: now(),
        message,
        edits: 0,
      });
      if (failure !== undefined) return failure.result;
      return destination.kind === 'slack'
        ? { kind: 'sent', channelId, ts }
        : { kind: 'sent', channelId: null, ts: null };
    },
    async edit({ destination, channelId, ts, message }) {
      const failure = nextFailure(planned);
      if (failure?.afterwards === false) return failure.result;
      if (destination.kind !== 'slack')
        return { kind: 'rejected', error: `${destination.kind} messages cannot be edited` };
      const found = messages.find((sent) => sent.channelId === channelId && sent.ts === ts);
      if (found === undefined) return { kind: 'rejected', error: 'message_not_found', fault: 'earlier-message' };
      found.message = message;
      found.edits += 1;
      return failure?.result ?? { kind: 'sent', channelId, ts };
    },
    async findPosted({ destination, idempotencyKey, since, until = Number.POSITIVE_INFINITY, threadTs = null }) {
      if (destination.kind !== 'slack') return { kind: 'none' };
      const failure = nextFailure(plannedLookups);
      if (failure !== undefined) return { kind: 'unknown', failure: failure.result };
      const key = destinationKey(destination);
      const found = messages.find(
        (sent) =>
          sent.idempotencyKey === idempotencyKey &&
          sent.threadTs === threadTs &&
          destinationKey(sent.destination) === key &&
          sent.postedAt >= since &&
          sent.postedAt <= until,
      );
      return found === undefined ? { kind: 'none' } : { kind: 'found', channelId: found.channelId, ts: found.ts };
    },
  };
}

function nextFailure(planned: Planned[]): Planned | undefined {
  const first = planned[0];
  if (first === undefined) return undefined;
  first.left -= 1;
  if (first.left <= 0) planned.shift();
  return first;
}
