import type { Problem } from '#core/finding/problem.ts';
import type { MessageInput, SlackMessage } from '#core/notification/message.ts';
import { messageInput } from '#core/notification/message-input.ts';
import type { DeliveredMessage, MessageAction, OutboxItem, Thread } from '#core/notification/outbox.ts';
import type { DeliveryPorts, Turn } from '#engine/delivery/delivery-ports.ts';
import { settleFailure } from '#engine/delivery/outcome.ts';
import type { ChatResult } from '#ports/chat.ts';
import type { Settlement } from '#ports/state-store.ts';

type Step = {
  readonly item: OutboxItem;
  readonly problem: Problem;
  readonly thread: Thread | undefined;
  readonly input: MessageInput;
};
type Sent = Extract<ChatResult, { kind: 'sent' }>;

/** What delivering an item comes to: nothing (an earlier message says it already, or it can never be said), or a message. */
export type Prepared =
  | { readonly kind: 'covered'; readonly messageId: string | null }
  | { readonly kind: 'gone' }
  | { readonly kind: 'message'; readonly step: Step };

/** Looks at the problem and the thread as they are now. */
export async function prepare(item: OutboxItem, ports: DeliveryPorts): Promise<Prepared> {
  const problem = (await ports.store.problems([item.problemKey])).get(item.problemKey);
  if (problem === undefined) return { kind: 'gone' };
  const found = (await ports.store.threads([item.problemKey], item.destinationKey)).get(item.problemKey);
  const thread = found?.episode === item.episode ? found : undefined;
  if (isCovered(item, thread, problem)) return { kind: 'covered', messageId: thread?.messageId ?? null };
  const input = messageInput(
    problem,
    { ...item, action: actionNow(item, problem, thread) },
    ports.directory(),
    ports.links,
  );
  return { kind: 'message', step: { item, problem, thread, input } };
}

/** Delivers one claimed item. */
export function deliverItem(step: Step, token: string, ports: DeliveryPorts): Promise<Turn> {
  return step.thread === undefined ? firstMessage(step, token, ports) : followUp(step, step.thread, token, ports);
}

function isCovered(item: OutboxItem, thread: Thread | undefined, problem: Problem): boolean {
  if (thread !== undefined) return item.action === 'post' || thread.problemVersion >= item.problemVersion;
  // The end of something this destination never got, or an episode that is over and was followed by another.
  return item.action === 'resolve' || item.episode < problem.episode;
}

/** A post that waited while its problem ended is told as ended. */
function actionNow(item: OutboxItem, problem: Problem, thread: Thread | undefined): MessageAction {
  if (item.problemVersion < problem.version && problem.status !== 'open' && problem.episode === item.episode)
    return 'resolve';
  return thread === undefined ? 'post' : item.action;
}

/** Writes down that nothing needs to be sent. */
export async function cover(
  item: OutboxItem,
  messageId: string | null,
  token: string,
  ports: DeliveryPorts,
): Promise<Turn> {
  await ports.store.settle(token, {
    outcomes: [{ id: item.id, outcome: { kind: 'covered', messageId, at: ports.clock.now() } }],
    threads: [],
    messages: [],
  });
  return { kind: 'delivered', items: 1 };
}

async function firstMessage(step: Step, token: string, ports: DeliveryPorts): Promise<Turn> {
  const { item } = step;
  const message = ports.renderer.message(step.input);
  const post = { destination: item.destination, message, idempotencyKey: item.id, threadName: item.problemKey };
  const result = await ports.chat.post(post);
  if (result.kind !== 'sent') return settleFailure([item], result, token, ports);
  await ports.store.settle(token, sentSettlement(step, message, result, ports));
  return { kind: 'delivered', items: 1 };
}

function sentSettlement(
  { item, problem }: Pick<Step, 'item' | 'problem'>,
  message: SlackMessage,
  sent: Sent,
  ports: DeliveryPorts,
): Settlement {
  const at = sentAt(item, ports);
  return {
    outcomes: [{ id: item.id, outcome: { kind: 'sent', messageId: item.id, at } }],
    threads: [threadOf(item, problem, { messageId: item.id, channelId: sent.channelId, ts: sent.ts, merged: false })],
    messages: [delivered(item, problem, message, { id: item.id, inThreadOf: null, sentAt: at, editedAt: null })],
  };
}

/** An edit of the message, and an answer in its thread where a reader should notice. */
async function followUp(step: Step, thread: Thread, token: string, ports: DeliveryPorts): Promise<Turn> {
  const { item, problem } = step;
  const message = ports.renderer.message(step.input);
  const editable =
    !thread.merged && thread.ts !== null && thread.channelId !== null && ports.chat.canEdit(item.destination);
  const messages: DeliveredMessage[] = [];
  const at = sentAt(item, ports);
  if (editable) {
    const result = await ports.chat.edit({
      destination: item.destination,
      channelId: thread.channelId ?? '',
      ts: thread.ts ?? '',
      message,
    });
    if (result.kind !== 'sent') return settleFailure([item], result, token, ports);
    messages.push(
      delivered(item, problem, message, { id: thread.messageId, inThreadOf: null, sentAt: at, editedAt: at }),
    );
  }
  if (!editable || isNoteworthy(step)) {
    const answer = thread.ts === null ? message : ports.renderer.reply(step.input);
    if (editable) await ports.sleeper.sleep(ports.intervalMs(item.destination));
    const result = await ports.chat.post({
      destination: item.destination,
      message: answer,
      idempotencyKey: item.id,
      threadName: item.problemKey,
      ...(thread.ts === null ? {} : { threadTs: thread.ts }),
    });
    if (result.kind !== 'sent') return settleFailure([item], result, token, ports);
    messages.push({
      ...delivered(item, problem, answer, { id: item.id, inThreadOf: thread.messageId, sentAt: at, editedAt: null }),
      kind: 'reply',
    });
  }
  const outcomes = [{ id: item.id, outcome: { kind: 'sent' as const, messageId: thread.messageId, at } }];
  await ports.store.settle(token, { outcomes, threads: [{ ...thread, problemVersion: problem.version }], messages });
  return { kind: 'delivered', items: 1 };
}

/** A higher count is seen in the edited message; everything else is worth an answer. */
function isNoteworthy({ input }: Step): boolean {
  return (
    input.action === 'resolve' ||
    (input.reason.code === 'told-before' && input.reason.changed.some((change) => change !== 'count'))
  );
}

/** Without a rate there is no queue: the feed shows when things were decided. */
function sentAt(item: OutboxItem, ports: DeliveryPorts): number {
  return ports.intervalMs(item.destination) === 0 ? item.createdAt : ports.clock.now();
}

export function threadOf(
  item: OutboxItem,
  problem: Problem,
  place: Pick<Thread, 'messageId' | 'channelId' | 'ts' | 'merged'>,
): Thread {
  return {
    problemKey: item.problemKey,
    destinationKey: item.destinationKey,
    episode: item.episode,
    problemVersion: problem.version,
    ...place,
  };
}

export function delivered(
  item: OutboxItem,
  problem: Problem,
  message: SlackMessage,
  own: Pick<DeliveredMessage, 'id' | 'inThreadOf' | 'sentAt' | 'editedAt'>,
): DeliveredMessage {
  return {
    ...own,
    destinationKey: item.destinationKey,
    destination: item.destination,
    kind: 'finding',
    action: item.action,
    severity: problem.observation.severity,
    problemKeys: [item.problemKey],
    text: message.text,
    blocks: message.blocks,
  };
}
