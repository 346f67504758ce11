import { createHash } from 'node:crypto';
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import type { Job, RefusedJob, WorkQueue } from '#ports/work-queue.ts';
import { accessOfQueue } from './queue-access.ts';
import { queueUnavailable } from './queue-failure.ts';

export type SqsWorkQueueSettings = AwsAccess & { readonly queueUrl: string };

const MOST_PER_CALL = 10;
/** Of one message and of one batch; SQS now takes 1 MiB, older queues and stand-ins this. */
const MOST_BYTES = 256 * 1024;
const ROUNDS = 3;

/** A FIFO queue whose message group is the job's group and whose deduplication id is the job's id. Needs `sqs:SendMessage`. */
export function createSqsWorkQueue(settings: SqsWorkQueueSettings): WorkQueue {
  const { queueUrl, ...given } = settings;
  const access = accessOfQueue(queueUrl, given);
  const client = createAwsClients(access)(SQSClient);
  return {
    enqueue: async (jobs) => {
      const refused: RefusedJob[] = [];
      for (const batch of sendable(jobs)) refused.push(...(await send(client, queueUrl, access, batch)));
      return refused;
    },
  };
}

/** SQS allows 128 printable ASCII characters; a channel name may be in any script, so everything else becomes its hash. */
export function messageGroup(group: string): string {
  return /^[\x21-\x7e]{1,128}$/.test(group) ? group : `sha256:${hash(group)}`;
}

async function send(
  client: SQSClient,
  queueUrl: string,
  access: AwsAccess,
  batch: readonly Job[],
): Promise<RefusedJob[]> {
  let left = batch;
  const refused: RefusedJob[] = [];
  for (let round = 1; left.length > 0; round++) {
    const failed = await sendOnce(client, queueUrl, access, left);
    const lost = left.flatMap((job, index) => {
      const entry = failed.get(String(index));
      return entry === undefined ? [] : [{ job, entry }];
    });
    // Only what SQS could not do is worth another try; sent again in order, so the order in a group stays.
    const retry = round < ROUNDS ? lost.filter(({ entry }) => entry.SenderFault !== true) : [];
    refused.push(
      ...lost.filter((one) => !retry.includes(one)).map(({ job, entry }) => ({ job, reason: reasonOf(entry) })),
    );
    left = retry.map(({ job }) => job);
  }
  return refused;
}

async function sendOnce(
  client: SQSClient,
  queueUrl: string,
  access: AwsAccess,
  jobs: readonly Job[],
): Promise<ReadonlyMap<string, BatchResultErrorEntry>> {
  const Entries = jobs.map(
    (job, index): SendMessageBatchRequestEntry => ({
      Id: String(index),
      MessageBody: job.body,
      MessageGroupId: messageGroup(job.group),
      MessageDeduplicationId: hash(job.id),
    }),
  );
  const answer = await client
    .send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
    .catch((thrown: unknown) => {
      throw queueUnavailable(thrown, 'SendMessageBatch', queueUrl, access);
    });
  return new Map((answer.Failed ?? []).map((entry) => [entry.Id ?? '', entry]));
}

function* sendable(jobs: readonly Job[]): Generator<Job[]> {
  let batch: Job[] = [];
  let bytes = 0;
  for (const job of jobs) {
    const size = Buffer.byteLength(job.body);
    if (batch.length === MOST_PER_CALL || (batch.length > 0 && bytes + size > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(job);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function reasonOf(entry: BatchResultErrorEntry): string {
  return `${entry.Code ?? 'unknown error'}: ${entry.Message ?? 'no message'}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
