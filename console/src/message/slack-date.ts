import { zoneOffset } from '../format/time-format.ts';

const MAX_TIME_MS = 8.64e15;

/** Draws Slack's `<!date^…>` format in a language and zone; the zone is said once where a time of day is shown. */
export function slackDate(at: number, format: string, fallback: string, locale: string, zone: string): string {
  if (!Number.isFinite(at) || Math.abs(at) > MAX_TIME_MS) return fallback;
  const draw = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options }).format(at);
  let hasClock = false;
  const text = format.replace(/\{(\w+)\}/g, (written, name: string) => {
    switch (name) {
      case 'date_num':
        return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at);
      case 'date':
      case 'date_pretty':
        return draw({ dateStyle: 'long' });
      case 'date_short':
      case 'date_short_pretty':
        return draw({ dateStyle: 'medium' });
      case 'date_long':
      case 'date_long_pretty':
        return draw({ dateStyle: 'full' });
      case 'time':
        hasClock = true;
        return draw({ hour: '2-digit', minute: '2-digit' });
      case 'time_secs':
        hasClock = true;
        return draw({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
      default:
        return written;
    }
  });
  return hasClock ? `${text} (${zoneOffset(at, zone)})` : text;
}
