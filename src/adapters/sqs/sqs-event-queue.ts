import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { batches } from '#adapters/aws-clients/pages.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { EventQueue, QueuedEvent } from '#ports/event-queue.ts';
import { accessOfQueue } from './queue-access.ts';
import { queueUnavailable } from './queue-failure.ts';

export type SqsEventQueueSettings = AwsAccess & {
  readonly queueUrl: string;
  /** How long one receive waits for a message; SQS allows 20 s. */
  readonly waitSeconds?: number;
};

const LONGEST_WAIT_SECONDS = 20;
const MOST_PER_CALL = 10;
const DELETE_ROUNDS = 4;

/**
 * Events that EventBridge (or anybody) put into an SQS queue. Needs `sqs:ReceiveMessage` and `sqs:DeleteMessage`.
 * A message that is not deleted comes again after the queue's visibility timeout, so set that above the time one batch takes.
 */
export function createSqsEventQueue(settings: SqsEventQueueSettings): EventQueue {
  const { queueUrl, waitSeconds, ...given } = settings;
  const access = accessOfQueue(queueUrl, given);
  const client = createAwsClients(access)(SQSClient);
  return {
    receive: async (signal) => {
      if (signal.aborted) return [];
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MOST_PER_CALL,
        WaitTimeSeconds: waitSeconds ?? LONGEST_WAIT_SECONDS,
      });
      try {
        const { Messages } = await client.send(command, { abortSignal: signal });
        return (Messages ?? []).map(
          (message): QueuedEvent => ({ body: message.Body ?? '', receipt: message.ReceiptHandle ?? '' }),
        );
      } catch (thrown) {
        // A message SQS had just handed out comes again after its visibility timeout.
        if (signal.aborted) return [];
        throw queueUnavailable(thrown, 'ReceiveMessage', queueUrl, access);
      }
    },
    done: async (receipts) => {
      for (const batch of batches(receipts, MOST_PER_CALL)) await deleteAll(client, queueUrl, access, batch);
    },
  };
}

async function deleteAll(
  client: SQSClient,
  queueUrl: string,
  access: AwsAccess,
  receipts: readonly string[],
): Promise<void> {
  let left = receipts;
  let reason = '';
  for (let round = 0; left.length > 0 && round < DELETE_ROUNDS; round++) {
    const entries = left.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    const answer = await client
      .send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }))
      .catch((thrown: unknown) => {
        throw queueUnavailable(thrown, 'DeleteMessageBatch', queueUrl, access);
      });
    const failed = answer.Failed ?? [];
    const again = new Set(failed.filter((entry) => entry.Code !== 'ReceiptHandleIsInvalid').map((entry) => entry.Id));
    reason = `${failed[0]?.Code ?? ''} ${failed[0]?.Message ?? ''}`.trim();
    // An expired receipt cannot be deleted by anybody; its message comes again and accepting it twice is harmless.
    left = left.filter((_receipt, index) => again.has(String(index)));
  }
  if (left.length > 0) {
    const message = `sqs:DeleteMessageBatch on ${queueUrl} left ${left.length} of ${receipts.length} messages in the queue (${reason}). They come again and are recognised; check the queue if this stays.`;
    throw new YaguraError('queue.unavailable', message, { retryable: true });
  }
}
