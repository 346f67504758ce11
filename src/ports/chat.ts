import type { Destination } from '#core/notification/destination.ts';

/** What to show: `text` for notifications and screen readers, `blocks` in Block Kit. */
export type ChatMessage = { readonly text: string; readonly blocks: readonly unknown[] };

/** `idempotencyKey` travels as message metadata where the destination has it, so that a restart can find what got through. */
export type ChatPost = {
  readonly destination: Destination;
  readonly message: ChatMessage;
  readonly idempotencyKey: string;
  /** Answer in this thread. */
  readonly threadTs?: string;
  /** Groups messages where threads are named by the sender (Amazon Q). */
  readonly threadName?: string;
};

export type ChatEdit = {
  readonly destination: Destination;
  readonly channelId: string;
  readonly ts: string;
  readonly message: ChatMessage;
};

/**
 * `sent` carries Slack's channel id and ts where there are any. `busy` says when to come back (429).
 * `rejected` will not get better by repeating (deleted channel, revoked token, malformed message); `unavailable` may.
 */
export type ChatResult =
  | { readonly kind: 'sent'; readonly channelId: string | null; readonly ts: string | null }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'rejected'; readonly error: string }
  | { readonly kind: 'unavailable'; readonly error: string };

/**
 * One way to reach people.
 * @example const result = await chat.post({ destination: { kind: 'slack', channel: '#soc' }, message, idempotencyKey: item.id });
 */
export interface Chat {
  /** False for destinations whose messages cannot be changed after sending. */
  canEdit(destination: Destination): boolean;
  post(post: ChatPost): Promise<ChatResult>;
  edit(edit: ChatEdit): Promise<ChatResult>;
  /** Looks among recent messages for one with this idempotency key; undefined when there is none or nothing can be known. */
  findPosted(
    destination: Destination,
    idempotencyKey: string,
    since: number,
  ): Promise<{ channelId: string; ts: string } | undefined>;
}
