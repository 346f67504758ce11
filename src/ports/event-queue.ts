/** A received message and the handle that deletes it. */
export type QueuedEvent = { readonly body: string; readonly receipt: string };

/** At-least-once intake queue. */
export interface EventQueue {
  /** Waits for messages (long poll); [] when none came or `signal` aborted. */
  receive(signal: AbortSignal): Promise<readonly QueuedEvent[]>;
  /** Only after the events are durably accepted. */
  done(receipts: readonly string[]): Promise<void>;
}
