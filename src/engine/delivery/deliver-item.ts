import type { Problem } from '#core/finding/problem.ts';
import type { DeliveredMessage, OutboxItem, Thread } from '#core/notification/outbox.ts';
import type { Claim } from '#engine/delivery/claim.ts';
import type { DeliveryPorts, Turn } from '#engine/delivery/delivery-ports.ts';
import { noteSuccess, release, settleFailure } from '#engine/delivery/outcome.ts';
import { plainMessage } from '#engine/delivery/plain-message.ts';
import { editOnce, isAboutEarlierMessage, type Posted, postOnce, type Sent } from '#engine/delivery/post-once.ts';
import { isEditable, isNoteworthy, type Step, shownVersion } from '#engine/delivery/standing.ts';
import type { ChatMessage } from '#ports/chat.ts';
import type { Settlement } from '#ports/state-store.ts';

/** How many messages telling this takes: an edit and an answer in the thread are two. */
export function callsFor(step: Step, ports: DeliveryPorts): number {
  return step.thread !== undefined && isEditable(step.thread, step.item, ports) && isNoteworthy(step) ? 2 : 1;
}

/** Delivers one claimed item. */
export async function deliverItem(step: Step, claim: Claim, ports: DeliveryPorts): Promise<Turn> {
  return step.thread === undefined
    ? await firstMessage(step, claim, ports)
    : await followUp(step, step.thread, claim, ports);
}

async function firstMessage(step: Step, claim: Claim, ports: DeliveryPorts): Promise<Turn> {
  const { item, input } = step;
  const posted = await postOnce(postOf(step, ports.renderer.message(input)), () => plainMessage(input), claim, ports);
  if (posted.kind !== 'sent') return await notSent(item, posted, claim, ports);
  const { sent, message } = posted;
  await ports.store.settle(claim.token, firstSettlement(step, shownVersion(step), { sent, message }, ports));
  await noteSuccess([item], ports);
  return { kind: 'delivered', items: 1 };
}

/** What is written down when the first message of an episode is there; `version`: the state of the problem it shows at least. */
export function firstSettlement(
  { item, problem }: Step,
  version: number,
  { sent, message }: { readonly sent: Pick<Sent, 'channelId' | 'ts'>; readonly message: ChatMessage },
  ports: DeliveryPorts,
): Settlement {
  const at = sentAt(item, ports);
  const place = { messageId: item.id, channelId: sent.channelId, ts: sent.ts, merged: false };
  return {
    outcomes: [{ id: item.id, outcome: { kind: 'sent', messageId: item.id, at } }],
    threads: [threadOf(item, version, place)],
    messages: [
      recordOf(item, problem, message, { id: item.id, kind: 'finding', inThreadOf: null, sentAt: at, editedAt: null }),
    ],
  };
}

/** An edit of the message, and an answer in its thread where a reader should notice. */
async function followUp(step: Step, thread: Thread, claim: Claim, ports: DeliveryPorts): Promise<Turn> {
  const { item, input } = step;
  const plain = () => plainMessage(input);
  const messages: DeliveredMessage[] = [];
  const edits = isEditable(thread, item, ports);
  if (edits) {
    const place = { channelId: thread.channelId ?? '', ts: thread.ts ?? '' };
    const edit = { destination: item.destination, ...place, message: ports.renderer.message(input) };
    const edited = await editOnce(edit, plain, ports);
    if (edited.kind === 'failed') return await notFollowedUp(step, edited, claim, ports);
    messages.push(await editedRecord(step, thread, edited.message, ports));
  }
  if (!edits || isNoteworthy(step)) {
    if (edits) await ports.sleeper.sleep(ports.intervalMs(item.destination));
    const answer = answerOf(step, thread, ports);
    const posted = await postOnce(postOf(step, answer, thread.ts), plain, claim, ports);
    if (posted.kind !== 'sent') return await notFollowedUp(step, posted, claim, ports);
    messages.push(answerRecord(step, thread, posted.message, ports));
  }
  await ports.store.settle(claim.token, followUpSettlement(step, thread, shownVersion(step), messages, ports));
  await noteSuccess([item], ports);
  return { kind: 'delivered', items: 1 };
}

