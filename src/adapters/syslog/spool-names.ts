import { join } from 'node:path';

export const READY_ENDING = '.syslog.ndjson';

const DIGITS = 8;
/** The end of the year 9999. */
const LAST_MS = 253_402_300_799_999;
const OPEN_NAME = /^(\d{1,15})\.ndjson$/;
const READY_NAME = /-(\d{1,15})\.syslog\.ndjson(?:\.torn)?$/;

/** The file that is being written. */
export function openPath(spool: string, number: number): string {
  return join(spool, 'open', `${padded(number)}.ndjson`);
}

/** The same file when it is complete: UTC time of its first message, and its number. */
export function readyPath(spool: string, firstAt: number, number: number): string {
  const time = new Date(firstAt).toISOString().replaceAll(/[-:.]/g, '');
  return join(spool, 'ready', `${time}-${padded(number)}${READY_ENDING}`);
}

/** The number in the name of an open file. */
export function openNumber(name: string): number | undefined {
  return numberIn(OPEN_NAME, name);
}

/** The number in the name of a ready file or of the torn tail beside one. */
export function readyNumber(name: string): number | undefined {
  return numberIn(READY_NAME, name);
}

/** Whether a file name can be made of this. */
export function isNameableTime(at: unknown): at is number {
  return typeof at === 'number' && at >= 0 && at <= LAST_MS;
}

function numberIn(pattern: RegExp, name: string): number | undefined {
  const found = pattern.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

function padded(number: number): string {
  return String(number).padStart(DIGITS, '0');
}
