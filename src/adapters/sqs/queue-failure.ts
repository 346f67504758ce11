import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';

/** `queue.unavailable`, naming the call and the queue. */
export function queueUnavailable(thrown: unknown, call: string, queueUrl: string, access: AwsAccess): YaguraError {
  const failure = awsFailure(thrown);
  const missing = /NonExistentQueue|QueueDoesNotExist/.test(failure.name)
    ? ' There is no such queue: check its URL and Region.'
    : '';
  const text = `${explainAwsFailure(failure, { what: `sqs:${call} on ${queueUrl}`, access })}${missing}`;
  return new YaguraError('queue.unavailable', text, { cause: thrown, retryable: failure.retryable });
}
