import { messageOf } from '#core/errors/yagura-error.ts';
import { destinationKey } from '#core/notification/destination.ts';
import type { Claim } from '#engine/delivery/claim.ts';
import { backoffMs, DELIVERY_LIMITS, type DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import type { ChatFailure, ChatMessage, ChatPost, ChatResult, PostedLookup, PostedSearch } from '#ports/chat.ts';

export type Sent = Extract<ChatResult, { kind: 'sent' }>;

/** `late`: nothing was sent, because the claim may be somebody else's by now. `unsettled`: it may have arrived and nobody could look. */
export type Posted =
  | { readonly kind: 'sent'; readonly sent: Sent; readonly message: ChatMessage }
  | { readonly kind: 'failed'; readonly failure: ChatFailure }
  | { readonly kind: 'late' }
  | { readonly kind: 'unsettled'; readonly until: number };

/** Slack files a message a little after it was sent, and a request may hang for a while. */
const SEARCH_BEFORE_MS = 60_000;
const SEARCH_AFTER_MS = 600_000;

/** Posts, and finds out whether the message arrived when the answer was lost. A message refused for its content is tried once more in plain text. */
export async function postOnce(
  post: ChatPost,
  plain: () => ChatMessage,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Posted> {
  const first = await attempt(post, claim, ports);
  if (first.kind !== 'failed' || !isAboutContent(first.failure)) return first;
  logRefused(post, first.failure, ports);
  await ports.sleeper.sleep(ports.intervalMs(post.destination));
  return await attempt({ ...post, message: plain() }, claim, ports);
}

/** Edits, with plain text when the content is refused; safe to repeat. */
export async function editOnce(
  edit: Parameters<DeliveryPorts['chat']['edit']>[0],
  plain: () => ChatMessage,
  ports: DeliveryPorts,
): Promise<Exclude<Posted, { kind: 'late' | 'unsettled' }>> {
  const result = await ports.chat.edit(edit);
  if (result.kind === 'sent') return { kind: 'sent', sent: result, message: edit.message };
  if (!isAboutContent(result)) return { kind: 'failed', failure: result };
  logRefused(edit, result, ports);
  const message = plain();
  await ports.sleeper.sleep(ports.intervalMs(edit.destination));
  const second = await ports.chat.edit({ ...edit, message });
  return second.kind === 'sent' ? { kind: 'sent', sent: second, message } : { kind: 'failed', failure: second };
}

/** Looks for what was posted under a claim. A look-up that breaks is one that could not look. */
export async function lookUp(
  search: Pick<PostedSearch, 'destination' | 'idempotencyKey'> & { readonly threadTs: string | null },
  claim: Claim,
  ports: DeliveryPorts,
): Promise<PostedLookup> {
  const { threadTs, ...what } = search;
  const time = { since: claim.madeAt - SEARCH_BEFORE_MS, until: claim.madeAt + SEARCH_AFTER_MS };
  try {
    return await ports.chat.findPosted({ ...what, ...time, ...(threadTs === null ? {} : { threadTs }) });
  } catch (thrown) {
    return { kind: 'unknown', failure: { kind: 'unavailable', error: messageOf(thrown) } };
  }
}

/** When to look again for what nobody could look for. */
export function lookAgainAt(failure: ChatFailure, claim: Claim, ports: DeliveryPorts): number {
  const wait = failure.kind === 'busy' ? Math.max(failure.retryAfterMs, 1_000) : backoffMs(claim.lookups, ports);
  return ports.clock.now() + wait;
}

/** True when the destination would take another message. */
export function isAboutContent(failure: ChatFailure): boolean {
  return failure.kind === 'rejected' && failure.fault === 'content';
}

/** True when the message to be edited or answered is gone. */
export function isAboutEarlierMessage(failure: ChatFailure): boolean {
  return failure.kind === 'rejected' && failure.fault === 'earlier-message';
}

async function attempt(post: ChatPost, claim: Claim, ports: DeliveryPorts): Promise<Posted> {
  if (ports.clock.now() - claim.madeAt > DELIVERY_LIMITS.holdMs) return { kind: 'late' };
  const result = await ports.chat.post(post);
  if (result.kind === 'sent') return { kind: 'sent', sent: result, message: post.message };
  if (result.kind !== 'unavailable') return { kind: 'failed', failure: result };
  await ports.sleeper.sleep(DELIVERY_LIMITS.lookAfterMs);
  const { destination, idempotencyKey, threadTs = null } = post;
  const found = await lookUp({ destination, idempotencyKey, threadTs }, claim, ports);
  if (found.kind === 'none') return { kind: 'failed', failure: result };
  if (found.kind === 'unknown') return { kind: 'unsettled', until: lookAgainAt(found.failure, claim, ports) };
  return { kind: 'sent', sent: { ...found, kind: 'sent' }, message: post.message };
}

function logRefused({ destination }: Pick<ChatPost, 'destination'>, failure: ChatFailure, ports: DeliveryPorts): void {
  ports.log({
    level: 'error',
    message: 'a message was refused for its content; sending it as plain text',
    destinationKey: destinationKey(destination),
    ...(failure.kind === 'rejected' ? { detail: failure.error } : {}),
  });
}
