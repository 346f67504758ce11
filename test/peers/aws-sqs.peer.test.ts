import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createSqsEventQueue } from '#adapters/sqs/sqs-event-queue.ts';
import { createSqsWorkQueue } from '#adapters/sqs/sqs-work-queue.ts';
import { describeEventQueue } from '../contract/event-queue.contract.ts';
import { describeWorkQueue } from '../contract/work-queue.contract.ts';
import { motoAccess, motoMissing, resetMoto } from '../stand-ins/moto.ts';

let made = 0;

describe.skipIf(motoMissing)('SQS of a real peer', () => {
  beforeEach(async () => {
    await resetMoto();
  });

  describeEventQueue('SQS (moto server)', async () => {
    // Received messages become visible again by themselves a second later.
    const queueUrl = await newQueue('events', { VisibilityTimeout: '1' });
    return {
      queue: createSqsEventQueue({ ...motoAccess(), queueUrl, waitSeconds: 0 }),
      put: async (bodies) => {
        for (const MessageBody of bodies)
          await client().send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
      },
      timePasses: () => new Promise((resolve) => setTimeout(resolve, 1_100)),
    };
  });

  describeWorkQueue('SQS FIFO (moto server)', async () => {
    const queueUrl = await newQueue('delivery.fifo', { FifoQueue: 'true' });
    return { queue: createSqsWorkQueue({ ...motoAccess(), queueUrl }), work: () => workOff(queueUrl) };
  });

  test('a queue that does not exist is named', async () => {
    const queue = createSqsEventQueue({
      ...motoAccess(),
      queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/absent',
    });

    await expect(queue.receive(new AbortController().signal)).rejects.toMatchObject({
      code: 'queue.unavailable',
      message: expect.stringContaining('no such queue'),
    });
  });
});

function client(): SQSClient {
  return createAwsClients(motoAccess())(SQSClient);
}

async function newQueue(name: string, Attributes: Record<string, string>): Promise<string> {
  const { QueueUrl } = await client().send(
    new CreateQueueCommand({ QueueName: `yagura-${made++}-${name}`, Attributes }),
  );
  return QueueUrl ?? '';
}

async function workOff(queueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await client().send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    for (const message of Messages) {
      bodies.push(message.Body ?? '');
      await client().send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
  }
}
