import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type QueueConfiguration,
  S3Client,
  type TopicConfiguration,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createS3Objects } from '#adapters/s3-objects/s3-objects.ts';
import { createSqsObjectNotices } from '#adapters/sqs/object-notices.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import type { ObjectRef } from '#core/lake/object-notice.ts';
import type { HeldNotice, NoticeReport } from '#ports/object-notices.ts';
import { bytesOf } from '../contract/object-store.contract.ts';
import { motoAccess, motoMissing, resetMoto } from '../stand-ins/moto.ts';

const BUCKET = 'example-logs';
const KEY = 'AWSLogs/region=us-east-1/a b+c/決済.json';
let made = 0;

type Queue = { readonly url: string; readonly arn: string };

describe.skipIf(motoMissing)('notices of objects, of a real peer', () => {
  beforeEach(async () => {
    await resetMoto();
    await s3().send(new CreateBucketCommand({ Bucket: BUCKET }));
  });

  test("S3's own notification leads to the bytes of the object, and a removal to nothing", async () => {
    const queue = await newQueue();
    await notify({
      QueueConfigurations: [{ QueueArn: queue.arn, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] }],
    });
    await put(KEY, 'one');
    await put('gone.json', 'two');
    await s3().send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone.json' }));
    await put('logs/', '');

    const { objects, reports } = await takeAll(queue);

    expect(objects.map(({ bucket, key, size }) => ({ bucket, key, size }))).toEqual([
      { bucket: BUCKET, key: KEY, size: 3 },
      { bucket: BUCKET, key: 'gone.json', size: 3 },
    ]);
    expect(await contentOf(objects[0])).toBe('one');
    await expect(contentOf(objects[1])).rejects.toMatchObject({ code: 'object.gone' });
    expect(reports.map((report) => ('reason' in report ? report.reason : report.kind))).toEqual([
      'test-event',
      'object-removed',
      'directory-marker',
    ]);
  });

  test.each([
    ['wrapped', 'false'],
    ['raw', 'true'],
  ])('a notification through a topic, %s', async (_name, RawMessageDelivery) => {
    const queue = await newQueue();
    const topic = await newTopic(queue, RawMessageDelivery);
    await notify({ TopicConfigurations: [{ TopicArn: topic, Events: ['s3:ObjectCreated:*'] }] });
    await put(KEY, 'one');

    const { objects } = await takeAll(queue);

    expect(await contentOf(objects[0])).toBe('one');
    expect(objects).toHaveLength(1);
  });

  test.each([
    ['EventBridge', { 'detail-type': 'Object Created' }],
    ["Security Lake's subscriber form", {}],
  ])('%s, directly and through a topic', async (_name, more) => {
    const queue = await newQueue();
    const topic = await newTopic(queue, 'false');
    await put(KEY, 'one');
    const detail = { bucket: { name: BUCKET }, object: { key: KEY, size: 3 }, requester: 'securitylake.amazonaws.com' };
    const body = JSON.stringify({ ...more, source: 'aws.s3', account: '111122223333', region: 'us-east-1', detail });
    await send(queue, body);
    await sns().send(new PublishCommand({ TopicArn: topic, Message: body }));

    const { objects } = await takeAll(queue);

    expect(objects).toHaveLength(2);
    for (const object of objects) expect(await contentOf(object)).toBe('one');
  });

  test("CloudTrail's topic with several keys", async () => {
    const queue = await newQueue();
    const topic = await newTopic(queue, 'false');
    for (const key of [KEY, 'b.json']) await put(key, key);
    const publish = (Message: string) => sns().send(new PublishCommand({ TopicArn: topic, Message }));
    await publish('CloudTrail validation message.');
    await publish(JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [KEY, 'b.json'] }));

    const { objects, reports } = await takeAll(queue);

    expect(await Promise.all(objects.map(contentOf))).toEqual([KEY, 'b.json']);
    expect(reports).toEqual([expect.objectContaining({ kind: 'ignored', reason: 'test-event' })]);
  });

  test('a message that nobody understands is told once and ends in the dead-letter queue with its bytes', async () => {
    const dead = await newQueue();
    const queue = await newQueue({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: '2' }),
    });
    await send(queue, '{"hello": "決済"}');
    const reports: NoticeReport[] = [];

    await drain(notices(queue, reports, 1), async () => (await leftIn(dead)) === 1);

    const { Messages } = await sqs().send(new ReceiveMessageCommand({ QueueUrl: dead.url }));
    expect(Messages?.map((message) => message.Body)).toEqual(['{"hello": "決済"}']);
    expect(reports).toEqual([expect.objectContaining({ kind: 'broken', reason: 'envelope' })]);
  });

  test('a message is kept from others as long as its object is read, and comes again when that fails', async () => {
    const queue = await newQueue();
    await send(queue, JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [KEY] }));
    let failed = false;
    let others: unknown;

    await drain(
      notices(queue, [], 1),
      async () => failed,
      async (notice) => {
        // Longer than the message would stay hidden by itself.
        await timePasses(2_500);
        others =
          (await sqs().send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 0 }))).Messages ?? [];
        failed = true;
        await notice.failed(1);
      },
    );

    expect(others).toEqual([]);
    expect((await takeAll(queue)).objects.map((object) => object.key)).toEqual([KEY]);
  });
});