/** What is written down when a follow-up is there. */
export function followUpSettlement(
  { item }: Step,
  thread: Thread,
  version: number,
  messages: readonly DeliveredMessage[],
  ports: DeliveryPorts,
): Settlement {
  const outcome = { kind: 'sent', messageId: thread.messageId, at: sentAt(item, ports) } as const;
  return { outcomes: [{ id: item.id, outcome }], threads: [{ ...thread, problemVersion: version }], messages };
}

/** A short answer in the thread; the whole message where there is none to answer in. */
export function answerOf({ input }: Step, thread: Thread, ports: DeliveryPorts): ChatMessage {
  return thread.ts === null ? ports.renderer.message(input) : ports.renderer.reply(input);
}

/** The feed's record of an answer. */
export function answerRecord(
  { item, problem }: Step,
  thread: Thread,
  message: ChatMessage,
  ports: DeliveryPorts,
): DeliveredMessage {
  const at = sentAt(item, ports);
  return recordOf(item, problem, message, {
    id: item.id,
    kind: 'reply',
    inThreadOf: thread.messageId,
    sentAt: at,
    editedAt: null,
  });
}

async function editedRecord(
  { item, problem }: Step,
  thread: Thread,
  message: ChatMessage,
  ports: DeliveryPorts,
): Promise<DeliveredMessage> {
  const at = sentAt(item, ports);
  const firstAt = (await firstSentAt(item, thread, ports)) ?? at;
  return recordOf(item, problem, message, {
    id: thread.messageId,
    kind: 'finding',
    inThreadOf: null,
    sentAt: firstAt,
    editedAt: at,
  });
}

/** When the message of a thread was sent: an edit does not move it. */
async function firstSentAt(
  { problemKey, destinationKey }: OutboxItem,
  { messageId }: Thread,
  { store }: DeliveryPorts,
): Promise<number | undefined> {
  // A first message is named after its item, which knows; of an old problem only the message is left.
  const item = await store.outboxItem(messageId);
  if (item !== undefined && item.sentAt !== null) return item.sentAt;
  const { items } = await store.messagePage({ problemKey, destinationKey, topLevelOnly: true });
  return items.find(({ id }) => id === messageId)?.sentAt;
}

async function notFollowedUp(
  step: Step,
  posted: Exclude<Posted, { kind: 'sent' }>,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Turn> {
  // Somebody deleted the message: the news must not go with it.
  if (posted.kind === 'failed' && isAboutEarlierMessage(posted.failure)) {
    await ports.sleeper.sleep(ports.intervalMs(step.item.destination));
    return await firstMessage({ ...step, thread: undefined }, claim, ports);
  }
  return await notSent(step.item, posted, claim, ports);
}

async function notSent(
  item: OutboxItem,
  posted: Exclude<Posted, { kind: 'sent' }>,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Turn> {
  if (posted.kind === 'failed') return await settleFailure([item], posted.failure, claim, ports);
  if (posted.kind === 'unsettled') return posted;
  await release([item], claim, ports);
  return { kind: 'wait', until: ports.clock.now() };
}

function postOf({ item }: Step, message: ChatMessage, threadTs: string | null = null) {
  const { destination, id, problemKey } = item;
  const named = { idempotencyKey: id, threadName: problemKey };
  return { destination, message, ...named, ...(threadTs === null ? {} : { threadTs }) };
}

/** Without a rate there is no queue: the feed shows when things were decided. */
function sentAt(item: OutboxItem, ports: DeliveryPorts): number {
  return ports.intervalMs(item.destination) === 0 ? item.createdAt : ports.clock.now();
}

/** The thread that carries a problem from now on. */
export function threadOf(
  item: OutboxItem,
  problemVersion: number,
  place: Pick<Thread, 'messageId' | 'channelId' | 'ts' | 'merged'>,
): Thread {
  const { problemKey, destinationKey, episode } = item;
  return { problemKey, destinationKey, episode, problemVersion, ...place };
}

function recordOf(
  { destinationKey, destination, action, problemKey }: OutboxItem,
  problem: Problem,
  { text, blocks }: ChatMessage,
  own: Pick<DeliveredMessage, 'id' | 'kind' | 'inThreadOf' | 'sentAt' | 'editedAt'>,
): DeliveredMessage {
  const { severity } = problem.observation;
  return { ...own, destinationKey, destination, action, severity, problemKeys: [problemKey], text, blocks };
}
