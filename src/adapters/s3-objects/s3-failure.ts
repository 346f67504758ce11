import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';

export type S3Attempt = { readonly call: 'GetObject' | 'ListBucket'; readonly uri: string; readonly access: AwsAccess };

/** What a failed call on a bucket or an object means for the person who named it. */
export function s3Failure(thrown: unknown, attempt: S3Attempt): YaguraError {
  if (thrown instanceof YaguraError) return thrown;
  const failure = awsFailure(thrown);
  const where = shownUri(attempt.uri);
  if (failure.name === 'PreconditionFailed') return objectChanged(attempt.uri);
  if (failure.name === 'NoSuchBucket')
    return new YaguraError('object.gone', `The bucket of ${where} does not exist. Check its name.`, { cause: thrown });
  if (failure.name === 'NoSuchKey' || failure.name === 'NotFound')
    return new YaguraError('object.gone', `There is no object ${where} any more. Check the key, or list it again.`, {
      cause: thrown,
    });
  if (failure.name === 'InvalidObjectState') {
    const text = `${where} is archived (S3 Glacier or Intelligent-Tiering's archive). Restore it first: aws s3api restore-object.`;
    return new YaguraError('object.unavailable', text, { cause: thrown });
  }
  const explained = explainAwsFailure(failure, { what: `s3:${attempt.call} on ${where}`, access: attempt.access });
  const hint = failure.kind === 'denied' ? ` ${permissions(attempt)}` : '';
  return new YaguraError('object.unavailable', `${explained}${hint}`, { cause: thrown, retryable: failure.retryable });
}

/** Somebody put another object under the same key. */
export function objectChanged(uri: string): YaguraError {
  const text = `${shownUri(uri)} is not the object that was listed: it was replaced. Nothing of it is kept; list it and read it again.`;
  return new YaguraError('object.changed', text, { retryable: true });
}

// Keys are written by others, also for the terminal that shows them.
export function shownUri(uri: string): string {
  return uri.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, '�');
}

function permissions({ call, uri }: S3Attempt): string {
  const bucket = shownUri(/^s3:\/\/([^/]*)/.exec(uri)?.[1] ?? '');
  if (call === 'ListBucket')
    return `It is needed on arn:aws:s3:::${bucket}, in the bucket's policy too if the bucket is another account's.`;
  return (
    `It is needed on arn:aws:s3:::${bucket}/*, in the bucket's policy too if the bucket is another account's, and kms:Decrypt on ` +
    'the key of an object that KMS encrypts. Without s3:ListBucket, S3 denies objects that do not exist as well.'
  );
}
