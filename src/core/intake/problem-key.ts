import { hash } from 'node:crypto';
import type { ProblemKey } from '#core/finding/observation.ts';

/** Longest key that is kept in clear; longer ones end in a hash (a DynamoDB sort key holds 1,024 bytes). */
const MAX_KEY = 700;

/** GuardDuty: the finding id, whichever way it came. */
export function guardDutyKey(findingId: string): ProblemKey {
  return key('guardduty', findingId);
}

/** Security Hub control: control + account + Region + resource. */
export function controlKey(control: string, account: string, region: string, resource: string): ProblemKey {
  return key('control', control, account, region, resource);
}

/** Any other Security Hub finding: product + account + Region + the product's finding id. */
export function productFindingKey(product: string, account: string, region: string, findingId: string): ProblemKey {
  return key('finding', product, account, region, findingId);
}

/** AWS Health: event ARN + account; a public event without account has `public` in its place. */
export function healthKey(eventArn: string, account: string | null): ProblemKey {
  return key('health', account ?? 'public', eventArn);
}

/** Account lifecycle: account + what happened (+ the event id where it can happen again). */
export function accountKey(account: string, what: string, occurrence?: string): ProblemKey {
  return occurrence === undefined ? key('account', account, what) : key('account', account, what, occurrence);
}

function key(kind: string, ...parts: readonly string[]): ProblemKey {
  const last = parts.length - 1;
  // Only the last part may hold the separator, so different parts never give the same key.
  const joined = parts.map((part, index) => (index === last ? part : escaped(part))).join('|');
  const whole = `${kind}:${joined}`;
  if (Buffer.byteLength(whole) <= MAX_KEY) return whole as ProblemKey; // the brand's only makers are in this file
  return `${kind}:sha256:${hash('sha256', whole)}` as ProblemKey;
}

function escaped(part: string): string {
  return /[%|]/.test(part) ? part.replaceAll('%', '%25').replaceAll('|', '%7C') : part;
}
