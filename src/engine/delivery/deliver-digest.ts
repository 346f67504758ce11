import type { ProblemKey } from '#core/finding/observation.ts';
import { severityRank } from '#core/finding/severity.ts';
import type { DigestInput } from '#core/notification/message.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { Claim } from '#engine/delivery/claim.ts';
import { threadOf } from '#engine/delivery/deliver-item.ts';
import type { DeliveryPorts, Turn } from '#engine/delivery/delivery-ports.ts';
import { noteSuccess, release, settleFailure } from '#engine/delivery/outcome.ts';
import { plainDigest } from '#engine/delivery/plain-message.ts';
import { postOnce } from '#engine/delivery/post-once.ts';
import { type Step, shownVersion } from '#engine/delivery/standing.ts';
import type { ChatMessage } from '#ports/chat.ts';
import type { Settlement } from '#ports/state-store.ts';

export type DigestCause = DigestInput['cause'];
type Entries = DigestInput['entries'];

/** Delivers many claimed items as one message. What does not fit goes back first, so that the claim holds exactly what the message says. */
export async function deliverDigest(
  steps: readonly Step[],
  cause: DigestCause,
  claim: Claim,
  ports: DeliveryPorts,
): Promise<Turn> {
  const latest = lastPerProblem(steps);
  const fitting = latest.slice(0, Math.max(countFitting(latest, cause, ports), 1));
  const taken = new Set(fitting.map(({ item }) => item.problemKey));
  const now = steps.filter(({ item }) => taken.has(item.problemKey));
  const items = now.map(({ item }) => item);
  const others = steps.filter(({ item }) => !taken.has(item.problemKey)).map(({ item }) => item);
  await release(others, claim, ports);
  const [head] = items;
  if (head === undefined) return { kind: 'idle' };
  const post = { destination: head.destination, message: digestOf(now, cause, ports), idempotencyKey: claim.base };
  const plain = () => plainDigest(entriesOf(fitting), head.language);
  const posted = await postOnce(post, plain, claim, ports);
  switch (posted.kind) {
    case 'sent':
      await ports.store.settle(
        claim.token,
        digestSettlement(now, shownVersion, claim, posted.sent, posted.message, ports),
      );
      await noteSuccess(items, ports);
      return { kind: 'delivered', items: items.length };
    case 'failed':
      return await settleFailure(items, posted.failure, claim, ports);
    case 'unsettled':
      return posted;
    case 'late':
      await release(items, claim, ports);
      return { kind: 'wait', until: ports.clock.now() };
  }
}

/** The message that tells all of these. */
export function digestOf(steps: readonly Step[], cause: DigestCause, ports: DeliveryPorts): ChatMessage {
  const entries = entriesOf(lastPerProblem(steps));
  const language = steps[0]?.item.language ?? 'en';
  return rendered(entries, language, cause, ports)[0]?.message ?? plainDigest(entries, language);
}

/** Writes down that one digest carried these items; `versionOf`: the state of the problem it shows at least. */
export function digestSettlement(
  steps: readonly Step[],
  versionOf: (step: Step) => number,
  claim: Claim,
  place: { readonly channelId: string | null; readonly ts: string | null },
  message: ChatMessage,
  { clock }: Pick<DeliveryPorts, 'clock'>,
): Settlement {
  const at = clock.now();
  const items = steps.map(({ item }) => item);
  const messageId = claim.base;
  const { channelId, ts } = place;
  return {
    outcomes: items.map(({ id }) => ({ id, outcome: { kind: 'sent', messageId, at } })),
    threads: lastPerProblem(steps).map((step) =>
      threadOf(step.item, versionOf(step), { messageId, channelId, ts, merged: true }),
    ),
    messages: items.slice(0, 1).map(({ destinationKey, destination }) => ({
      ...{ id: messageId, destinationKey, destination, kind: 'digest', action: 'post' },
      severity: worstOf(items),
      problemKeys: [...new Set(items.map(({ problemKey }) => problemKey))],
      ...{ text: message.text, blocks: message.blocks },
      ...{ inThreadOf: null, sentAt: at, editedAt: null },
    })),
  };
}

function countFitting(latest: readonly Step[], cause: DigestCause, ports: DeliveryPorts): number {
  return rendered(entriesOf(latest), latest[0]?.item.language ?? 'en', cause, ports)[0]?.entries.length ?? 0;
}

function rendered(
  entries: Entries,
  language: OutboxItem['language'],
  cause: DigestCause,
  ports: DeliveryPorts,
): ReturnType<DeliveryPorts['renderer']['digests']> {
  const input = { language, cause, consoleUrl: ports.links.consoleUrl ?? null, entries };
  try {
    return ports.renderer.digests(input);
  } catch {
    // A bug in the form must not hold up the channel: half as many plain lines as a digest may hold always fit.
    const some = entries.slice(0, PLAIN_LINES);
    ports.log({ level: 'error', message: 'a digest could not be drawn; sending it as plain text', destinationKey: '' });
    return [{ message: plainDigest(some, language), entries: some }];
  }
}

const PLAIN_LINES = 20;

function entriesOf(steps: readonly Step[]): Entries {
  return steps.map(({ input }) => input);
}

/** One line per problem, its latest news, in the order in which the problems came. */
function lastPerProblem(steps: readonly Step[]): Step[] {
  const latest = new Map<ProblemKey, Step>();
  for (const step of steps) latest.set(step.item.problemKey, step);
  return [...latest.values()];
}

function worstOf(items: readonly OutboxItem[]): OutboxItem['severity'] {
  return items.reduce<OutboxItem['severity']>(
    (worst, { severity }) => (severityRank(severity) > severityRank(worst) ? severity : worst),
    'INFORMATIONAL',
  );
}
