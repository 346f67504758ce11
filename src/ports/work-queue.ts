/**
 * One job. Jobs of the same `group` are worked on one after the other, in the order they were put in.
 * The same `id` within five minutes is one job, so a job that shall run again (a retry) needs another id: put the attempt into it.
 */
export type Job = { readonly group: string; readonly id: string; readonly body: string };

/** A job the queue did not take, and why; it is in no queue. */
export type RefusedJob = { readonly job: Job; readonly reason: string };

/**
 * Hands work to whoever delivers; at least once, in order per group.
 * @example const refused = await queue.enqueue([{ group: item.destinationKey, id: `${item.id}#${item.attempts}`, body: item.destinationKey }]);
 */
export interface WorkQueue {
  /** Returns what was refused; throws `queue.unavailable` when nothing may be assumed about any of them. */
  enqueue(jobs: readonly Job[]): Promise<readonly RefusedJob[]>;
}
