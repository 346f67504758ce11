import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { acceptEvents, type QueuedItem } from '#engine/accept-events.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom } from '../../../test/stand-ins/time.ts';
import { actOnBatch } from './act-on-batch.ts';

type Asked =
  | { readonly kind: 'acknowledge' | 'assign' }
  | Pick<Extract<SlackInteraction, { kind: 'accept-risk-submit' }>, 'kind' | 'language' | 'values'>;

async function prepare() {
  const clock = createFakeClock();
  const random = createSeededRandom();
  const store = createMemoryStore();
  const { directory, policy } = contextOf('company');
  const ports = { store, clock, random, directory: () => directory, policy: () => policy };
  await acceptEvents([{ event: awsEvent({ of: 'guardduty', set: { 'detail.severity': 9.5 } }) }], ports);
  const [problem] = (await store.problemPage({})).items;
  if (problem === undefined) throw new Error('no problem was made of the event');
  const answers: string[] = [];
  const queued: QueuedItem[] = [];
  const failures: unknown[] = [];
  const sent = { kind: 'sent', channelId: 'C0000000001', ts: '1.1' } as const;
  const responder = {
    postEphemeral: async (_to: unknown, { text }: { text: string }) => {
      answers.push(text);
      return sent;
    },
    openView: async () => sent,
    reply: async () => sent,
  };
  const interaction = (more: Asked): SlackInteraction => ({
    user: { id: 'U0000000042', name: 'hanako' },
    channel: { id: 'C0000000001', name: 'payments-guardduty' },
    ...{ messageTs: '1.1', threadTs: null, triggerId: '1.1.trigger', problem: problem.key },
    ...more,
  });
  const act = (records: readonly { messageId: string; body: string }[]) =>
    actOnBatch(
      { Records: records },
      {
        ports: { ...ports, responder },
        onQueued: async (items) => void queued.push(...items),
        onFailure: (thrown) => failures.push(thrown),
      },
    );
  const record = (messageId: string, more: Asked) => ({ messageId, body: JSON.stringify(interaction(more)) });
  return { store, problem, answers, queued, failures, act, record };
}

const ACCEPT: Asked = {
  kind: 'accept-risk-submit',
  language: 'en',
  values: { reason: 'tested in a lab', scope: 'problem', days: 30 },
};

describe('what buttons asked for', () => {
  test('is done, answered, and delivery is told of exactly the rows it made', async () => {
    const { store, answers, queued, act, record } = await prepare();
    const before = new Set((await store.outboxPage({})).items.map(({ id }) => id));

    const answer = await act([record('m1', { kind: 'acknowledge' })]);

    const made = (await store.outboxPage({})).items.filter(({ id }) => !before.has(id));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(answers).toEqual([expect.stringContaining('hanako')]);
    expect(queued.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
    expect(made.map(({ destinationKey }) => destinationKey).sort()).toEqual([
      'slack:#payments-guardduty',
      'slack:#sec-guardduty',
    ]);
  });

  test('makes one exception of a message that comes twice, and two of two', async () => {
    const { store, act, record } = await prepare();

    await act([record('m1', ACCEPT)]);
    await act([record('m1', ACCEPT)]);
    const afterTwice = (await store.exceptions()).length;
    await act([record('m2', ACCEPT)]);

    expect([afterTwice, (await store.exceptions()).length]).toEqual([1, 2]);
  });

  test('comes again when it cannot be read, and holds up nobody', async () => {
    const { store, problem, failures, act, record } = await prepare();

    const answer = await act([{ messageId: 'broken', body: '{' }, record('m2', { kind: 'assign' })]);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'broken' }] });
    expect(failures).toHaveLength(1);
    expect((await store.problems([problem.key])).get(problem.key)?.assignedTo).toBe('hanako');
  });
});
