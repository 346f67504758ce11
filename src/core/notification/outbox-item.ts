import { hash } from 'node:crypto';
import type { Problem } from '#core/finding/problem.ts';
import type { Entry } from '#core/notification/decide.ts';
import { destinationKey } from '#core/notification/destination.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';

/** The outbox row of one decision. Its id is derived, so that deciding twice writes once. */
export function outboxItem(problem: Problem, { routed, action }: Entry, now: number): OutboxItem {
  const key = destinationKey(routed.destination);
  return {
    id: hash('sha256', JSON.stringify([problem.key, key, problem.version, action]), 'base64url').slice(0, 32),
    destinationKey: key,
    destination: routed.destination,
    audience: routed.audience,
    language: routed.language,
    action,
    mode: routed.decision === 'digest' ? 'digest' : 'send',
    problemKey: problem.key,
    problemVersion: problem.version,
    episode: problem.episode,
    severity: problem.observation.severity,
    reason: routed.reason,
    createdAt: now,
    dueAt: routed.dueAt ?? now,
    state: 'queued',
    attempts: 0,
    lastError: null,
    claim: null,
    messageId: null,
    sentAt: null,
  };
}