function notices(queue: Queue, reports: NoticeReport[], visibilitySeconds = 30) {
  return createSqsObjectNotices({
    ...motoAccess(),
    queueUrl: queue.url,
    waitSeconds: 0,
    visibilitySeconds,
    sleeper: createSystemSleeper(),
    report: (report) => void reports.push(report),
  });
}

/** Works on what comes until something is so. */
async function drain(
  reader: ReturnType<typeof notices>,
  until: () => Promise<boolean>,
  work: (notice: HeldNotice) => Promise<void> = (notice) => notice.done(),
): Promise<void> {
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    while (!(await until())) await timePasses(50);
    stop.abort();
  };
  const watching = watch();
  for await (const notice of reader.take(stop.signal)) await work(notice);
  await watching;
}

/** Reads until the queue has nothing left, neither visible nor hidden. */
async function takeAll(queue: Queue): Promise<{ objects: ObjectRef[]; reports: NoticeReport[] }> {
  const objects: ObjectRef[] = [];
  const reports: NoticeReport[] = [];
  await drain(
    notices(queue, reports),
    async () => (await leftIn(queue)) === 0,
    async (notice) => {
      objects.push(...notice.objects);
      await notice.done();
    },
  );
  return { objects, reports };
}

async function contentOf(object: ObjectRef | undefined): Promise<string> {
  const store = createS3Objects({ ...motoAccess(), sleeper: createSystemSleeper() });
  const uri = `s3://${object?.bucket}/${object?.key}`;
  const { body } = await store.open(uri, object?.etag === undefined ? {} : { etag: object.etag });
  return (await bytesOf(body)).toString();
}

async function leftIn({ url }: Queue): Promise<number> {
  const { Attributes } = await sqs().send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes ?? {};
  return Number(visible) + Number(hidden);
}

async function newQueue(Attributes: Record<string, string> = {}): Promise<Queue> {
  const { QueueUrl = '' } = await sqs().send(new CreateQueueCommand({ QueueName: `objects-${made++}`, Attributes }));
  const found = await sqs().send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return { url: QueueUrl, arn: found.Attributes?.QueueArn ?? '' };
}

async function newTopic(queue: Queue, RawMessageDelivery: string): Promise<string> {
  const { TopicArn = '' } = await sns().send(new CreateTopicCommand({ Name: `objects-${made++}` }));
  await sns().send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes: { RawMessageDelivery } }),
  );
  return TopicArn;
}

async function notify(NotificationConfiguration: {
  QueueConfigurations?: QueueConfiguration[];
  TopicConfigurations?: TopicConfiguration[];
}): Promise<void> {
  await s3().send(new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration }));
}

async function put(Key: string, Body: string): Promise<void> {
  await s3().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.from(Body) }));
}

async function send(queue: Queue, MessageBody: string): Promise<void> {
  await sqs().send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));
}

function timePasses(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function s3(): S3Client {
  return createAwsClients(motoAccess())(S3Client);
}

function sns(): SNSClient {
  return createAwsClients(motoAccess())(SNSClient);
}

function sqs(): SQSClient {
  return createAwsClients(motoAccess())(SQSClient);
}
