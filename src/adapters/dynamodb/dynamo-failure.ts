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
  const text = explainAwsFailure(awsFailure(thrown), { what: `dynamodb:${what} on table ${table}` });
  switch (dynamoFailure(thrown).kind) {
    case 'condition':
    case 'conflict':
      return new YaguraError('store.conflict', `${text} Others kept writing the same items; try again.`, {
        cause: thrown,
        retryable: true,
      });
    case 'throttled':
      return new YaguraError(
        'store.throttled',
        `${text} If this goes on, look at the table's throttle metrics and its account quotas.`,
        { cause: thrown, retryable: true },
      );
    case 'unavailable':
      return new YaguraError('store.unavailable', text, { cause: thrown, retryable: true });
    case 'refused':
      return refusal(thrown, text, table);
    case 'bug':
      return thrown;
  }
}

function refusal(thrown: unknown, text: string, table: string): YaguraError {
  const { name, message } = awsFailure(thrown);
  if (name === 'ResourceNotFoundException') {
    const hint = `Deploy the stack that creates the table ${table}, or correct its name and Region.`;
    return new YaguraError('store.unavailable', `${text} ${hint}`, { cause: thrown });
  }
  if (TOO_LARGE.test(message)) return new YaguraError('store.full', text, { cause: thrown });
  return new YaguraError('store.unavailable', text, { cause: thrown });
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

function codeOf(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'Code' in reason && typeof reason.Code === 'string'
    ? reason.Code
    : 'None';
}

// Every answer of a service has it, also an error.
function isFromAws(thrown: unknown): boolean {
  return thrown instanceof Error && '$metadata' in thrown;
}
