import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { severityRank } from '#core/finding/severity.ts';
import type { DigestInput } from '#core/notification/message.ts';
import { messageInput } from '#core/notification/message-input.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import { threadOf } from '#engine/delivery/deliver-item.ts';
import type { DeliveryPorts, Turn } from '#engine/delivery/delivery-ports.ts';
import { settleFailure } from '#engine/delivery/outcome.ts';

/** Delivers many claimed items as one message. What does not fit goes back first, so that the claim holds exactly what the message says. */
export async function deliverDigest(
  items: readonly OutboxItem[],
  cause: DigestInput['cause'],
  token: string,
  ports: DeliveryPorts,
): Promise<Turn> {
  const problems = await ports.store.problems([...new Set(items.map((item) => item.problemKey))]);
  const latest = lastPerProblem(items.filter((item) => problems.has(item.problemKey)));
  const entries = latest.map((item) => entryOf(item, problems, ports));
  const [head] = items;
  if (head === undefined || entries.length === 0)
    return settleFailure(items, { kind: 'rejected', error: 'the problems are no longer stored' }, token, ports);
  const input = { language: head.language, cause, consoleUrl: ports.links.consoleUrl ?? null };
  const fitting = ports.renderer.digests({ ...input, entries })[0]?.entries.length ?? 0;
  const taken = new Set(latest.slice(0, Math.max(fitting, 1)).map((item) => item.problemKey));
  const now = items.filter((item) => taken.has(item.problemKey));
  await putBack(
    items.filter((item) => !taken.has(item.problemKey)),
    token,
    ports,
  );
  const [digest] = ports.renderer.digests({ ...input, entries: entries.slice(0, Math.max(fitting, 1)) });
  if (digest === undefined) return { kind: 'idle' };
  const result = await ports.chat.post({
    destination: head.destination,
    message: digest.message,
    idempotencyKey: token,
  });
  if (result.kind !== 'sent') return settleFailure(now, result, token, ports);
  await settleDigest(now, problems, digest.message, { token, channelId: result.channelId, ts: result.ts }, ports);
  return { kind: 'delivered', items: now.length };
}

/** Writes down that one digest carried these items. */
export async function settleDigest(
  items: readonly OutboxItem[],
  problems: ReadonlyMap<ProblemKey, Problem>,
  message: { text: string; blocks: readonly unknown[] },
  place: { token: string; channelId: string | null; ts: string | null },
  ports: DeliveryPorts,
): Promise<void> {
  const [head] = items;
  if (head === undefined) return;
  const at = ports.clock.now();
  const keys = [...new Set(items.map((item) => item.problemKey))];
  const worst = items.reduce((a, b) => (severityRank(b.severity) > severityRank(a.severity) ? b : a));
  await ports.store.settle(place.token, {
    outcomes: items.map((item) => ({ id: item.id, outcome: { kind: 'sent', messageId: place.token, at } })),
    threads: lastPerProblem(items).flatMap((item) => {
      const problem = problems.get(item.problemKey);
      return problem === undefined
        ? []
        : [threadOf(item, problem, { messageId: place.token, channelId: place.channelId, ts: place.ts, merged: true })];
    }),
    messages: [
      {
        id: place.token,
        destinationKey: head.destinationKey,
        destination: head.destination,
        kind: 'digest',
        action: 'post',
        severity: worst.severity,
        problemKeys: keys,
        text: message.text,
        blocks: message.blocks,
        inThreadOf: null,
        sentAt: at,
        editedAt: null,
      },
    ],
  });
}

async function putBack(items: readonly OutboxItem[], token: string, ports: DeliveryPorts): Promise<void> {
  if (items.length === 0) return;
  const outcomes = items.map((item) => ({
    id: item.id,
    outcome: { kind: 'retry' as const, dueAt: item.dueAt, error: item.lastError ?? '', countsAsAttempt: false },
  }));
  await ports.store.settle(token, { outcomes, threads: [], messages: [] });
}

function entryOf(
  item: OutboxItem,
  problems: ReadonlyMap<ProblemKey, Problem>,
  ports: DeliveryPorts,
): DigestInput['entries'][number] {
  const problem = problems.get(item.problemKey);
  if (problem === undefined) throw new Error(`no problem for ${item.id}`);
  const action = problem.status === 'open' ? item.action : 'resolve';
  return messageInput(problem, { ...item, action }, ports.directory(), ports.links);
}

function lastPerProblem(items: readonly OutboxItem[]): OutboxItem[] {
  return [...new Map(items.map((item) => [item.problemKey, item])).values()];
}
