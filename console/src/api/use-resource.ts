import { useCallback, useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts-context.tsx';
import { ApiFailure, isAbort } from './api-client.ts';
import { useOutside } from './api-context.tsx';
import { retryDelayMs } from './event-stream.ts';
import type { Topic } from './live-updates.ts';

/** Something read from the server and kept fresh. */
export type Resource<T> = {
  /** The last good answer; of the path before while a new one is on its way. */
  readonly data: T | undefined;
  readonly error: ApiFailure | undefined;
  /** True while `data` is the answer to the path before. */
  readonly stale: boolean;
  /** True when there is nothing to show yet, or what is shown belongs to another question and the answer takes long. */
  readonly loading: boolean;
  reload(): void;
  /** Shows a newer state that a writing request brought. */
  replace(data: T): void;
};

// Answers that come faster than this replace what is shown without a loading state between: no flicker.
const SLOW_MS = 300;
// Changes may arrive four times a second; reading more often than this helps nobody.
const MIN_PERIOD_MS = 1_500;

type Held<T> = { readonly path: string | null; readonly data: T | undefined; readonly error: ApiFailure | undefined };

/** What to show of a fresh answer, given the one before it. */
type Merge<T> = (before: T, fresh: T) => T;

/**
 * Reads `path` (null: nothing), again when it changes and when the server tells of changes in one of `topics`.
 * `merge` must be the same function every time.
 */
export function useResource<T>(path: string | null, topics: readonly Topic[], merge?: Merge<T>): Resource<T> {
  const { api, live } = useOutside();
  const { language } = useTexts();
  const [held, setHeld] = useState<Held<T>>({ path: null, data: undefined, error: undefined });
  const [slowPath, setSlowPath] = useState<string | null>(null);
  const again = useRef<() => void>(() => undefined);
  const watched = topics.join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the server makes some texts, in the language of the page
  useEffect(() => {
    if (path === null) return undefined;
    const reader = keepReading<T>({
      read: (signal) => api.get<T>(path, signal),
      show: (fresh) =>
        setHeld(({ data: before }) => {
          const data = merge === undefined || before === undefined ? fresh : merge(before, fresh);
          return { path, data, error: undefined };
        }),
      fail: (error) => setHeld((before) => ({ path, data: before.path === path ? before.data : undefined, error })),
    });
    again.current = reader.now;
    const slow = setTimeout(() => setSlowPath(path), SLOW_MS);
    const stopListening = live.onChange(watched === '' ? [] : (watched.split(',') as Topic[]), reader.soon);
    return () => {
      clearTimeout(slow);
      stopListening();
      reader.stop();
    };
  }, [api, live, path, watched, merge, language]);

  const reload = useCallback(() => again.current(), []);
  const replace = useCallback((data: T) => setHeld({ path, data, error: undefined }), [path]);
  const current = held.path === path;
  return {
    data: path === null ? undefined : held.data,
    error: current ? held.error : undefined,
    stale: !current,
    loading: path !== null && !current && (held.data === undefined || slowPath === path),
    reload,
    replace,
  };
}

type Reading<T> = {
  read(signal: AbortSignal): Promise<T>;
  show(data: T): void;
  fail(error: ApiFailure): void;
};

/** Reads at once, then whenever asked, one request at a time; a silence is tried again with growing pauses. */
function keepReading<T>(reading: Reading<T>): { now(): void; soon(): void; stop(): void } {
  const aborter = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let wanted = false;
  let failures = 0;
  let lastAt = 0;

  const plan = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void once(), delayMs);
  };
  const once = async (): Promise<void> => {
    if (aborter.signal.aborted) return;
    if (running) {
      wanted = true;
      return;
    }
    running = true;
    wanted = false;
    lastAt = performance.now();
    try {
      const data = await reading.read(aborter.signal);
      failures = 0;
      if (!aborter.signal.aborted) reading.show(data);
    } catch (cause) {
      if (aborter.signal.aborted || isAbort(cause)) return;
      const failure = cause instanceof ApiFailure ? cause : new ApiFailure('refused', 0, 'unexpected', String(cause));
      reading.fail(failure);
      if (failure.kind === 'offline') {
        plan(retryDelayMs(failures));
        failures += 1;
      }
    } finally {
      running = false;
    }
    if (wanted) soon();
  };
  const soon = () => {
    if (running) wanted = true;
    else plan(Math.max(0, lastAt + MIN_PERIOD_MS - performance.now()));
  };
  void once();
  return {
    now: () => void once(),
    soon,
    stop: () => {
      clearTimeout(timer);
      aborter.abort();
    },
  };
}
