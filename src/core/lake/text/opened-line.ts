import { jsonObjectIn } from './json-object.ts';

/** A line of a log file, taken out of what a collector wrapped around it. */
export interface OpenedLine {
  readonly text: string;
  /** Only where the syslog listener wrote the line down: its time, epoch ms. */
  readonly received?: number;
  /** `address:port` of the sender, where the listener knows it. */
  readonly from?: string;
  /** What the collector says besides, for `unmapped`. */
  readonly notes: Readonly<Record<string, string>>;
}

const noNotes = {};

/** Opens a line that the syslog listener spooled as JSON; any other line is itself. */
export function openedLine(line: string): OpenedLine {
  const notes = line.includes('\uFFFD') ? { 'line.encoding': 'not UTF-8, unreadable bytes were replaced' } : noNotes;
  if (!line.startsWith('{"received":')) return { text: line, notes };
  const spooled = jsonObjectIn(line);
  const { received, from, message, ...others } = spooled ?? {};
  if (typeof received !== 'number' || typeof message !== 'string') return { text: line, notes };
  return {
    text: message,
    received,
    ...(typeof from === 'string' ? { from } : {}),
    notes: { ...notes, ...(typeof from === 'string' ? { 'syslog.from': from } : {}), ...named(others) },
  };
}

function named(others: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(others).map(([name, value]) => [
      `syslog.${name}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
