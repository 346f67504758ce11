import type { ObjectRef } from '#core/lake/object-notice.ts';

/** One message about new objects. Nobody else gets it until it is settled: every one must be, by `done` or `failed`. */
export type HeldNotice = {
  readonly id: string;
  readonly objects: readonly ObjectRef[];
  /** Only after all its objects are durable. */
  done(): Promise<void>;
  /** It comes again, each time later than the time before unless the seconds are given, and in the end lies in the dead-letter queue. */
  failed(retryAfterSeconds?: number): Promise<void>;
};

/** What is worth a line in a log. `id` is the message's. */
export type NoticeReport =
  /** Not understood, whole or in part; told once, and left to the dead-letter queue with its bytes. */
  | { readonly kind: 'broken'; readonly id: string; readonly reason: string; readonly detail: string }
  /** Understood, and nothing to read. */
  | { readonly kind: 'ignored'; readonly id: string; readonly reason: string; readonly detail: string }
  /** Another reader may get it while it is still worked on; what it names is then read twice, which is harmless. */
  | { readonly kind: 'not-extended'; readonly id: string; readonly detail: string };

/**
 * At-least-once notices of new objects.
 * @example for await (const notice of notices.take(signal)) try { await ingest(notice.objects); await notice.done(); } catch { await notice.failed(); }
 */
export interface ObjectNotices {
  /** Waits for more until `signal` aborts; what was received and not handed out by then is given back at once. */
  take(signal: AbortSignal): AsyncIterable<HeldNotice>;
}
