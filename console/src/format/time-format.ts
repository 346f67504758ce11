const MINUTE_MS = 60_000;
const MAX_KNOWN_OFFSETS = 5_000;

/** Times as people of one language read them, always with their zone. */
export type TimeFormat = {
  readonly zone: string;
  /** To the minute, for tables. */
  minute(at: number): string;
  /** To the second, for evidence. */
  second(at: number): string;
  /** The day alone, for dividers. */
  day(at: number): string;
  /** Hours and minutes of a day already named. */
  clock(at: number): string;
  /** A text that is the same for all times of one day in the zone. */
  dayKey(at: number): string;
};

/** The offset of a zone at a time, as `UTC+09:00`. */
export function zoneOffset(at: number, zone: string): string {
  return offsetFormat(zone)(at);
}

function offsetFormat(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsets = new Map<number, string>();
  return (at) => {
    // Offsets change on quarter hours at most, so neighbours share one look-up.
    const slot = Math.floor(at / (15 * MINUTE_MS));
    const known = offsets.get(slot);
    if (known !== undefined) return known;
    const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    // Some browsers write an offset of nothing, others do not.
    const offset = name.replace('GMT', 'UTC').replace('UTC+00:00', 'UTC');
    if (offsets.size < MAX_KNOWN_OFFSETS) offsets.set(slot, offset);
    return offset;
  };
}

/** The zone of this browser; UTC where it does not say. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Makes the formats of a language and a zone once; formatting is cheap, making a format is not. */
export function timeFormat(locale: string, zone: string): TimeFormat {
  const options = { timeZone: zone, hourCycle: 'h23' } as const;
  // Two digits keep times below each other in line.
  const date = { year: 'numeric', month: locale === 'ja' ? '2-digit' : 'short', day: '2-digit' } as const;
  const hourAndMinute = { hour: '2-digit', minute: '2-digit' } as const;
  const minute = new Intl.DateTimeFormat(locale, { ...options, ...date, ...hourAndMinute });
  const second = new Intl.DateTimeFormat(locale, { ...options, ...date, ...hourAndMinute, second: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { ...options, dateStyle: 'full' });
  const clock = new Intl.DateTimeFormat(locale, { ...options, ...hourAndMinute });
  const key = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const offset = offsetFormat(zone);
  const shown = (at: number, write: (at: number) => string) => (isTime(at) ? write(at) : '–');
  return {
    zone,
    minute: (at) => shown(at, () => `${minute.format(at)} (${offset(at)})`),
    second: (at) => shown(at, () => `${second.format(at)} (${offset(at)})`),
    day: (at) => shown(at, () => day.format(at)),
    clock: (at) => shown(at, () => clock.format(at)),
    dayKey: (at) => shown(at, () => key.format(at)),
  };
}

// The largest time a Date can hold; a hostile event may carry anything.
const MAX_TIME_MS = 8.64e15;

function isTime(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) <= MAX_TIME_MS;
}
