/** What the stand-in does instead of answering. `reset-after` and `hang-after` do the work first, as a network that loses the answer. */
export type FailureKind =
  | { readonly kind: 'http'; readonly status: number; readonly body?: string }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'ratelimited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'hang-after' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'reset-after' }
  | { readonly kind: 'redirect'; readonly location: string };

/** `times`: for so many requests (default 1; Infinity until `recover`). `until`: while the clock is before it. `method`: only for this Web API method, or "webhook". */
export type Failure = FailureKind & { readonly times?: number; readonly until?: number; readonly method?: string };

type Armed = { readonly failure: Failure; left: number };

export type Failures = {
  add(failure: Failure): void;
  clear(): void;
  /** The failure for this request, counted off. */
  next(method: string, now: number): Failure | undefined;
};

/** Scripted failures, first added first used. */
export function createFailures(): Failures {
  let armed: Armed[] = [];
  return {
    add(failure) {
      const untilTimeOnly = failure.until !== undefined && failure.times === undefined;
      armed.push({ failure, left: failure.times ?? (untilTimeOnly ? Number.POSITIVE_INFINITY : 1) });
    },
    clear() {
      armed = [];
    },
    next(method, now) {
      armed = armed.filter(({ failure, left }) => left > 0 && (failure.until === undefined || now < failure.until));
      const found = armed.find(({ failure }) => failure.method === undefined || failure.method === method);
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.failure;
    },
  };
}
