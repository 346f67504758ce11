/** Codes are public API: scripts and dashboards may depend on them. */
export type ErrorCode =
  | 'config.invalid'
  | 'config.unreadable'
  | 'input.invalid'
  | 'input.unreadable'
  | 'store.unavailable'
  | 'store.conflict'
  | 'store.throttled'
  | 'store.full'
  | 'chat.rejected'
  | 'chat.unavailable'
  | 'directory.unavailable'
  | 'health.unavailable'
  | 'queue.unavailable'
  | 'secrets.unavailable'
  | 'object.changed'
  | 'object.gone'
  | 'object.unavailable'
  | 'lake.sql'
  | 'lake.mapping'
  | 'lake.unrecognised'
  | 'not-found'
  | 'not-allowed';

export type ErrorOptions = { cause?: unknown; retryable?: boolean };

/** A dependency failed or a person asked for something impossible; the message says what, on what, and what next. */
export class YaguraError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'YaguraError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** The message of anything that was thrown, for logs and reports. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
