import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { motoAccess } from '../../stand-ins/moto.ts';

/** A queue with its dead letters, as the deployment makes them. */
export type TestQueue = { readonly url: string; readonly arn: string; readonly deadLettersUrl: string };

type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };
type Invoke = (event: object) => Promise<BatchAnswer>;

/** What one poll of the event source came to. */
export type Polled = { readonly received: number; readonly failed: readonly string[] };

const client = () => new SQSClient({ ...motoAccess(), useQueueUrlAsEndpoint: false });
let made = 0;

/** Makes a queue and its dead-letter queue. */
export async function createQueue(
  name: string,
  options: { readonly fifo: boolean; readonly maxReceiveCount: number },
): Promise<TestQueue> {
  made += 1;
  const suffix = options.fifo ? '.fifo' : '';
  const fifo: Record<string, string> = options.fifo
    ? { FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }
    : {};
  const create = async (queue: string, Attributes: Record<string, string>) =>
    (await client().send(new CreateQueueCommand({ QueueName: `yagura-${made}-${queue}${suffix}`, Attributes })))
      .QueueUrl ?? '';
  const deadLettersUrl = await create(`${name}-dead`, fifo);
  const { maxReceiveCount } = options;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(deadLettersUrl), maxReceiveCount });
  const url = await create(name, { ...fifo, VisibilityTimeout: '360', RedrivePolicy });
  return { url, arn: await arnOf(url), deadLettersUrl };
}

/** Puts a message into a standard queue, as EventBridge does. */
export async function sendTo(queue: TestQueue, body: string): Promise<void> {
  await client().send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
}

/** How many messages are waiting. */
export async function waitingIn(url: string): Promise<number> {
  const { Attributes } = await client().send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
}

/**
 * One poll of Lambda's event source: receives a batch, calls the function, deletes what was not reported as failed. What failed, or all
 * when the function itself failed, comes again at once, where SQS would wait for the visibility timeout.
 */
export async function pollOnce(queue: TestQueue, batchSize: number, invoke: Invoke): Promise<Polled> {
  const messages = await receive(queue, batchSize);
  if (messages.length === 0) return { received: 0, failed: [] };
  let failed: ReadonlySet<string>;
  try {
    const answer = await invoke(sqsEvent(queue, messages));
    failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  } catch (thrown) {
    await Promise.all(messages.map((message) => giveBack(queue, message)));
    throw thrown;
  }
  for (const message of messages) {
    if (failed.has(message.MessageId ?? '')) await giveBack(queue, message);
    else await client().send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle }));
  }
  return { received: messages.length, failed: [...failed] };
}

/** The event of Lambda for these messages. */
export function sqsEvent(queue: TestQueue, messages: readonly Message[]): { Records: object[] } {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes,
      messageAttributes: {},
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queue.arn,
      awsRegion: 'us-east-1',
    })),
  };
}

/** Receives up to so many, in as many calls as it takes. */
export async function receive(queue: TestQueue, most: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < most) {
    const { Messages = [] } = await client().send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: Math.min(10, most - messages.length),
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    messages.push(...Messages);
  }
  return messages;
}

/** Makes a received message visible again, as its visibility timeout would. */
export async function giveBack(queue: TestQueue, { ReceiptHandle }: Message): Promise<void> {
  await client().send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 }));
}

async function arnOf(url: string): Promise<string> {
  const { Attributes } = await client().send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return Attributes?.['QueueArn'] ?? '';
}
