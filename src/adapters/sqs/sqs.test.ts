import { afterEach, describe, expect, test, vi } from 'vitest';
import { describeEventQueue } from '../../../test/contract/event-queue.contract.ts';
import { describeWorkQueue } from '../../../test/contract/work-queue.contract.ts';
import { type AwsJsonHandler, type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { createMemoryEventQueue, createMemoryWorkQueue } from '../../../test/stand-ins/queues.ts';
import { createSqsEventQueue } from './sqs-event-queue.ts';
import { createSqsWorkQueue, messageGroup } from './sqs-work-queue.ts';

const QUEUE_URL = 'https://sqs.ap-northeast-1.amazonaws.com/111122223333/yagura-events';
const servers: AwsJsonServer[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function sqsOn(handler: AwsJsonHandler) {
  const server = await startAwsJsonServer(handler);
  servers.push(server);
  const settings = {
    queueUrl: QUEUE_URL,
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  };
  return { server, events: createSqsEventQueue(settings), work: createSqsWorkQueue(settings) };
}

// The entries of a batch request, as this project's own adapter sent them.
const entriesOf = (input: Record<string, unknown>) =>
  input['Entries'] as { Id: string; ReceiptHandle: string; MessageBody: string }[];

describeEventQueue('the fake', async () => {
  const queue = createMemoryEventQueue();
  return { queue, put: async (bodies) => bodies.forEach(queue.put), timePasses: async () => queue.timePasses() };
});

describeWorkQueue('the fake', async () => {
  const queue = createMemoryWorkQueue();
  return { queue, work: async () => queue.take().map((job) => job.body) };
});

describe('receiving from SQS', () => {
  test('waits as long as SQS allows, for as many as it gives, in the Region the URL names', async () => {
    const { events, server } = await sqsOn(() => ({ body: {} }));

    await events.receive(new AbortController().signal);

    expect(server.calls[0]?.input).toMatchObject({ QueueUrl: QUEUE_URL, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
    expect(server.calls[0]?.authorization).toContain('/ap-northeast-1/sqs/');
  });

  test('goes to AWS_ENDPOINT_URL although the URL names another host', async () => {
    const { server } = await sqsOn(() => ({ body: {} }));
    vi.stubEnv('AWS_ENDPOINT_URL', server.url);
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

    await createSqsEventQueue({ queueUrl: QUEUE_URL, credentials, maxAttempts: 1 }).receive(
      new AbortController().signal,
    );

    expect(server.calls).toHaveLength(1);
  });

  test('goes to the host in the URL when that is not one of the public ones', async () => {
    const { server } = await sqsOn(() => ({ body: {} }));
    const settings = {
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      maxAttempts: 1,
    };

    await createSqsEventQueue({ queueUrl: `${server.url}/111122223333/events`, ...settings }).receive(
      new AbortController().signal,
    );

    expect(server.calls).toHaveLength(1);
  });

  test('gives up a long poll when aborted', async () => {
    let asked = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { events } = await sqsOn(() => {
      asked();
      return new Promise(() => undefined);
    });
    const controller = new AbortController();
    const waiting = events.receive(controller.signal);

    await reached;
    controller.abort();

    expect(await waiting).toEqual([]);
  });

  test.each([
    [{ error: 'com.amazonaws.sqs#QueueDoesNotExist' }, /sqs:ReceiveMessage on https:\/\/sqs.*no such queue/, false],
    [{ error: 'AccessDenied', status: 403 }, /Allow sqs:ReceiveMessage/, false],
    [{ error: 'InternalFailure', status: 500 }, /tried again later/, true],
  ])('says what %j means', async (answer, message, retryable) => {
    const { events } = await sqsOn(() => answer);

    await expect(events.receive(new AbortController().signal)).rejects.toMatchObject({
      code: 'queue.unavailable',
      retryable,
      message: expect.stringMatching(message),
    });
  });
});

describe('deleting from SQS', () => {
  test('repeats what SQS could not delete, and only that', async () => {
    const { events, server } = await sqsOn(({ input }) => {
      const entries = entriesOf(input);
      const failed = entries.length === 1 ? [] : entries.filter((entry) => entry.ReceiptHandle === 'receipt-3');
      return {
        body: { Successful: [], Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) },
      };
    });

    await events.done(Array.from({ length: 10 }, (_empty, index) => `receipt-${index}`));

    expect(server.calls).toHaveLength(2);
    expect(entriesOf(server.calls[1]?.input ?? {}).map((entry) => entry.ReceiptHandle)).toEqual(['receipt-3']);
  });

  test('gives up after some rounds and says how many stay', async () => {
    const { events, server } = await sqsOn(({ input }) => ({
      body: {
        Failed: entriesOf(input).map(({ Id }) => ({
          Id,
          Code: 'InternalError',
          Message: 'try later',
          SenderFault: false,
        })),
      },
    }));

    await expect(events.done(['a', 'b'])).rejects.toMatchObject({
      code: 'queue.unavailable',
      retryable: true,
      message: expect.stringMatching(/left 2 of 2 messages.*InternalError try later/),
    });
    expect(server.calls).toHaveLength(4);
  });

  test('lets go of a receipt that has expired', async () => {
    const { events, server } = await sqsOn(({ input }) => ({
      body: { Failed: entriesOf(input).map(({ Id }) => ({ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true })) },
    }));

    await expect(events.done(['old'])).resolves.toBeUndefined();
    expect(server.calls).toHaveLength(1);
  });
});

describe('sending to SQS', () => {
  const jobs = Array.from({ length: 25 }, (_empty, index) => ({
    group: 'slack:#soc',
    id: `item-${index}`,
    body: `body ${index}`,
  }));

  test('sends ten at a time', async () => {
    const { work, server } = await sqsOn(() => ({ body: {} }));

    await work.enqueue(jobs);

    expect(server.calls.map((call) => entriesOf(call.input).length)).toEqual([10, 10, 5]);
  });

  test('sends fewer at a time when they are large', async () => {
    const { work, server } = await sqsOn(() => ({ body: {} }));

    await work.enqueue(jobs.slice(0, 4).map((job) => ({ ...job, body: 'x'.repeat(100 * 1024) })));

    expect(server.calls.map((call) => entriesOf(call.input).length)).toEqual([2, 2]);
  });

  test('repeats what SQS could not take and reports what it would not', async () => {
    let calls = 0;
    const { work, server } = await sqsOn(({ input }) => {
      const wrong = entriesOf(input)
        .filter((entry) => entry.MessageBody === 'body 1')
        .map(({ Id }) => ({ Id, Code: 'InvalidMessageContents', Message: 'no', SenderFault: true }));
      const busy =
        calls++ === 0
          ? entriesOf(input)
              .filter((entry) => entry.MessageBody === 'body 2')
              .map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }))
          : [];
      return { body: { Failed: [...wrong, ...busy] } };
    });

    const refused = await work.enqueue(jobs.slice(0, 5));

    expect(refused).toEqual([{ job: jobs[1], reason: 'InvalidMessageContents: no' }]);
    expect(server.calls.map((call) => entriesOf(call.input).map((entry) => entry.MessageBody))).toEqual([
      jobs.slice(0, 5).map((job) => job.body),
      ['body 2'],
    ]);
  });

  test('reports what SQS cannot take after some rounds', async () => {
    const { work, server } = await sqsOn(({ input }) => ({
      body: { Failed: entriesOf(input).map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) },
    }));

    const refused = await work.enqueue(jobs.slice(0, 2));

    expect(refused.map(({ job }) => job.id)).toEqual(['item-0', 'item-1']);
    expect(server.calls).toHaveLength(3);
  });

  test('throws when the queue is not there', async () => {
    const { work } = await sqsOn(() => ({ error: 'AWS.SimpleQueueService.NonExistentQueue' }));

    await expect(work.enqueue(jobs)).rejects.toMatchObject({
      code: 'queue.unavailable',
      message: expect.stringContaining('no such queue'),
    });
  });
});

test.each([
  ['slack:#soc', 'slack:#soc'],
  ['slack:#決済', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
  ['x'.repeat(129), expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
  ['', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
])('makes of the group %s the message group %s', (group, expected) => {
  expect(messageGroup(group)).toEqual(expected);
});
