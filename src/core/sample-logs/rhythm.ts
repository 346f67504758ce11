import { DAY, HOUR } from '#core/sample-organization/calendar.ts';
import type { Random } from '#core/sample-organization/random.ts';

const TOKYO_OFFSET = 9 * HOUR;

/** How busy each hour of Tokyo's day is, and a day of the weekend against one of the week. */
export type Rhythm = { readonly hours: readonly number[]; readonly weekend: number };

export const rhythms = {
  /** Programs, day and night. */
  machines: {
    hours: [7, 7, 7, 8, 7, 7, 7, 8, 9, 10, 10, 10, 9, 10, 10, 10, 10, 10, 9, 8, 8, 8, 7, 7],
    weekend: 0.85,
  },
  /** People at work. */
  office: { hours: [1, 1, 1, 1, 1, 1, 2, 4, 10, 20, 22, 22, 14, 20, 22, 21, 20, 18, 12, 7, 4, 3, 2, 1], weekend: 0.2 },
  /** Customers, most of them in the evening. */
  shoppers: {
    hours: [6, 3, 2, 1, 1, 2, 4, 7, 9, 10, 11, 12, 14, 12, 11, 11, 12, 13, 15, 18, 20, 21, 18, 11],
    weekend: 1.3,
  },
} as const satisfies Record<string, Rhythm>;

/** What happens of the whole between two moments. */
export type Activity = {
  /** Share of everything that has happened until then, from 0 to 1. */
  shareUntil(at: number): number;
  /** Moments in order, as dense as the rhythm has it. */
  moments(from: number, until: number, count: number, random: Random): Float64Array;
};

/** Spreads what happens from `start` to `end` by a rhythm. */
export function createActivity(start: number, end: number, rhythm: Rhythm): Activity {
  const edges: number[] = [start];
  const sums: number[] = [0];
  for (let at = start; at < end; ) {
    const next = Math.min((Math.floor(at / HOUR) + 1) * HOUR, end);
    sums.push((sums.at(-1) ?? 0) + busyness(at, rhythm) * (next - at));
    edges.push(next);
    at = next;
  }
  const whole = sums.at(-1) ?? 0;
  const edge = (index: number) => edges[index] ?? end;
  const sum = (index: number) => sums[index] ?? whole;
  const sumUntil = (at: number) => {
    if (at <= start) return 0;
    if (at >= end) return whole;
    const index = Math.floor(at / HOUR) - Math.floor(start / HOUR);
    return sum(index) + ((at - edge(index)) / (edge(index + 1) - edge(index))) * (sum(index + 1) - sum(index));
  };
  return {
    shareUntil: (at) => (at >= end ? 1 : sumUntil(at) / whole),
    moments: (from, until, count, random) => {
      const found = new Float64Array(count);
      const low = sumUntil(from);
      const step = (sumUntil(until) - low) / count;
      let index = Math.max(0, Math.floor(from / HOUR) - Math.floor(start / HOUR));
      for (let number = 0; number < count; number += 1) {
        const target = low + (number + random.next()) * step;
        while (sum(index + 1) <= target && index < edges.length - 2) index += 1;
        const into = (target - sum(index)) / (sum(index + 1) - sum(index));
        const at = Math.floor(edge(index) + into * (edge(index + 1) - edge(index)));
        found[number] = Math.min(Math.max(at, from), until - 1);
      }
      return found;
    },
  };
}

/** True on Monday to Friday from nine to seven, in Tokyo. */
export function isWorkTime(at: number): boolean {
  const hour = Math.floor((at + TOKYO_OFFSET) / HOUR) % 24;
  return hour >= 9 && hour < 19 && !isWeekend(at);
}

function busyness(at: number, { hours, weekend }: Rhythm): number {
  const hour = Math.floor((at + TOKYO_OFFSET) / HOUR) % 24;
  return (hours[hour] ?? 1) * (isWeekend(at) ? weekend : 1);
}

function isWeekend(at: number): boolean {
  // 1970-01-01 was a Thursday.
  const weekday = (Math.floor((at + TOKYO_OFFSET) / DAY) + 4) % 7;
  return weekday === 0 || weekday === 6;
}
