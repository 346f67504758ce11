import { Duration } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const kept = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };

// The order holds within a group only (a destination, a problem), so that one slow group does not hold up the others.
const highThroughput = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

/** A queue and where its messages go after too many tries. */
export type GuardedQueue = { readonly queue: Queue; readonly deadLetters: Queue };

/** The hub's queues, encrypted with SQS's own keys and closed to plain HTTP. */
export class HubQueues extends Construct {
  readonly intake: GuardedQueue;
  readonly delivery: GuardedQueue;
  readonly slack: GuardedQueue | undefined;

  constructor(scope: Construct, options: { slackApp: boolean }) {
    super(scope, 'Queues');
    this.intake = guarded(this, 'Intake', { maxReceiveCount: 5, visibilityTimeout: Duration.minutes(6) });
    this.delivery = guarded(this, 'Delivery', {
      ...highThroughput,
      maxReceiveCount: 10,
      // Just above the function's longest run: after a crash the whole destination waits for it.
      visibilityTimeout: Duration.minutes(6),
    });
    this.slack = options.slackApp
      ? guarded(this, 'Slack', { ...highThroughput, maxReceiveCount: 3, visibilityTimeout: Duration.minutes(6) })
      : undefined;
  }
}

function guarded(scope: Construct, id: string, props: QueueProps & { maxReceiveCount: number }): GuardedQueue {
  const { maxReceiveCount, ...queueProps } = props;
  // A FIFO queue's dead letters need a FIFO queue.
  const deadLetters = new Queue(scope, `${id}DeadLetters`, {
    ...kept,
    ...(queueProps.fifo === true ? { fifo: true } : {}),
  });
  const queue = new Queue(scope, id, {
    ...kept,
    ...queueProps,
    deadLetterQueue: { queue: deadLetters, maxReceiveCount },
  });
  return { queue, deadLetters };
}
