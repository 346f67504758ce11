const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes since midnight (0 to 1,439) in a time zone. */
export function minutesOfDay(at: number, timezone: string): number {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timezone, format);
  }
  const [hour = '0', minute = '0'] = format.format(at).split(':');
  return Number(hour) * 60 + Number(minute);
}

/** Minutes since midnight of `22:00`. */
export function parseClock(clock: string): number {
  const [hour = '0', minute = '0'] = clock.split(':');
  return Number(hour) * 60 + Number(minute);
}

/** The next moment (epoch ms, after `at`) that the clock shows; a change to or from summer time in between moves it by that hour. */
export function nextAt(at: number, clock: string, timezone: string): number {
  const wait = (parseClock(clock) - minutesOfDay(at, timezone) + 1440) % 1440 || 1440;
  return Math.floor(at / 60_000) * 60_000 + wait * 60_000;
}

/** True from `from` until just before `to`, also across midnight. */
export function isBetween(at: number, from: string, to: string, timezone: string): boolean {
  const [now, start, end] = [minutesOfDay(at, timezone), parseClock(from), parseClock(to)];
  return start <= end ? now >= start && now < end : now >= start || now < end;
}
