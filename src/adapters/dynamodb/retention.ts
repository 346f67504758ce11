const DAY_SECONDS = 86_400;

/**
 * The `ttl` attribute (epoch seconds) of what is written at `now`. Counted from the write, never from a time inside an event:
 * a forged date must not delete a finding.
 */
export function expiry(now: number, days: number): number {
  return Math.floor(now / 1_000) + days * DAY_SECONDS;
}
