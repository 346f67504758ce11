import { destination as fileDestination, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import type { Clock } from '#ports/clock.ts';
import { createRedactor, type Redactor } from './redactor.ts';

export type LoggerSettings = {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Where lines go; absent: standard error, because standard output belongs to data. */
  readonly destination?: { write(line: string): void };
  readonly redactor?: Redactor;
  readonly clock?: Clock;
};

const STDERR = 2;

/**
 * Logs JSON lines. Each finished line passes the redactor, so that a secret is found wherever it stands: message, field, error, stack.
 * @example const log = createLogger({ level: 'info', redactor }); log.warn({ err }, 'cannot read the directory');
 */
export function createLogger(settings: LoggerSettings): Logger {
  const redactor = settings.redactor ?? createRedactor();
  const { clock } = settings;
  const options: LoggerOptions = {
    level: settings.level,
    base: null,
    timestamp:
      clock === undefined ? stdTimeFunctions.isoTime : () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: (line) => escapeInvisible(redactor.redact(line)) },
  };
  return pino(options, settings.destination ?? fileDestination({ dest: STDERR, sync: true }));
}

// JSON escapes the first 32 control characters only; the others, and marks that turn the direction of writing, can still forge what a terminal shows.
function escapeInvisible(line: string): string {
  return line.replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
