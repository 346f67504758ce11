/** A problem that is over, with its history and raw event: a year's comparison plus a month to look at it. */
export const ENDED_PROBLEM_DAYS = 400;
/** Sent and covered outbox rows: the last month answers "did they get it?"; the message itself stays longer. */
export const FINISHED_OUTBOX_DAYS = 30;
/** Delivered messages: Slack's free plan shows as much; a quarter is what the console's feed is asked about. */
export const MESSAGE_DAYS = 90;
/** Threads outlive the problems they tell of: while one is open its messages are edited, and after two years a new message is kinder. */
export const THREAD_DAYS = 800;
/** Events nobody understood: as long as problems, so that a kind added later can still take them. */
export const UNKNOWN_EVENT_DAYS = 400;

const DAY_MS = 86_400_000;

/** What was done before this has been kept for that many days. */
export function daysBefore(now: number, days: number): number {
  return now - days * DAY_MS;
}
