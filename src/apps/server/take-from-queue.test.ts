import { hash } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { createLogger } from '#adapters/logger/logger.ts';
import { takeFromQueue } from '#apps/server/take-from-queue.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { IncomingEvent } from '#engine/accept-events.ts';
import type { FindingPage, UnknownEvents } from '#ports/http-api.ts';
import { type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { createMemoryEventQueue } from '../../../test/stand-ins/queues.ts';
import { createSkippingSleeper } from '../../../test/stand-ins/time.ts';
import { COMPANY, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const servers: AwsJsonServer[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
const openHome = homePerTest();

const REPORT = {
  ...{ events: 0, observed: 0, unknown: 0, notUnderstood: 0, problemsChanged: 0, queued: 0, queuedItems: [] },
  ...{ perKind: {}, accountsChanged: false },
};

/** Runs until the queue was asked `rounds` times; the first accepts fail as often as `failures` says. */
async function run(bodies: readonly string[], rounds: number, failures = 0) {
  const queue = createMemoryEventQueue();
  for (const body of bodies) queue.put(body);
  const accepted: IncomingEvent[] = [];
  const log: string[] = [];
  const order: string[] = [];
  const abort = new AbortController();
  let asked = 0;
  let failed = 0;
  const counted: typeof queue = {
    ...queue,
    receive: async (signal) => {
      asked += 1;
      if (asked > rounds) abort.abort();
      // What was not done comes again.
      queue.timePasses();
      await new Promise((resolve) => setImmediate(resolve));
      return await queue.receive(signal);
    },
    done: async (receipts) => {
      order.push('done');
      await queue.done(receipts);
    },
  };
  const accept = async (incoming: readonly IncomingEvent[]) => {
    failed += 1;
    if (failed <= failures) throw new YaguraError('store.unavailable', 'The disk is gone.');
    await new Promise((resolve) => setImmediate(resolve));
    order.push('durable');
    accepted.push(...incoming);
    return REPORT;
  };
  const logger = createLogger({ level: 'info', destination: { write: (line) => void log.push(line) } });
  await takeFromQueue(counted, 'the queue', { accept, log: logger }, createSkippingSleeper(), abort.signal);
  return { accepted, log, order, left: await queue.receive(new AbortController().signal) };
}

it('takes a message off the queue only after its events are durable', async () => {
  const { accepted, order, left } = await run([JSON.stringify({ a: 1 }), JSON.stringify([{ b: 2 }, { c: 3 }])], 2);

  expect(accepted.map(({ event }) => event)).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
  expect(order).toEqual(['durable', 'done']);
  expect(left).toEqual([]);
});

it('leaves messages in the queue while the store fails, and takes them once', async () => {
  const { accepted, log, order, left } = await run([JSON.stringify({ a: 1 })], 5, 2);

  expect(accepted.map(({ event }) => event)).toEqual([{ a: 1 }]);
  expect(order).toEqual(['durable', 'done']);
  expect(left).toEqual([]);
  expect(log.filter((line) => line.includes('The disk is gone.'))).toHaveLength(2);
});

it('keeps a body that is not JSON whole, and the good lines of a broken one besides', async () => {
  const broken = `${JSON.stringify({ a: 1 })}\n{"b": `;

  const { accepted, left } = await run(['hello', broken, ''], 2);

  expect(accepted.map(({ event }) => event)).toEqual(['hello', { a: 1 }, broken, '']);
  expect(left).toEqual([]);
});

it('reads SQS to the end: good events become findings, everything else is kept', async () => {
  const waiting = new Map([
    ['receipt-1', JSON.stringify(awsEvent('control'))],
    ['receipt-2', 'not JSON'],
    ['receipt-3', JSON.stringify([awsEvent('guardduty'), awsEvent('ec2-state')])],
  ]);
  const aws = await startAwsJsonServer(async ({ target, input }) => {
    if (target === 'DeleteMessageBatch') {
      const entries = input['Entries'] as { Id: string; ReceiptHandle: string }[]; // what the SDK sends
      for (const { ReceiptHandle } of entries) waiting.delete(ReceiptHandle);
      return { body: { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] } };
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    const Messages = [...waiting].map(([ReceiptHandle, Body]) => ({
      ...{ ReceiptHandle, Body, MessageId: ReceiptHandle },
      MD5OfBody: hash('md5', Body),
    }));
    return { body: { Messages } };
  });
  servers.push(aws);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');

  const home = await openHome({
    configText: `${COMPANY}\nintake: { sqsQueueUrl: "${aws.url}/111122223333/events" }\n`,
  });
  await vi.waitFor(() => expect([...waiting.keys(), ...home.log]).toEqual([]), { timeout: 10_000 });

  expect((await home.get<FindingPage>('/api/findings')).total).toBe(2);
  const unknown = await home.get<UnknownEvents>('/api/unknown-events');
  expect(unknown.newest.map(({ raw }) => raw)).toContain('not JSON');
  expect(unknown.newest).toHaveLength(2);
});
