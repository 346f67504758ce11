import type { StreamChange } from '#ports/http-api.ts';

/** Tells listeners what changed, merged to at most one notice per `intervalMs`. */
export type Changes = {
  note(change: Partial<Omit<StreamChange, 'at'>>): void;
  /** Returns the way to stop listening. */
  listen(listener: (change: StreamChange) => void): () => void;
  /** Aborted when nothing will be told any more. */
  readonly ended: AbortSignal;
  stop(): void;
};

/** Counts changes while somebody listens; what nobody heard is not told later. */
export function createChanges(now: () => number, intervalMs = 250): Changes {
  const listeners = new Set<(change: StreamChange) => void>();
  const end = new AbortController();
  let pending: StreamChange | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    const change = pending;
    pending = undefined;
    if (change !== undefined) for (const listener of listeners) listener(change);
  }

  function forget(): void {
    clearTimeout(timer);
    timer = undefined;
    pending = undefined;
  }

  return {
    note: (change) => {
      if (listeners.size === 0) return;
      const at = now();
      const noted = { findings: 0, messages: 0, deliveries: 0, directory: false, at, ...change };
      pending = pending === undefined ? noted : merged(pending, noted);
      timer ??= setTimeout(flush, intervalMs);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) forget();
      };
    },
    ended: end.signal,
    stop: () => {
      forget();
      listeners.clear();
      end.abort();
    },
  };
}

/** Two changes told as one. */
export function merged(earlier: StreamChange, later: StreamChange): StreamChange {
  return {
    findings: earlier.findings + later.findings,
    messages: earlier.messages + later.messages,
    deliveries: earlier.deliveries + later.deliveries,
    directory: earlier.directory || later.directory,
    at: later.at,
  };
}
