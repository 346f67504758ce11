import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { HeldNotice, NoticeReport } from '#ports/object-notices.ts';
import { type AwsAnswer, type AwsCall, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { createFakeClock, createManualSleeper } from '../../../test/stand-ins/time.ts';
import { createSqsObjectNotices } from './object-notices.ts';

const QUEUE_URL = 'https://sqs.ap-northeast-1.amazonaws.com/111122223333/yagura-objects';

const naming = (...keys: string[]): string => JSON.stringify({ s3Bucket: 'example-logs', s3ObjectKey: keys });
const TEST_EVENT = '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"example-logs"}';

function messages(bodies: readonly string[], times = 1): { Messages: unknown[] } {
  return {
    Messages: bodies.map((Body, index) => ({
      MessageId: `message-${index}`,
      ReceiptHandle: `receipt-${index}`,
      Body,
      MD5OfBody: createHash('md5').update(Body).digest('hex'),
      Attributes: { ApproximateReceiveCount: String(times) },
    })),
  };
}

/** A queue that gives these batches one after the other and then nothing until the reader stops. */
async function queueOf(batches: readonly unknown[], answer: (call: AwsCall) => AwsAnswer = () => ({ body: {} })) {
  const left = [...batches];
  const stop = new AbortController();
  const server = await startAwsJsonServer((call) => {
    if (call.target !== 'ReceiveMessage') return answer(call);
    const next = left.shift();
    if (next === undefined) stop.abort();
    return { body: next ?? {} };
  });
  onTestFinished(() => server.close());
  const sleeper = createManualSleeper(createFakeClock());
  const reports: NoticeReport[] = [];
  const notices = createSqsObjectNotices({
    queueUrl: QUEUE_URL,
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    sleeper,
    report: (report) => void reports.push(report),
  });
  const inputs = (target: string) => server.callsOf(target).map(({ input }) => ({ ...input, QueueUrl: undefined }));
  return { taken: notices.take(stop.signal), stop, server, sleeper, reports, inputs };
}

async function each(taken: AsyncIterable<HeldNotice>, work: (notice: HeldNotice) => Promise<void>): Promise<string[]> {
  const keys: string[] = [];
  for await (const notice of taken) {
    keys.push(...notice.objects.map((object) => object.key));
    await work(notice);
  }
  return keys;
}

const done = (notice: HeldNotice): Promise<void> => notice.done();

describe('taking notices of objects from SQS', () => {
  test('waits as long as SQS allows, and hides what it gets', async () => {
    const { taken, server } = await queueOf([]);

    await each(taken, done);

    expect(server.calls[0]?.input).toEqual({
      QueueUrl: QUEUE_URL,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
      VisibilityTimeout: 120,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
  });

  test('deletes a message when its objects are done, once', async () => {
    const { taken, inputs } = await queueOf([messages([naming('a', 'b'), naming('c')])]);

    const keys = await each(taken, async (notice) => {
      await notice.done();
      await notice.done();
      await notice.failed();
    });

    expect(keys).toEqual(['a', 'b', 'c']);
    expect(inputs('DeleteMessage')).toEqual([{ ReceiptHandle: 'receipt-0' }, { ReceiptHandle: 'receipt-1' }]);
    expect(inputs('ChangeMessageVisibility')).toEqual([]);
  });

  test('deletes what names nothing to read, and tells it', async () => {
    const { taken, inputs, reports } = await queueOf([messages([TEST_EVENT])]);

    expect(await each(taken, done)).toEqual([]);

    expect(inputs('DeleteMessage')).toEqual([{ ReceiptHandle: 'receipt-0' }]);
    expect(reports).toEqual([
      { kind: 'ignored', id: 'message-0', reason: 'test-event', detail: 's3:TestEvent of example-logs' },
    ]);
  });

  test('leaves what it does not understand to the dead-letter queue, and tells it once', async () => {
    const { taken, inputs, reports, server } = await queueOf([messages(['<html>']), messages(['<html>'], 2)]);

    expect(await each(taken, done)).toEqual([]);

    expect(reports).toEqual([
      { kind: 'broken', id: 'message-0', reason: 'envelope', detail: 'the message is not JSON' },
    ]);
    expect(inputs('DeleteMessage')).toEqual([]);
    expect(server.calls.every((call) => call.target === 'ReceiveMessage')).toBe(true);
  });

  test('reads what it understands of a message, and leaves the message for the rest', async () => {
    const body = JSON.stringify({ s3Bucket: 'example-logs', s3ObjectKey: ['a', 7] });
    const { taken, inputs, reports } = await queueOf([messages([body])]);

    expect(await each(taken, done)).toEqual(['a']);

    expect(inputs('DeleteMessage')).toEqual([]);
    expect(reports).toEqual([expect.objectContaining({ kind: 'broken', detail: 's3ObjectKey[1] is not a text' })]);
  });

  test.each([
    [1, undefined, 30],
    [2, undefined, 60],
    [5, undefined, 480],
    [60, undefined, 900],
    [3, 0, 0],
  ])('gives a failed message (received %d times) back after a while', async (times, asked, seconds) => {
    const { taken, inputs } = await queueOf([messages([naming('a')], times)]);

    await each(taken, (notice) => notice.failed(asked));

    expect(inputs('ChangeMessageVisibility')).toEqual([{ ReceiptHandle: 'receipt-0', VisibilityTimeout: seconds }]);
    expect(inputs('DeleteMessage')).toEqual([]);
  });

  test('gives back at once what it received and nobody works on', async () => {
    const { taken, inputs, stop } = await queueOf([messages([naming('a'), naming('b'), naming('c')])]);

    await each(taken, async (notice) => {
      stop.abort();
      await notice.done();
    });

    expect(inputs('DeleteMessage')).toEqual([{ ReceiptHandle: 'receipt-0' }]);
    expect(inputs('ChangeMessageVisibilityBatch')).toEqual([
      {
        Entries: [
          { Id: '0', ReceiptHandle: 'receipt-1', VisibilityTimeout: 0 },
          { Id: '1', ReceiptHandle: 'receipt-2', VisibilityTimeout: 0 },
        ],
      },
    ]);
  });

  test('gives back the rest of a batch when its reader leaves', async () => {
    const { taken, inputs } = await queueOf([messages([naming('a'), naming('b')])]);

    for await (const notice of taken) {
      await notice.failed(0);
      break;
    }

    expect(inputs('ChangeMessageVisibilityBatch')).toHaveLength(1);
  });

  test('lets go of a receipt that has expired', async () => {
    const { taken, inputs } = await queueOf([messages([naming('a'), naming('b')])], () => ({
      error: 'com.amazonaws.sqs#ReceiptHandleIsInvalid',
    }));

    await each(taken, (notice) => (notice.objects[0]?.key === 'a' ? notice.done() : notice.failed()));

    expect([inputs('DeleteMessage'), inputs('ChangeMessageVisibility')].map((calls) => calls.length)).toEqual([1, 1]);
  });

  test('says which permission is missing', async () => {
    const { taken } = await queueOf([messages([naming('a')])], () => ({ error: 'AccessDenied', status: 403 }));

    await expect(each(taken, done)).rejects.toMatchObject({
      code: 'queue.unavailable',
      message: expect.stringContaining('Allow sqs:DeleteMessage'),
    });
  });
});

describe('while an object is read', () => {
  const beats = (inputs: readonly unknown[]): string[][] =>
    // As this project's own adapter sent them.
    (inputs as { Entries: { ReceiptHandle: string; VisibilityTimeout: number }[] }[]).map(({ Entries }) =>
      Entries.map((entry) => `${entry.ReceiptHandle} ${entry.VisibilityTimeout}`),
    );

  test('its message and those that wait behind it stay hidden, and no longer', async () => {
    const { taken, inputs, sleeper } = await queueOf([messages([naming('a'), naming('b')])]);

    await each(taken, async (notice) => {
      const before = inputs('ChangeMessageVisibilityBatch').length;
      await sleeper.pass(40_000);
      await vi.waitFor(() => expect(inputs('ChangeMessageVisibilityBatch').length).toBe(before + 1));
      await vi.waitFor(() => expect(sleeper.waiting).toBe(1));
      await notice.done();
    });

    expect(beats(inputs('ChangeMessageVisibilityBatch'))).toEqual([
      ['receipt-0 120', 'receipt-1 120'],
      ['receipt-1 120'],
    ]);
    expect(sleeper.waiting).toBe(0);
  });

  test('a queue that refuses is told and asked again', async () => {
    const { taken, inputs, sleeper, reports } = await queueOf([messages([naming('a')])], (call) =>
      call.target === 'ChangeMessageVisibilityBatch' ? { error: 'AccessDenied', status: 403 } : { body: {} },
    );

    await each(taken, async (notice) => {
      for (const count of [1, 2]) {
        await sleeper.pass(40_000);
        await vi.waitFor(() => expect(reports).toHaveLength(count));
        await vi.waitFor(() => expect(sleeper.waiting).toBe(1));
      }
      await notice.done();
    });

    expect(reports[0]).toMatchObject({
      kind: 'not-extended',
      id: 'message-0',
      detail: expect.stringContaining('Allow sqs:ChangeMessageVisibility'),
    });
    expect(inputs('DeleteMessage')).toHaveLength(1);
  });

  test('a message that can be held no longer is told once', async () => {
    const { taken, sleeper, reports } = await queueOf([messages([naming('a')])], (call) =>
      call.target === 'ChangeMessageVisibilityBatch'
        ? {
            body: {
              Failed: [{ Id: '0', Code: 'InvalidParameterValue', Message: 'beyond the limit', SenderFault: true }],
            },
          }
        : { body: {} },
    );

    await each(taken, async (notice) => {
      await sleeper.pass(40_000);
      await vi.waitFor(() => expect(reports).toHaveLength(1));
      await sleeper.pass(400_000);
      await notice.done();
    });

    expect(reports).toEqual([
      { kind: 'not-extended', id: 'message-0', detail: 'InvalidParameterValue beyond the limit' },
    ]);
    expect(sleeper.waiting).toBe(0);
  });
});
