import { createHash } from 'node:crypto';
import type { ProblemReference } from '#ports/slack-actions.ts';

/** Slack's limit for a button's value. */
const MAX_VALUE = 2_000;

/** What stands for a problem key in a button's value: the key, or its hash when it is too long. */
export function problemReference(key: string): ProblemReference {
  return key.length <= MAX_VALUE ? key : hashOf(key);
}

/**
 * The key a reference stands for, among candidates: the problem keys of the messages delivered to the channel the
 * button was pressed in. A reference that is no hash is the key itself and needs no candidates.
 */
export function keyOfReference(reference: ProblemReference, candidates: Iterable<string>): string | undefined {
  if (!/^sha256:[0-9a-f]{64}$/.test(reference)) return reference;
  for (const key of candidates) if (hashOf(key) === reference) return key;
  return undefined;
}

/** A short stand-in for any reference, where even 2,000 characters are too many. */
export function hashOf(key: string): ProblemReference {
  return key.startsWith('sha256:') ? key : `sha256:${createHash('sha256').update(key, 'utf8').digest('hex')}`;
}
