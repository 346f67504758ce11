/** Keeps each destination to its rate, across workers. All times epoch ms. */
export interface Pacer {
  /** Takes the next turn of this destination when it is free at `now`; otherwise says when to come back and takes nothing. */
  takeTurn(
    destinationKey: string,
    now: number,
    intervalMs: number,
  ): Promise<{ readonly ready: true } | { readonly ready: false; readonly at: number }>;
  /** Nothing goes to this destination before `until` (429, backoff after a failure). */
  pause(destinationKey: string, until: number): Promise<void>;
}
