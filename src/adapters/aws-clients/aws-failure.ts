import { type AwsAccess, accountOfRole } from './aws-clients.ts';

export type AwsFailureKind =
  | 'denied'
  | 'role'
  | 'credentials'
  | 'throttled'
  | 'unreachable'
  | 'region'
  | 'unavailable'
  | 'refused';

/** What went wrong in one call, in words that fit any log: AWS's error name, its message, no payloads. */
export type AwsFailure = {
  readonly kind: AwsFailureKind;
  readonly name: string;
  readonly message: string;
  readonly requestId: string | undefined;
  readonly retryable: boolean;
};

/** What was tried; `what` is the API call with its object, e.g. `organizations:ListRoots`. */
export type AwsAttempt = { readonly what: string; readonly access?: AwsAccess };

const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError(Exception)?|NotAuthorized)$/;
const THROTTLED =
  /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|BandwidthLimitExceeded|ProvisionedThroughputExceeded|RequestThrottled/;
const CREDENTIALS =
  /Credentials(Provider)?Error|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|MissingAuthenticationToken|IncompleteSignature|RequestExpired/;
const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ERR_SOCKET.*|CERT_.*|DEPTH_ZERO.*|UNABLE_TO_.*|SELF_SIGNED.*)$/;
const LONGEST_MESSAGE = 500;

/** Sorts anything an SDK call threw by what a person has to do about it. */
export function awsFailure(thrown: unknown): AwsFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const metadata = field(error, '$metadata');
  const status = numberIn(metadata, 'httpStatusCode');
  const kind = kindOf(error, status);
  return {
    kind,
    name: nameOf(error),
    message: oneLine(messageIn(error)),
    requestId: textIn(metadata, 'requestId'),
    retryable: kind === 'throttled' || kind === 'unreachable' || kind === 'unavailable',
  };
}

/** One sentence on what failed and one on what to do, for a YaguraError. */
export function explainAwsFailure(failure: AwsFailure, attempt: AwsAttempt): string {
  const account = accountOfRole(attempt.access?.roleArn);
  const role = attempt.access?.roleArn === undefined ? 'the default credentials' : `role ${attempt.access.roleArn}`;
  const where = account === undefined ? '' : ` in account ${account}`;
  const request = failure.requestId === undefined ? '' : ` (request ${failure.requestId})`;
  return `${attempt.what} failed${where} with ${role}: ${failure.name}: ${failure.message}${request}. ${adviceFor(failure, attempt)}`;
}

function adviceFor(failure: AwsFailure, attempt: AwsAttempt): string {
  switch (failure.kind) {
    case 'denied':
      return `Allow ${attempt.what.split(' ')[0]} in the role's policy, and check that no service control policy or permissions boundary denies it.`;
    case 'role':
      return 'The role could not be assumed: check that it exists, that its trust policy names this account or role, and that the external id is the same on both sides.';
    case 'credentials':
      return 'Check the credentials: AWS_PROFILE (an SSO session may have ended: aws sso login), the environment variables, or the role of this machine, and its clock.';
    case 'throttled':
      return 'AWS limits the rate of these calls; it is tried again later.';
    case 'unreachable':
      return 'The endpoint did not answer: check the network, a proxy, the Region, and AWS_ENDPOINT_URL if it is set.';
    case 'region':
      return 'Set a Region: AWS_REGION, the profile, or yagura.yaml.';
    case 'unavailable':
      return 'The service has a problem of its own; it is tried again later.';
    case 'refused':
      return 'The request itself was refused; check the names and ids in yagura.yaml.';
  }
}

function kindOf(error: Error, status: number | undefined): AwsFailureKind {
  const name = nameOf(error);
  const message = messageIn(error);
  if (/sts:AssumeRole\b/.test(message)) return 'role';
  if (DENIED.test(name)) return 'denied';
  if (THROTTLED.test(name) || status === 429) return 'throttled';
  if (CREDENTIALS.test(name)) return 'credentials';
  if (/^Region is missing/.test(message)) return 'region';
  if (NETWORK.test(codeOf(error)) || name === 'TimeoutError') return 'unreachable';
  return status !== undefined && status >= 500 ? 'unavailable' : 'refused';
}

function nameOf(error: Error): string {
  const code = codeOf(error);
  return error.name === 'Error' || error.name === 'AggregateError' ? (code === '' ? error.name : code) : error.name;
}

function codeOf(error: Error): string {
  const own = textIn(error, 'code');
  if (own !== undefined) return own;
  return error.cause instanceof Error ? (textIn(error.cause, 'code') ?? '') : '';
}

// Node leaves the message of a refused connection to several addresses empty.
function messageIn(error: Error): string {
  if (error.message !== '') return error.message;
  return error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : 'no message';
}

function oneLine(text: string): string {
  const flat = text.replace(/\p{Cc}+/gu, ' ').trim();
  return flat.length <= LONGEST_MESSAGE ? flat : `${flat.slice(0, LONGEST_MESSAGE)}…`;
}

function field(value: unknown, key: string): unknown {
  // Only objects reach the index, and its result stays unknown.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function textIn(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' ? found : undefined;
}

function numberIn(value: unknown, key: string): number | undefined {
  const found = field(value, key);
  return typeof found === 'number' ? found : undefined;
}
