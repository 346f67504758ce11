import type { StreamChange } from '#ports/http-api.ts';

/** Tells listeners what changed, merged to at most one notice per `intervalMs`. */
export type Changes = {
  note(change: Partial<Omit<StreamChange, 'at'>>): void;
  listen(listener: (change: StreamChange) => void): () => void;
  stop(): void;
};

/** Counts changes and flushes them on a timer that runs only while somebody listens. */
export function createChanges(now: () => number, intervalMs = 250): Changes {
  const listeners = new Set<(change: StreamChange) => void>();
  let pending: Omit<StreamChange, 'at'> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    if (pending === undefined) return;
    const change = { ...pending, at: now() };
    pending = undefined;
    for (const listener of listeners) listener(change);
  }

  return {
    note: (change) => {
      const before = pending ?? { findings: 0, messages: 0, deliveries: 0, directory: false };
      pending = {
        findings: before.findings + (change.findings ?? 0),
        messages: before.messages + (change.messages ?? 0),
        deliveries: before.deliveries + (change.deliveries ?? 0),
        directory: before.directory || change.directory === true,
      };
      if (listeners.size > 0 && timer === undefined) timer = setTimeout(flush, intervalMs);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
