export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The company sits in Tokyo, which has no daylight saving time. */
const TOKYO_OFFSET = 9 * HOUR;

/** The fourteen days of the sample. */
export type Calendar = {
  readonly start: number;
  readonly end: number;
  /** The moment of a Tokyo clock time (`HH:MM` or `HH:MM:SS`) on day 0 to 12, each a whole day within the fourteen. */
  at(day: number, clock: string): number;
};

/** Lays out the fourteen days that end at `endAt` (whole seconds). */
export function createCalendar(endAt: number): Calendar {
  if (!Number.isFinite(endAt)) throw new RangeError(`endAt must be milliseconds since 1970, not ${endAt}`);
  const end = Math.floor(endAt / SECOND) * SECOND;
  const start = end - 14 * DAY;
  const firstMidnight = Math.ceil((start + TOKYO_OFFSET) / DAY) * DAY - TOKYO_OFFSET;
  return {
    start,
    end,
    at: (day, clock) => {
      const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
      return firstMidnight + day * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
    },
  };
}

/** `2026-11-03T01:02:03Z` */
export function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** `2026-11-03T01:02:03.456Z` */
export function isoMillis(time: number): string {
  return new Date(time).toISOString();
}

/** `Tue, 03 Nov 2026 01:02:03 GMT`, as AWS Health writes times. */
export function httpDate(time: number): string {
  return new Date(time).toUTCString();
}
