import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { type ObjectNotice, parseObjectNotice } from '#core/lake/object-notice.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { HeldNotice, NoticeReport, ObjectNotices } from '#ports/object-notices.ts';
import { createHeldMessages, type HeldMessage, type HeldMessages } from './held-messages.ts';
import { accessOfQueue } from './queue-access.ts';
import { queueUnavailable } from './queue-failure.ts';

export type SqsObjectNoticesSettings = AwsAccess & {
  readonly queueUrl: string;
  readonly sleeper: Sleeper;
  readonly report: (report: NoticeReport) => void;
  /** How long one receive waits for a message; SQS allows 20 s. */
  readonly waitSeconds?: number;
  /** How long others do not get a message after the last sign of life. */
  readonly visibilitySeconds?: number;
};

type Received = HeldMessage & { readonly notice: ObjectNotice; readonly times: number };
type Queue = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly access: AwsAccess;
  readonly held: HeldMessages;
};

const LONGEST_WAIT_SECONDS = 20;
const VISIBILITY_SECONDS = 120;
const MOST_PER_CALL = 10;
const FIRST_RETRY_SECONDS = 30;
const LAST_RETRY_SECONDS = 15 * 60;
const MOST_TOLD = 10_000;

/**
 * Notices that S3, SNS, EventBridge or Security Lake put into an SQS queue. Needs `sqs:ReceiveMessage`,
 * `sqs:ChangeMessageVisibility` and `sqs:DeleteMessage`. Give the queue a dead-letter queue: what is not understood is
 * not deleted.
 */
export function createSqsObjectNotices(settings: SqsObjectNoticesSettings): ObjectNotices {
  const { queueUrl, sleeper, report, waitSeconds, visibilitySeconds = VISIBILITY_SECONDS, ...given } = settings;
  const access = accessOfQueue(queueUrl, given);
  const client = createAwsClients(access)(SQSClient);
  const failed = ({ id }: HeldMessage, detail: string): void => report({ kind: 'not-extended', id, detail });
  const held = createHeldMessages({ client, queueUrl, access, sleeper, visibilitySeconds, failed });
  const queue: Queue = { client, queueUrl, access, held };
  const read = reader(report);
  const receive = async (signal: AbortSignal): Promise<Received[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: MOST_PER_CALL,
      WaitTimeSeconds: waitSeconds ?? LONGEST_WAIT_SECONDS,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    try {
      const { Messages } = await client.send(command, { abortSignal: signal });
      return (Messages ?? []).map(read);
    } catch (thrown) {
      // What SQS had just handed out comes again after its visibility timeout.
      if (signal.aborted) return [];
      throw queueUnavailable(thrown, 'ReceiveMessage', queueUrl, access);
    }
  };
  return {
    take: async function* (signal) {
      while (!signal.aborted) yield* handOut(await receive(signal), queue, signal);
    },
  };
}

/** All messages of a batch are kept from others from the start: the last is handed out when the first is done. */
async function* handOut(messages: readonly Received[], queue: Queue, signal: AbortSignal): AsyncGenerator<HeldNotice> {
  const waiting = [...messages];
  for (const message of waiting) queue.held.hold(message);
  try {
    for (let next = waiting[0]; next !== undefined && !signal.aborted; next = waiting[0]) {
      waiting.shift();
      const { objects, broken } = next.notice;
      if (objects.length > 0) yield handed(next, queue);
      else if (broken.length > 0) queue.held.letGo(next);
      else await settled(next, queue, () => remove(next, queue));
    }
  } finally {
    if (waiting.length > 0) await queue.held.giveBack(waiting);
  }
}

function handed(message: Received, queue: Queue): HeldNotice {
  let open = true;
  const settle = async (work: () => Promise<void>): Promise<void> => {
    if (!open) return;
    open = false;
    await settled(message, queue, work);
  };
  return {
    id: message.id,
    objects: message.notice.objects,
    done: () =>
      settle(async () => {
        // What was not understood of it goes to the dead-letter queue; that the rest is then read again is harmless.
        if (message.notice.broken.length === 0) await remove(message, queue);
      }),
    failed: (retryAfterSeconds) =>
      settle(() => postpone(message, queue, retryAfterSeconds ?? pauseAfter(message.times))),
  };
}

async function settled(message: Received, queue: Queue, work: () => Promise<void>): Promise<void> {
  queue.held.letGo(message);
  await work();
}

async function remove({ receipt }: Received, { client, queueUrl, access }: Queue): Promise<void> {
  const command = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt });
  await client.send(command).catch((thrown: unknown) => {
    if (!isOver(thrown)) throw queueUnavailable(thrown, 'DeleteMessage', queueUrl, access);
  });
}

async function postpone({ receipt }: Received, queue: Queue, seconds: number): Promise<void> {
  const { client, queueUrl, access } = queue;
  const command = new ChangeMessageVisibilityCommand({
    QueueUrl: queueUrl,
    ReceiptHandle: receipt,
    VisibilityTimeout: seconds,
  });
  await client.send(command).catch((thrown: unknown) => {
    if (!isOver(thrown)) throw queueUnavailable(thrown, 'ChangeMessageVisibility', queueUrl, access);
  });
}

/** An expired receipt cannot be used by anybody; its message comes again, and reading its objects twice is harmless. */
function isOver(thrown: unknown): boolean {
  return /ReceiptHandleIsInvalid|MessageNotInflight/.test(awsFailure(thrown).name);
}

function pauseAfter(times: number): number {
  return Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (times - 1));
}

function reader(report: (report: NoticeReport) => void): (message: Message) => Received {
  // A message that is left in the queue comes again and again; it is news once.
  const told = new Set<string>();
  return ({ MessageId: id = '', ReceiptHandle: receipt = '', Body = '', Attributes }) => {
    const parsed = parseObjectNotice(Body);
    const notice: ObjectNotice = parsed.ok ? parsed.value : { objects: [], ignored: [], broken: [parsed] };
    if (!told.has(id)) {
      for (const { reason, detail } of notice.broken) report({ kind: 'broken', id, reason, detail });
      for (const { reason, detail } of notice.ignored) report({ kind: 'ignored', id, reason, detail });
    }
    if (notice.broken.length > 0) remember(told, id);
    return { id, receipt, notice, times: Math.max(1, Number(Attributes?.ApproximateReceiveCount ?? 1) || 1) };
  };
}

function remember(told: Set<string>, id: string): void {
  told.add(id);
  const [oldest] = told;
  if (told.size > MOST_TOLD && oldest !== undefined) told.delete(oldest);
}
