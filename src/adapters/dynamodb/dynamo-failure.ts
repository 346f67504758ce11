import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';

/**
 * What a failed call means. `condition`: nothing was written because the named writes (by index) met another state.
 * `conflict` and `throttled`: try again. `unavailable`: AWS or the network. `refused`: no retry helps. `bug`: not AWS's error at all.
 */
export type DynamoFailure =
  | { readonly kind: 'condition'; readonly failed: readonly number[] }
  | { readonly kind: 'conflict' | 'throttled' | 'unavailable' | 'refused' | 'bug' };

const CONDITION = /^ConditionalCheckFailed/;
const CONFLICT = /^(TransactionConflict|TransactionInProgress|ReplicatedWriteConflict)/;
const THROTTLED = /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded/;
const TOO_LARGE = /Item size (to update )?has exceeded|Aggregated size of all range keys|Collection size exceeded/;

/** Sorts anything a call threw. */
export function dynamoFailure(thrown: unknown): DynamoFailure {
  const name = thrown instanceof Error ? thrown.name : '';
  const reasons = cancellationCodes(thrown);
  if (reasons !== undefined) return cancelled(reasons);
  if (CONDITION.test(name)) return { kind: 'condition', failed: [0] };
  if (CONFLICT.test(name)) return { kind: 'conflict' };
  switch (awsFailure(thrown).kind) {
    case 'throttled':
      return { kind: 'throttled' };
    case 'unreachable':
    case 'unavailable':
      return { kind: 'unavailable' };
    case 'refused':
      return { kind: isFromAws(thrown) ? 'refused' : 'bug' };
    default:
      return { kind: 'refused' };
  }
}

/** The error a caller of the store gets; `what` is the API call. */
export function storeError(thrown: unknown, what: string, table: string): unknown {
  const { kind } = dynamoFailure(thrown);
  const call = `dynamodb:${what} on table ${table}`;
  const retryable = { cause: thrown, retryable: true };
  switch (kind) {
    case 'condition':
    case 'conflict':
      return new YaguraError(
        'store.conflict',
        `${failed(thrown, call)} Others keep writing the same items; try again.`,
        retryable,
      );
    case 'throttled':
      return new YaguraError(
        'store.throttled',
        `${failed(thrown, call)} AWS limits the rate of these calls: try again, and if this goes on look at the table's throttle metrics.`,
        retryable,
      );
    case 'unavailable':
      return new YaguraError('store.unavailable', explainAwsFailure(awsFailure(thrown), { what: call }), retryable);
    case 'refused':
      return refusal(thrown, call, table);
    case 'bug':
      return thrown;
  }
}

function refusal(thrown: unknown, call: string, table: string): YaguraError {
  const failure = awsFailure(thrown);
  const text = failed(thrown, call);
  if (failure.name === 'ResourceNotFoundException') {
    const hint = `Deploy the stack that creates the table ${table}, or correct its name and Region.`;
    return new YaguraError('store.unavailable', `${text} ${hint}`, { cause: thrown });
  }
  if (TOO_LARGE.test(text))
    return new YaguraError('store.full', `${text} DynamoDB holds 400 KB in an item.`, { cause: thrown });
  const reasons = cancellationMessages(thrown);
  const explained = explainAwsFailure(failure, { what: call });
  return new YaguraError('store.unavailable', [explained, ...reasons].join(' '), { cause: thrown });
}

function failed(thrown: unknown, call: string): string {
  const { name, message, requestId } = awsFailure(thrown);
  const request = requestId === undefined ? '' : ` (request ${requestId})`;
  return [`${call} failed: ${name}: ${message}${request}.`, ...cancellationMessages(thrown)].join(' ');
}

// A condition that failed decides: it was checked against committed data, whatever else disturbed the transaction.
function cancelled(codes: readonly string[]): DynamoFailure {
  const failed = codes.flatMap((code, n) => (CONDITION.test(code) ? [n] : []));
  if (failed.length > 0) return { kind: 'condition', failed };
  const others = codes.filter((code) => code !== 'None');
  if (others.some((code) => !CONFLICT.test(code) && !THROTTLED.test(code))) return { kind: 'refused' };
  return { kind: others.some((code) => THROTTLED.test(code)) ? 'throttled' : 'conflict' };
}

function cancellationCodes(thrown: unknown): string[] | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'TransactionCanceledException') return undefined;
  const reasons: unknown = 'CancellationReasons' in thrown ? thrown.CancellationReasons : undefined;
  if (Array.isArray(reasons)) return reasons.map(codeOf);
  // The message repeats the codes: "… for specific reasons [ConditionalCheckFailed, None]".
  const listed = /\[([\w, ]*)\]/.exec(thrown.message)?.[1];
  return listed === undefined ? [] : listed.split(',').map((code) => code.trim());
}

// A cancelled transaction's own message only counts; what was wrong with which write is in its reasons.
function cancellationMessages(thrown: unknown): string[] {
  const reasons: unknown = thrown instanceof Error && 'CancellationReasons' in thrown ? thrown.CancellationReasons : [];
  if (!Array.isArray(reasons)) return [];
  const messages = reasons.flatMap((reason: unknown) =>
    typeof reason === 'object' && reason !== null && 'Message' in reason && typeof reason.Message === 'string'
      ? [awsFailure(new Error(reason.Message)).message]
      : [],
  );
  return [...new Set(messages)];
}

function codeOf(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'Code' in reason && typeof reason.Code === 'string'
    ? reason.Code
    : 'None';
}

// The SDK marks everything that passes through it; only an answer of the service has a status.
function isFromAws(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !('$metadata' in thrown)) return false;
  const metadata: unknown = thrown.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
}
