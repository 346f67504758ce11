import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import type { QueuedItem } from '#engine/accept-events.ts';
import type { StateStore } from '#ports/state-store.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom } from '../../../test/stand-ins/time.ts';
import type { SqsBatch } from './lambda-event.ts';
import { takeBatch } from './take-batch.ts';

const FIXTURE = JSON.parse(readFileSync(new URL('fixtures/sqs-intake.json', import.meta.url), 'utf8')) as SqsBatch;

function prepare(change: (store: StateStore) => Partial<StateStore> = () => ({})) {
  const clock = createFakeClock();
  const memory = createMemoryStore();
  const store = { ...memory, ...change(memory) };
  const { directory, policy } = contextOf('company');
  const queued: QueuedItem[] = [];
  const failures: string[] = [];
  const take = (batch: SqsBatch, timeLeft = 60_000) =>
    takeBatch(batch, {
      intake: { store, clock, random: createSeededRandom(), directory: () => directory, policy: () => policy },
      onQueued: async (items) => void queued.push(...items),
      onFailure: (_thrown, message, messageId) => failures.push(`${messageId ?? 'batch'}: ${message}`),
      deadline: clock.now() + timeLeft,
    });
  return { clock, memory, store, queued, failures, take };
}

/** A message with a control finding about this bucket. */
const bucket = (name: string) => {
  const arn = `arn:aws:s3:::${name}`;
  const set = { 'finding.Resources.0.Id': arn, 'finding.ProductFields.Resources:0/Id': arn };
  return { messageId: name, body: JSON.stringify(awsEvent({ of: 'control', set })) };
};

/** Fails for changes that name this bucket, after it has written those that stand before. */
const failingAt = (name: string) => (memory: StateStore) => ({
  apply: async (changes: Parameters<StateStore['apply']>[0]) => {
    const poison = changes.findIndex(({ problem }) => problem.key.includes(name));
    if (poison === -1) return memory.apply(changes);
    await memory.apply(changes.slice(0, poison));
    throw new Error('this item cannot be written');
  },
});

const failedIn = (answer: Awaited<ReturnType<typeof takeBatch>>) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('a batch of SQS', () => {
  test('is accepted as Lambda hands it over: known, unknown and not even JSON', async () => {
    const { memory, queued, take } = prepare();

    const answer = await take(FIXTURE);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect((await memory.problemPage({})).items.map(({ observation }) => observation.type)).toEqual([
      'UnauthorizedAccess:EC2/SSHBruteForce',
    ]);
    expect((await memory.unknownCounts()).map(({ reason, count }) => [reason, count])).toEqual([
      ['unknown-kind', 1],
      [expect.any(String), 1],
    ]);
    expect(queued.map(({ destinationKey }) => destinationKey)).toEqual(['slack:#payments-guardduty']);
  });

  test('that comes twice changes nothing the second time, and counts nothing twice', async () => {
    const { memory, queued, take } = prepare();
    await take(FIXTURE);
    const before = [...queued];

    await take(FIXTURE);

    expect(queued).toEqual(before);
    expect((await memory.outboxPage({})).total).toBe(1);
    expect((await memory.unknownCounts()).map(({ count }) => count)).toEqual([1, 1]);
  });

  test('gives back the one message that cannot be written, and keeps and tells the others', async () => {
    const { memory, queued, failures, take } = prepare(failingAt('poison'));

    const answer = await take({ Records: [bucket('a'), bucket('poison'), bucket('b')] });

    expect(failedIn(answer)).toEqual(['poison']);
    expect((await memory.problemPage({})).total).toBe(2);
    const rows = (await memory.outboxPage({})).items.map(({ destinationKey }) => destinationKey);
    expect(queued.map(({ destinationKey }) => destinationKey)).toEqual(expect.arrayContaining(rows));
    expect(failures).toEqual([
      'batch: the batch failed; taking its messages one by one',
      'poison: an event was not accepted and comes again: this item cannot be written',
    ]);
  });

  test('tells of rows whose write failed under ids that the rows themselves do not have', async () => {
    const { memory, queued, take } = prepare(failingAt('poison'));

    await take({ Records: [bucket('a'), bucket('poison')] });

    const [row] = (await memory.outboxPage({})).items;
    const uncertain = queued.filter(({ id }) => id.includes('#'));
    expect(uncertain.map(({ id }) => id)).toContainEqual(expect.stringMatching(new RegExp(`^${row?.id}#`)));
    expect(queued.map(({ id }) => id)).not.toContain(row?.id);
  });

  test('gives everything back when its time is over', async () => {
    const { memory, take } = prepare(failingAt('poison'));

    const answer = await take({ Records: [bucket('poison'), bucket('a')] }, 0);

    expect(failedIn(answer)).toEqual(['poison', 'a']);
    expect((await memory.problemPage({})).total).toBe(0);
  });
});
