import type { StreamChange } from '#ports/http-api.ts';
import type { LiveUpdates } from './live-updates.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

/** How long to wait before the next try: doubling, and never long enough to look dead. */
export function retryDelayMs(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
}

/** The change a line of the stream tells of, or undefined when it is not one. */
export function streamChange(data: string): StreamChange | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // A torn line: the next one, or the reconnection, brings what it said.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const count = (name: string) => {
    const found = (value as Record<string, unknown>)[name];
    return typeof found === 'number' ? found : 0;
  };
  const directory = 'directory' in value && value.directory === true;
  return {
    findings: count('findings'),
    messages: count('messages'),
    deliveries: count('deliveries'),
    directory,
    at: count('at'),
  };
}

/** Follows `/api/stream` and starts again whenever it ends; returns the stop. */
export function followStream(live: LiveUpdates): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stopped = false;

  const open = () => {
    if (stopped) return;
    source = new EventSource('/api/stream');
    source.onopen = () => {
      failures = 0;
      live.stream('open');
    };
    source.addEventListener('change', (event: MessageEvent<string>) => {
      const change = streamChange(event.data);
      if (change !== undefined) live.changed(change);
    });
    source.onerror = () => {
      live.stream('ended');
      // The browser gives up for good after an HTTP error; our own timer treats all failures alike.
      source?.close();
      clearTimeout(timer);
      timer = setTimeout(open, retryDelayMs(failures));
      failures += 1;
    };
  };
  // A laptop that wakes up should not wait for the timer.
  const hurry = () => {
    if (live.state() !== 'lost' || document.visibilityState === 'hidden') return;
    clearTimeout(timer);
    source?.close();
    failures = 0;
    open();
  };
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
    window.removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
  };
}
