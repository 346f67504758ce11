import type { Received } from './syslog-message.ts';

/** A time found in a line, and where the line goes on after it. */
export type FoundTime = {
  readonly end: number;
  readonly timestampText: string;
  readonly timestamp?: number;
  readonly zoneKnown: boolean;
};

const MINUTE_MS = 60_000;
/** A sender's clock may be ahead by this much before its time counts as last year's. */
const AHEAD_MS = 7 * 24 * 60 * MINUTE_MS;
/** From one 29 February to the next it can be eight years. */
const YEARS_BACK = 8;
/** A device that never learnt the time says year 1 or 1900 at the earliest; such a time is none. */
const FIRST_YEAR = 1901;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// Abbreviations that mean two zones (CST, IST …) are recognised as zones, but say nothing.
const ZONES: Readonly<Record<string, number | undefined>> = { Z: 0, UTC: 0, GMT: 0, JST: 540, CET: 60, CEST: 120 };

// All sticky, without nested repetition, and bounded: each costs a few characters wherever it is tried.
const ISO =
  /(\d{4})-(\d\d)-(\d\d)([Tt ])(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?(?: ?(Z|z|[+-]\d\d:?\d\d))?(?=[\s:]|$)/y;
const BSD =
  /(?:(\d{4}) )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,3}(\d{1,2}) (?:(\d{4}) )?(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?=[\s:]|$)/iy;
const ZONE =
  / (UTC|GMT|Z|JST|CEST|CET|E[SD]T|C[SD]T|M[SD]T|P[SD]T|BST|IST|AE[SD]T|TZ[+-]\d{1,2}|[+-]\d\d:?\d\d)(?=:? |:?$)/y;
const ZONE_BEFORE_MNEMONIC = / ([A-Z]{2,5})(?=: ?%)/y;
const LATE_YEAR = / ((?:19|20)\d\d)(?=:? |:?$)/y;
const EPOCH = /(\d{10})\.(\d{1,9})(?= |$)/y;

/** The match of a sticky pattern at one position. */
export function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}

/** Reads RFC 3339 as RFC 5424 and rsyslog write it, at will with a space for the T; a missing zone and a comma are let pass. */
export function isoTimeAt(text: string, position: number, separators: 'T' | 'T or space'): FoundTime | undefined {
  const found = matchAt(ISO, text, position);
  if (found === undefined) return undefined;
  const [timestampText, year, month, day, separator, hour, minute, second, fraction, zone] = found;
  if (separator === ' ' && separators === 'T') return undefined;
  const parts = { month: Number(month) - 1, day, hour, minute, second, fraction };
  const offset = zone === undefined ? undefined : offsetOf(zone);
  return {
    end: position + timestampText.length,
    timestampText,
    zoneKnown: offset !== undefined,
    ...stamped(epochMs(Number(year), parts), offset),
  };
}

/** Reads RFC 3164's `Jan  2 03:04:05` and what Cisco and others add: a year in three places, fractions, a zone. */
export function bsdTimeAt(text: string, position: number, received: Received): FoundTime | undefined {
  const found = matchAt(BSD, text, position);
  if (found === undefined) return undefined;
  const [head, yearFirst, month = '', day, yearWithin, hour, minute, second, fraction] = found;
  let end = position + head.length;
  const zone = matchAt(ZONE, text, end) ?? matchAt(ZONE_BEFORE_MNEMONIC, text, end);
  end += zone?.[0].length ?? 0;
  const early = yearFirst ?? yearWithin;
  const late = early === undefined ? matchAt(LATE_YEAR, text, end) : undefined;
  end += late?.[0].length ?? 0;
  const year = early ?? late?.[1];
  const parts = { month: MONTHS.indexOf(month.toLowerCase()), day, hour, minute, second, fraction };
  const offset = zone?.[1] === undefined ? undefined : offsetOf(zone[1]);
  const local = year === undefined ? withGuessedYear(parts, offset ?? 0, received) : epochMs(Number(year), parts);
  return {
    end,
    timestampText: text.slice(position, end),
    zoneKnown: offset !== undefined,
    ...stamped(local, offset),
  };
}

/** Reads seconds since 1970 with a fraction, as Meraki devices write them. */
export function epochTimeAt(text: string, position: number): FoundTime | undefined {
  const found = matchAt(EPOCH, text, position);
  if (found === undefined) return undefined;
  const [timestampText, seconds, fraction = ''] = found;
  return {
    end: position + timestampText.length,
    timestampText,
    timestamp: Number(seconds) * 1000 + millisecondsOf(fraction),
    zoneKnown: true,
  };
}

type Parts = {
  readonly month: number;
  readonly day: string | undefined;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  readonly fraction: string | undefined;
};

/** The latest year in which the message does not come from the future, so that December seen in January is last year's. */
function withGuessedYear(parts: Parts, offset: number, received: Received): number | undefined {
  const arrival = new Date(received.at);
  if (Number.isNaN(arrival.getTime())) return undefined;
  const next = arrival.getUTCFullYear() + 1;
  for (let year = next; year >= next - 1 - YEARS_BACK; year -= 1) {
    const at = epochMs(year, parts);
    if (at !== undefined && at - offset * MINUTE_MS <= received.at + AHEAD_MS) return at;
  }
  return undefined;
}

function epochMs(year: number, parts: Parts): number | undefined {
  const [day, hour, minute, second] = [parts.day, parts.hour, parts.minute, parts.second].map(Number);
  if (day === undefined || hour === undefined || minute === undefined || second === undefined) return undefined;
  if (year < FIRST_YEAR || hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = new Date(Date.UTC(year, parts.month, day));
  if (midnight.getUTCMonth() !== parts.month || midnight.getUTCDate() !== day) return undefined;
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millisecondsOf(parts.fraction ?? '');
}

function millisecondsOf(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function offsetOf(zone: string): number | undefined {
  const known = ZONES[zone.toUpperCase()];
  if (known !== undefined) return known;
  // `TZ-6` is RFC 3164's own example.
  const numeric = /^(?:TZ)?([+-])(\d{1,2}):?(\d\d)?$/.exec(zone);
  if (numeric === null) return undefined;
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
  if (minutes >= 24 * 60) return undefined;
  return numeric[1] === '-' ? -minutes : minutes;
}

function stamped(local: number | undefined, offset: number | undefined): { timestamp?: number } {
  return local === undefined ? {} : { timestamp: local - (offset ?? 0) * MINUTE_MS };
}
