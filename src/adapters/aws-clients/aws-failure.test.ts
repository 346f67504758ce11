import { expect, test } from 'vitest';
import { awsFailure, explainAwsFailure } from './aws-failure.ts';

const ROLE = 'arn:aws:iam::111122223333:role/yagura-read';

function awsError(name: string, message = 'no', metadata: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: metadata });
}

test.each([
  ['denied', false, awsError('AccessDeniedException')],
  ['denied', false, awsError('AccessDenied')],
  [
    'role',
    false,
    awsError(
      'AccessDenied',
      'User: arn:aws:iam::444455556666:user/a is not authorized to perform: sts:AssumeRole on resource: x',
    ),
  ],
  ['credentials', false, awsError('CredentialsProviderError', 'Could not load credentials from any providers')],
  ['credentials', false, awsError('ExpiredTokenException')],
  ['throttled', true, awsError('ThrottlingException')],
  ['throttled', true, awsError('TooManyRequestsException')],
  ['throttled', true, awsError('Whatever', 'slow down', { httpStatusCode: 429 })],
  ['unreachable', true, Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ['unreachable', true, awsError('TimeoutError')],
  [
    'unreachable',
    true,
    Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:1')]), { code: 'ECONNREFUSED' }),
  ],
  ['region', false, new Error('Region is missing')],
  ['unavailable', true, awsError('InternalFailure', 'oops', { httpStatusCode: 500 })],
  ['refused', false, awsError('ValidationException', 'bad', { httpStatusCode: 400 })],
  ['refused', false, 'a thrown string'],
])('sorts an error as %s (may be repeated: %s)', (kind, retryable, thrown) => {
  expect(awsFailure(thrown)).toMatchObject({ kind, retryable });
});

test('says call, account, role, error, request and what to do', () => {
  const failure = awsFailure(
    awsError('AccessDeniedException', 'User: x is not authorized', { requestId: 'request-1' }),
  );

  const text = explainAwsFailure(failure, { what: 'organizations:ListRoots', access: { roleArn: ROLE } });

  expect(text).toBe(
    `organizations:ListRoots failed in account 111122223333 with role ${ROLE}: AccessDeniedException: User: x is not authorized (request request-1). ` +
      "Allow organizations:ListRoots in the role's policy, and check that no service control policy or permissions boundary denies it.",
  );
});

test('keeps a long or many-lined message of a service short and on one line', () => {
  const failure = awsFailure(awsError('ValidationException', `first\r\n\u001b[31msecond ${'x'.repeat(5_000)}`));

  expect(failure.message.length).toBeLessThan(600);
  expect(failure.message).not.toMatch(/\p{Cc}/u);
});

test('has words for a refused connection whose own message is empty', () => {
  const failure = awsFailure(
    Object.assign(new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:1')]), { code: 'ECONNREFUSED' }),
  );

  expect(failure).toMatchObject({ name: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' });
});
