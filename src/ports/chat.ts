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
 * Why nothing was delivered. `busy` says when to come back (429). `rejected` will not get better by repeating; `fault` says whose it is when it
 * is not the destination's (deleted channel, revoked token): `content` would take another message, `earlier-message` is the one that was to be
 * edited or answered and is gone. `unavailable` may get better, and the message may have arrived all the same.
 */
export type ChatFailure =
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'rejected'; readonly error: string; readonly fault?: 'content' | 'earlier-message' }
  | { readonly kind: 'unavailable'; readonly error: string };

/** `sent` carries Slack's channel id and ts where there are any. */
export type ChatResult =
  | { readonly kind: 'sent'; readonly channelId: string | null; readonly ts: string | null }
  | ChatFailure;

/** A message that may have been posted between `since` and `until` (epoch ms; absent: now), in the channel or in a thread of it. */
export type PostedSearch = {
  readonly destination: Destination;
  readonly idempotencyKey: string;
  readonly since: number;
  readonly until?: number;
  readonly threadTs?: string;
};

/**
 * `none`: it was looked for and is not there, or the destination is of a kind that shows nothing to look at.
 * `unknown`: nobody could look, so it must not be posted again before somebody did.
 */
export type PostedLookup =
  | { readonly kind: 'found'; readonly channelId: string; readonly ts: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly failure: ChatFailure };

/**
 * One way to reach people.
 * @example const result = await chat.post({ destination: { kind: 'slack', channel: '#soc' }, message, idempotencyKey: item.id });
 */
export interface Chat {
  /** False for destinations whose messages cannot be changed after sending. */
  canEdit(destination: Destination): boolean;
  post(post: ChatPost): Promise<ChatResult>;
  edit(edit: ChatEdit): Promise<ChatResult>;
  /** Looks for a message by its idempotency key. */
  findPosted(search: PostedSearch): Promise<PostedLookup>;
}
