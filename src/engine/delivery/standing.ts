import { isNewsWhenOver } from '#core/finding/absorb.ts';
import type { Problem } from '#core/finding/problem.ts';
import { severityRank } from '#core/finding/severity.ts';
import type { MessageInput } from '#core/notification/message.ts';
import { messageInput } from '#core/notification/message-input.ts';
import type { MessageAction, OutboxItem, Thread } from '#core/notification/outbox.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';

/** An item with everything its message depends on. */
export type Step = {
  readonly item: OutboxItem;
  readonly problem: Problem;
  /** The thread of the item's own episode. */
  readonly thread: Thread | undefined;
  readonly input: MessageInput;
};

/** What delivering an item comes to: nothing (another message says it, or it can never be said), or a message. */
export type Standing =
  | { readonly kind: 'covered'; readonly messageId: string | null }
  | { readonly kind: 'gone' }
  | { readonly kind: 'message'; readonly step: Step };

/** Looks at one item as things are now. */
export async function standingOf(item: OutboxItem, ports: DeliveryPorts): Promise<Standing> {
  const [standing] = await standingsOf([item], ports);
  return standing?.[1] ?? { kind: 'gone' };
}

/** Looks at items of one destination as things are now, in their order. */
export async function standingsOf(
  items: readonly OutboxItem[],
  ports: DeliveryPorts,
): Promise<(readonly [OutboxItem, Standing])[]> {
  const [head] = items;
  if (head === undefined) return [];
  const keys = [...new Set(items.map((item) => item.problemKey))];
  const problems = await ports.store.problems(keys);
  const threads = await ports.store.threads(keys, head.destinationKey);
  const standings: (readonly [OutboxItem, Standing])[] = [];
  for (const item of items) {
    const standing = judge(item, problems.get(item.problemKey), threads.get(item.problemKey), ports);
    standings.push([
      item,
      (await waitsInDigest(item, standing, ports)) ? { kind: 'covered', messageId: null } : standing,
    ]);
  }
  return standings;
}

/** An item with its problem as it is now and the latest thread of that problem there. */
export function stepOf(
  item: OutboxItem,
  problem: Problem,
  latest: Thread | undefined,
  { directory, links }: Pick<DeliveryPorts, 'directory' | 'links'>,
): Step {
  const thread = latest?.episode === item.episode ? latest : undefined;
  const action = actionNow(item, problem, thread);
  // An update that turned out to be the end does not say what had changed before.
  const reason = action === 'resolve' && item.action === 'update' ? ({ code: 'over' } as const) : item.reason;
  return { item, problem, thread, input: messageInput(problem, { ...item, action, reason }, directory(), links) };
}

function judge(
  item: OutboxItem,
  problem: Problem | undefined,
  latest: Thread | undefined,
  ports: DeliveryPorts,
): Standing {
  if (problem === undefined) return { kind: 'gone' };
  const thread = latest?.episode === item.episode ? latest : undefined;
  if (isCovered(item, problem, thread, latest)) return { kind: 'covered', messageId: thread?.messageId ?? null };
  const step = stepOf(item, problem, latest, ports);
  return thread !== undefined && !isEditable(thread, item, ports) && !isNoteworthy(step)
    ? { kind: 'covered', messageId: thread.messageId }
    : { kind: 'message', step };
}

/** True when the message of this thread can be made to show the news. */
export function isEditable(thread: Thread, item: OutboxItem, { chat }: Pick<DeliveryPorts, 'chat'>): boolean {
  return !thread.merged && thread.ts !== null && thread.channelId !== null && chat.canEdit(item.destination);
}

/** A higher count is seen in the edited message, where there is one; everything else is worth an answer. */
export function isNoteworthy({ input: { action, reason } }: Step): boolean {
  return action === 'resolve' || reason.code !== 'told-before' || reason.changed.some((change) => change !== 'count');
}

function isCovered(
  item: OutboxItem,
  problem: Problem,
  thread: Thread | undefined,
  latest: Thread | undefined,
): boolean {
  if (thread !== undefined) return item.action === 'post' || thread.problemVersion >= item.problemVersion;
  // The end of something this destination never got.
  if (item.action === 'resolve') return true;
  if (item.episode >= problem.episode) return false;
  // An episode that is over and was followed by one that this destination hears of, or must not hear of.
  const isTold = problem.told[item.destinationKey] !== undefined;
  return isTold || problem.exceptionId !== null || (latest !== undefined && latest.episode > item.episode);
}

/** What waited while its problem ended is told as ended. */
function actionNow(item: OutboxItem, problem: Problem, thread: Thread | undefined): MessageAction {
  const isOver = item.episode < problem.episode || hasEnded(item, problem, thread);
  if (isOver) return 'resolve';
  return thread === undefined ? 'post' : item.action;
}

function hasEnded(item: OutboxItem, { status, version, observation }: Problem, thread: Thread | undefined): boolean {
  if (status === 'open') return false;
  // What was over when it was first heard of has an ordinary first message.
  return !isNewsWhenOver(observation) || (thread !== undefined && version > item.problemVersion);
}

/** The state of its problem that this message shows at least: an ordinary message does not tell of the end. */
export function shownVersion({ item, problem, input }: Step): number {
  return input.action !== 'resolve' && problem.status !== 'open' ? item.problemVersion : problem.version;
}

/** A change of what waits for its digest is told there, unless it became worse than what waits. */
async function waitsInDigest(item: OutboxItem, standing: Standing, { store }: DeliveryPorts): Promise<boolean> {
  if (standing.kind !== 'message' || standing.step.thread !== undefined || item.action !== 'update') return false;
  const { problemKey, destinationKey } = item;
  const { items } = await store.outboxPage({ state: ['queued'], problemKey, destinationKey, limit: 100 });
  return items.some(
    (other) =>
      other.mode === 'digest' &&
      other.episode === item.episode &&
      severityRank(item.severity) <= severityRank(other.severity),
  );
}
